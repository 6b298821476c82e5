/** What a file is by its path alone. */
export type FileKind =
  | 'source'
  | 'test'
  | 'docs'
  /** Manifests of packages, settings of tools, CI. */
  | 'settings'
  | 'data'
  | 'lock'
  | 'generated'
  | 'minified'
  | 'vendored'
  | 'binary'
  /** Its name says that it holds keys or passwords: never read for a prompt. */
  | 'secret'
  | 'other';

/** A file of the project as it stands on disk; links and submodules are none. */
export interface ProjectFile {
  /** Relative to the root, with forward slashes; it may hold anything that a file system takes. */
  readonly path: string;
  readonly kind: FileKind;
  /** Bytes. */
  readonly size: number;
  /** What changes when the file is written, as far as the file system tells: time, size, inode. */
  readonly stamp: string;
  /** The later of the times at which its content and its entry were changed, ms since 1970. */
  readonly changedAt: number;
}

export interface FileListing {
  /** Sorted by path. */
  readonly files: readonly ProjectFile[];
  /** What a person should know: links that leave the project, submodules, names that differ by case alone. */
  readonly remarks: readonly string[];
}
