import type { Rows } from '../rank/rows.ts';
import type { IndexedEntry } from './indexed-entry.ts';

/** What is kept of a project from one command to the next. */
export interface IndexContent {
  /** By number. Whoever goes on from an index makes them longer. */
  readonly words: string[];
  /** By what they were read from: the blob's hash and the file's ending. */
  readonly entries: ReadonlyMap<string, IndexedEntry>;
  /** By path, of each file that was read. */
  readonly stamps: ReadonlyMap<string, Stamped>;
  readonly links: KeptLinks | null;
}

export interface Stamped {
  /** The file's stamp when it was read; empty where it could have been written again with the same. */
  readonly stamp: string;
  /** Of its entry. */
  readonly key: string;
}

/** Which files import which, and what that depends on besides the files' own imports. */
export interface KeptLinks {
  /** Hash of all paths in their order: places mean nothing in another listing. */
  readonly listing: string;
  /** Manifests and settings that were read for it, with their hashes; null for one that was not there. */
  readonly settings: readonly (readonly [path: string, hash: string | null])[];
  /** Of the files as `stamps` has them. */
  readonly imports: Rows;
}
