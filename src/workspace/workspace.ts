import type { FileChanges } from '../domain/bundle.ts';
import type { ProjectView } from '../files/project-view.ts';

/** What commit did: all files, or none because these changed since the base was read. */
export type CommitResult =
  /** `commit`: its hash, where there is a history and it was made now. */
  | { readonly outcome: 'committed'; readonly commit?: string }
  | { readonly outcome: 'conflict'; readonly paths: readonly string[] };

/** The files as one task sees them: approved work over the project's own. Reads are remembered. */
export interface WorkspaceBase {
  /**
   * Null when there is none.
   * @throws BlueprintError for a path that leaves the folder, links included; `file-not-text` for a file that
   * holds no text that could be shown or edited
   */
  read(path: string): Promise<string | null>;
  /** SHA-256 of any file's bytes, null for none. It counts as read. @throws BlueprintError as `read`, but for `file-not-text` */
  hash(path: string): Promise<string | null>;
  /** Hash by path of all that was read, null for absent: what a later commit is checked against. */
  seen(): ReadonlyMap<string, string | null>;
  /** What `copyTo` would copy. A read through it is none that a commit is checked against. */
  look(signal: AbortSignal): Promise<ProjectView>;
  /**
   * Writes the whole project as this base sees it into an empty folder, for checks to run in: approved work
   * over the project's own files, what was read as it was read. Binary files and the executable bit are
   * kept, links that leave the project are not. Left out: `.git`, the features folder, what `.gitignore`
   * leaves out, untracked `node_modules`, Python virtual environments. Files and folders can be written to.
   * @throws BlueprintError `project-too-large`, `workspace-path-conflict`; InterruptedError
   */
  copyTo(folder: string, signal: AbortSignal): Promise<void>;
  /**
   * Work on this base as it is to stand in the project, by the line ends and encodings that hold there.
   * @throws BlueprintError `encoding-cannot-hold`, `workspace-moved-file-gone`
   */
  checkedOut(files: FileChanges): Promise<ReadonlyMap<string, Buffer | null>>;
}

/** What a commit is of: where there is a history, it is written there. */
export interface CommitNote {
  readonly task: string;
  readonly title: string;
  readonly requirements: readonly string[];
  /** `provider/model`, or null. */
  readonly author: string | null;
  readonly reviewer: string | null;
  readonly approvedBy: string;
}

/** What keeps approved work from being written over a file. */
export interface Obstacle {
  /** As `has changes that are not committed`. */
  readonly problem: string;
  /** Whether the file holds changes of the user's that can stand beside those of the work. */
  readonly isMergeable: boolean;
}

/** Where one feature's approved files stand until they are applied to the project. */
export interface Workspace {
  readonly kind: 'folder' | 'git';
  base(): WorkspaceBase;
  /** The project's own files as the feature's work began with them, without any approved work. */
  project(): WorkspaceBase;
  /** Names in a folder of the project, `''` for its root, folders with a slash at the end. */
  projectEntries(folder: string): Promise<string[]>;
  /** Writes all changes or none. Repeating a commit that was cut short completes it. */
  commit(
    changes: FileChanges,
    seen: ReadonlyMap<string, string | null>,
    note?: CommitNote,
  ): Promise<CommitResult>;
  /** Approved files by path, sorted; null content for a deletion. */
  files(): Promise<Map<string, string | null>>;
  /** Approved files, as `WorkspaceBase.checkedOut`. */
  checkedOut(files: FileChanges): Promise<ReadonlyMap<string, Buffer | null>>;
  /**
   * Which files that stand in the project now (bytes by path, null for none) are not those that approved
   * work was made on, each with what is the matter.
   */
  judge(targets: ReadonlyMap<string, Uint8Array | null>): Promise<Map<string, Obstacle>>;
  /** The user’s files with changes that work does not see, sorted: it stands on what is committed. */
  unseen(): Promise<string[]>;
  /** What counts as approved here and came with the repository, sorted; nothing of it may be applied. */
  foreign(): Promise<string[]>;
  /** Where a person finds the approved files, in words: a folder's path or a branch. */
  place(): string;
  /** What a person does when approved work cannot be applied. */
  wayOut(): string;
}
