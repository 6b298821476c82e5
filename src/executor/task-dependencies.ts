import type { FileChanges } from '../domain/bundle.ts';
import type { Emit } from '../domain/event.ts';
import type { GateResult } from '../domain/gate-result.ts';
import type { Task, TaskResult, TaskStatus } from '../domain/task.ts';
import { toSingleLine } from '../domain/text.ts';
import type { BundleCodec } from '../models/generate-bundle.ts';
import type { ModelRouter } from '../models/language-model.ts';
import type { ArtefactStore } from '../state/ports.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { Gates } from '../supervisor/checks.ts';
import type { CommitNote, Workspace } from '../workspace/workspace.ts';
import { taskKey, type AttemptOutcome } from './attempt.ts';
import type { TaskJob } from './engine.ts';
import type { WriteScaffold } from './scaffolds.ts';
import { sha256 } from '../text/sha256.ts';

export interface TaskOptions {
  /** Fresh tries at a task whose reply could not be used. */
  readonly attempts: number;
  readonly contextTokens: number;
  readonly maxOutputTokens: number;
  readonly maxIterations: number;
  readonly codec: BundleCodec;
}

/** All that the work on one task needs from outside. */
export interface TaskDependencies extends Gates {
  readonly artefacts: ArtefactStore;
  readonly workspace: Workspace;
  readonly router: ModelRouter;
  readonly strategy: Strategy;
  /** In place of the strategy where the author's role decides for rules. */
  readonly scaffold: WriteScaffold;
  readonly emit: Emit;
  readonly now: () => Date;
  readonly options: TaskOptions;
}

type Told = Pick<TaskResult, 'outcome' | 'by' | 'reason'> & Partial<TaskResult>;

/** A task's result, with what was not told left empty. */
export function taskResult(job: TaskJob, attempt: number, now: () => Date, told: Told): TaskResult {
  return {
    at: now().toISOString(),
    run: job.run,
    attempt,
    rounds: 0,
    author: null,
    reviewer: null,
    files: [],
    gates: [],
    review: null,
    feedback: null,
    ...told,
  };
}

/** How an attempt ended that brought no files. */
export function outcomeWithoutWork(
  job: TaskJob,
  attempt: number,
  now: () => Date,
  again: AttemptOutcome['again'],
  told: Told,
  status: TaskStatus = 'failed',
): AttemptOutcome {
  return {
    about: taskKey(job.task),
    status,
    again,
    result: taskResult(job, attempt, now, told),
    author: null,
    bundle: { files: [], edits: [], deletions: [], tests: [], commands: [], notes: '' },
    seen: [],
    base: [],
  };
}

/** A review's summary in one line; it says so where the reviewer shares the author's blind spots. */
export function withFamilyNote(summary: string, sameFamily: boolean): string {
  const text = toSingleLine(summary, 1_000);
  return sameFamily
    ? `${text} (Reviewed by a model of the author's own family: no other was reachable.)`
    : text;
}

/** Paths with the hash of their content, sorted; null for a deletion. */
export function fileHashes(changes: FileChanges): TaskResult['files'] {
  return [...changes]
    .map(([path, content]) => ({ path, sha256: content === null ? null : sha256(content) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What a result says of gates. */
export function gateLines(gates: readonly GateResult[]): TaskResult['gates'] {
  return gates.map(({ gate, status, summary }) => ({
    gate,
    status,
    summary: toSingleLine(summary),
  }));
}

/** What the history says of a task's commit. */
export function noteOf(
  task: Pick<Task, 'id' | 'title' | 'requirements'>,
  { author, reviewer, by }: Pick<TaskResult, 'author' | 'reviewer' | 'by'>,
): CommitNote {
  const { id, title, requirements } = task;
  return { task: id, title, requirements, author, reviewer, approvedBy: by };
}
