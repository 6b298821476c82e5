import type { Diagnostic } from '../domain/errors.ts';
import type { RunEvent } from '../domain/event.ts';
import type { FeatureDocument, Task } from '../domain/task.ts';

export interface FeatureListing {
  readonly slug: string;
  /** Null when there is no task list yet, or it cannot be read. */
  readonly document: FeatureDocument | null;
  readonly problem: Diagnostic | null;
}

/** The task lists of all features: the truth about plan and status. */
export interface FeatureStore {
  /** Every feature folder, sorted by name; a broken one is listed with its problem. */
  list(): Promise<FeatureListing[]>;
  /** Null when the feature has no task list. @throws BlueprintError with file and line when it is broken. */
  read(slug: string): Promise<FeatureDocument | null>;
  /** The same, where it has to be there. @throws BlueprintError `feature-not-found`, `feature-not-planned` */
  get(slug: string): Promise<FeatureDocument>;
  /** As `get`, but shared and frozen: nothing is copied for those who look often and change nothing. */
  look(slug: string): Promise<FeatureDocument>;
  /** @throws BlueprintError `feature-exists` */
  create(slug: string, document: FeatureDocument): Promise<void>;
  /**
   * Lock → re-read → change → check → atomic write with fsync → unlock. What `change` throws, or a
   * list that would be unsound, leaves the file as it was.
   * @returns what `change` returns.
   */
  update<T>(slug: string, change: (document: FeatureDocument) => T): Promise<T>;
  /**
   * As `update`, for one task: the others are neither copied nor checked again, which counts in a long list.
   * `look` gives the list before the change, frozen. Nothing is written when nothing was changed.
   * @param lease of the task, under which it is changed
   * @returns null when there is no such task.
   * @throws BlueprintError `lease-lost` when another was given the lease meanwhile
   */
  updateTask<T>(
    slug: string,
    id: string,
    lease: Pick<Lease, 'fence'>,
    change: (task: Task, look: () => FeatureDocument) => T,
  ): Promise<T | null>;
  /**
   * Until it is disposed of, a long list is written whole once in a while: what changes of single tasks in
   * between is recorded beside it, which lasts as well, and is seen by all that read by this store.
   */
  changedOften(slug: string): AsyncDisposable;
  /**
   * Ids of tasks that have ended as the list says, but not by this user's program: the list came with the
   * repository, and anybody may have written it.
   */
  saidByFile(slug: string, tasks: readonly Task[]): Promise<ReadonlySet<string>>;
}

/** Text files of a feature's folder. Paths are relative to it and may not leave it. */
export interface ArtefactStore {
  /** Absolute, for showing to people. */
  path(slug: string, path: string): string;
  /** Null when there is no such file. */
  read(slug: string, path: string): Promise<string | null>;
  /** Whether a record is there that somebody else wrote: `read` gives null for it. */
  isForeign(slug: string, path: string): Promise<boolean>;
  /** Whole or not at all, with fsync. */
  write(slug: string, path: string, content: string): Promise<void>;
  /** Names in a folder, sorted; empty when there is none. */
  list(slug: string, path: string): Promise<string[]>;
  /** Files below a folder, with their paths from it, sorted; links are none. Empty when there is none. */
  filesBelow(slug: string, path: string): Promise<string[]>;
}

/** Features that were put aside: their folders stand below a hidden one. */
export interface FeatureArchive {
  /** Names under which they can be restored, sorted. */
  list(): Promise<string[]>;
  /** @returns where it is now, for people. @throws BlueprintError `archive-exists` */
  put(slug: string): Promise<string>;
  /** @throws BlueprintError `not-archived`, `feature-exists` */
  restore(slug: string): Promise<void>;
  /** Deletes a feature for good. */
  remove(slug: string): Promise<void>;
}

/** A feature's append-only record. */
export interface Journal {
  append(event: RunEvent): void;
  /** Resolves when all that was appended is on disk. */
  flush(): Promise<void>;
}

export interface Lease {
  /** Greater each time that the lease is taken: the store refuses what an earlier holder writes. */
  readonly fence: number;
  /** False once another has taken it over. */
  isHeld(): Promise<boolean>;
  /** @param options.unused nothing was done under it: a first lease then leaves no trace. */
  release(options?: { readonly unused: boolean }): Promise<void>;
}

/** Says who works on a task; ends with its process. */
export interface LeaseKeeper {
  /** The lease, or a description of the live holder. */
  take(slug: string, task: string, run: string): Promise<{ lease: Lease } | { heldBy: string }>;
}
