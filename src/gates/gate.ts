import type { FileBundle, FileChanges } from '../domain/bundle.ts';
import type { Task } from '../domain/task.ts';
import type { GateRunning } from '../domain/event.ts';
import type { ProjectView } from '../files/project-view.ts';
import type { Verdict } from './verdict.ts';

export interface GateInput {
  readonly task: Task;
  /** What a person asked for besides the task, in their own words. */
  readonly words?: string | undefined;
  readonly bundle: FileBundle;
  /** The bundle applied to the base. Empty when the paths were bad. */
  readonly changes: FileChanges;
  /** A file as it was before the task, or null. */
  readonly base: (path: string) => Promise<string | null>;
  /** The whole project as it was before the task; a read through it is none of the author's. */
  readonly project: (signal: AbortSignal) => Promise<ProjectView>;
  /** Stands for that project: as long as it is the same object, so is the project. */
  readonly baseKey: object;
  /** The same, written into an empty folder (absolute). */
  readonly copyTo: (folder: string, signal: AbortSignal) => Promise<void>;
  /** The bytes that an apply would write for them; null for a deletion. @throws BlueprintError */
  readonly checkedOut: (files: FileChanges) => Promise<ReadonlyMap<string, Buffer | null>>;
  /** Tests that were fixed for this task before its author began, by path: the work cannot change them. */
  readonly frozen: ReadonlyMap<string, string>;
  /** A person looks at it before anything becomes of it. */
  readonly forPerson?: boolean;
  /** Hears what is run now. */
  readonly progress?: (running: GateRunning) => void;
  /** Keeps the whole output of a check as a file that a person can read. */
  readonly keep: (name: string, text: string) => Promise<void>;
}

/** Why a check that should run cannot, and what the user can do. */
export interface Unavailable {
  readonly missing: string;
  readonly fix: string;
}

/** The project as it is before any work. */
export interface ProjectBefore extends Pick<
  GateInput,
  'baseKey' | 'project' | 'copyTo' | 'progress'
> {
  /** Files that are still to be written. */
  readonly planned: readonly string[];
  /** Files and new folders of the user that are not committed, so that neither the work nor its tests see them. */
  readonly uncommitted: readonly string[];
}

export interface Outlook {
  /** Why the check, or a part of it, cannot be made. */
  readonly unavailable: readonly Unavailable[];
  /** What it found on the project as it is, in lines. */
  readonly found: readonly string[];
}

export const nothingToTell: Outlook = { unavailable: [], found: [] };

/** A check that the tool runs itself. */
export interface Gate {
  readonly name: string;
  /** A failed blocking gate keeps work from approval, whatever a reviewer says. */
  readonly blocking: boolean;
  /** Never throws for bad work; a checker that breaks is `errored`. @throws InterruptedError */
  check(input: GateInput, signal: AbortSignal): Promise<Verdict>;
  /** What is to be told before any model is paid. */
  outlook?(before: ProjectBefore, signal: AbortSignal): Promise<Outlook>;
}

/** One test of a trial. */
export interface TriedTest {
  readonly file: string;
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** The failure's words, trimmed. */
  readonly text: string;
  /** Another outcome, or other words, in the second run. */
  readonly differs: boolean;
}

export type TrialProblem =
  /** It does not parse. */
  | 'syntax'
  /** No runner of the project takes a file at that path, or of that kind. */
  | 'no_runner'
  /** It could not be loaded or compiled: before the work, for what the work is still to write. */
  | 'not_loaded'
  /** It came to no end. */
  | 'endless'
  /** It was run, and reported none of its tests. */
  | 'silent'
  /** It wrote into the project. */
  | 'writes';

export interface TriedFile {
  readonly path: string;
  /** Null where its tests ran. */
  readonly problem: { readonly kind: TrialProblem; readonly text: string } | null;
  readonly tests: readonly TriedTest[];
}

/** `unavailable`: nothing can be run here at all, which says nothing of the files. */
export type TrialResult =
  | { readonly unavailable: Unavailable }
  | { readonly files: readonly TriedFile[] };

/** What whoever writes tests must know to write them in the project's own way. */
export interface TestLayout {
  /** What runs the project's tests, or would, each with what says so. */
  readonly runners: readonly string[];
  /** Paths of tests that are there, those nearest to the task first; at most five. */
  readonly examples: readonly string[];
  /** Why nothing could be run here; null: tests can be run, as far as it is known. */
  readonly unavailable: Unavailable | null;
}
