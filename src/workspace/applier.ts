import type { ChangedFile } from '../domain/event.ts';

export interface ApplyOutcome {
  /** What was written, or would be. */
  readonly files: readonly ChangedFile[];
  /** Approved files that were there already. */
  readonly unchanged: number;
  /** Approved files that the user has changed since they were applied: they stay as they are, sorted. */
  readonly edited: readonly string[];
  /** Files that hold the user's changes as well: before and after it. */
  readonly merged: readonly MergedFile[];
  /** An apply or undo of before was cut short, and has been completed first. */
  readonly completed: 'apply' | 'undo' | null;
}

export interface MergedFile {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** How approved work and the project stand to each other. */
export interface ApplyState {
  readonly state: 'nothing' | 'ready' | 'blocked' | 'applied' | 'interrupted' | 'foreign';
  /** Approved files that an apply would write, or that are in its way. */
  readonly files: number;
  /** Files that the user has changed since they were applied. */
  readonly edited: number;
  /** All that is in the way can be merged. */
  readonly canMerge: boolean;
  readonly canUndo: boolean;
}

/** A file's text before the work, where the workspace knows its hash alone; null where there is none. */
export type TextBeforeWork = (path: string) => Promise<string | null>;

export interface ApplyWay {
  /** The user's changes and those of the work in one, where a file holds both. */
  readonly merge: boolean;
  readonly before: TextBeforeWork;
  /** Sees what would be written before anything is. @throws what keeps it from being written */
  readonly inspect?: (files: readonly FileToApply[]) => Promise<void>;
  /** Hears of merged files before anything is written; what it throws leaves all as it is. */
  readonly accept?: (merged: readonly MergedFile[]) => Promise<void>;
}

/** A file that an apply is about to write: what was approved of it, without the user's changes. */
export interface FileToApply {
  /** As it was approved. */
  readonly path: string;
  /** Where it is written: another path where links inside the project lead there. */
  readonly target: string;
  /** What stands there; null where there is nothing, or no text. */
  readonly before: string | null;
  /** What was approved; null: that there is none. */
  readonly after: string | null;
}

/** Brings the approved work of one feature into the project's files, and takes it back. */
export interface Applier {
  /** All or nothing. @throws BlueprintError `apply-refused`, `apply-interrupted` */
  apply(way: ApplyWay): Promise<ApplyOutcome>;
  /** What `apply` would write. @throws BlueprintError `apply-refused` */
  check(way: ApplyWay): Promise<ApplyOutcome>;
  /** Takes the last apply back; null when there is none. @throws BlueprintError `undo-refused` */
  undo(): Promise<ApplyOutcome | null>;
  state(before: TextBeforeWork): Promise<ApplyState>;
}
