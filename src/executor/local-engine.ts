import {
  attemptNumbers,
  openAttempt,
  outcomeChanges,
  type Attempt,
  type AttemptOutcome,
} from './attempt.ts';
import type { Engine, TaskJob, TaskOutcome } from './engine.ts';
import { tryReviewTask } from './review-task.ts';
import { tryTask } from './try-task.ts';
import { taskResult, type TaskDependencies } from './task-dependencies.ts';
import { ModelError, type ModelErrorKind } from '../domain/model-error.ts';
import { withoutControls } from '../domain/text.ts';
import type { TaskResult } from '../domain/task.ts';

/** Faults of the provider, not of the reply: the task is left to be done when it can be reached again. */
const unreachable: ReadonlySet<ModelErrorKind> = new Set([
  'auth',
  'rate_limit',
  'quota_exhausted',
  'overloaded',
  'timeout',
  'network',
  'unavailable',
]);

/** Asking the same again will not change these. */
const hopeless: ReadonlySet<ModelErrorKind> = new Set([
  'refused',
  'bad_request',
  'context_too_long',
]);

const mostConflicts = 3;

/** Executes tasks in this process. */
export function createLocalEngine(dependencies: TaskDependencies): Engine {
  return {
    async execute(job) {
      try {
        return await settleTask(job, dependencies);
      } catch (error) {
        if (error instanceof ModelError && unreachable.has(error.kind))
          return { kind: 'unavailable', error };
        throw error;
      }
    },
  };
}

async function settleTask(job: TaskJob, dependencies: TaskDependencies): Promise<TaskOutcome> {
  const { artefacts, options } = dependencies;
  const { slug, task } = job;
  const open = (number: number): Attempt => openAttempt(artefacts, slug, task.id, number);
  const last = (await attemptNumbers(artefacts, slug, task.id)).at(-1) ?? 0;

  const outcome = last === 0 ? null : await open(last).outcome();
  // The process died between finishing the attempt and settling the task.
  const finished = task.status === 'in_progress' ? outcome : null;
  if (finished !== null && finished.status !== 'failed') {
    const settled = await settle(job, open(last), finished, dependencies);
    if (settled !== null) return settled;
  }

  // An attempt without an outcome was cut off, and goes on.
  const resumed = last > 0 && outcome === null;
  let number = resumed ? last : last + 1;
  let failures = finished?.status === 'failed' ? 1 : 0;
  let conflicts = 0;
  for (;;) {
    const attempt = open(number);
    dependencies.emit({
      type: 'task-start',
      task: task.id,
      title: task.title,
      attempt: number,
      resumed: resumed && number === last,
    });
    const tried = await tryOnce(job, attempt, dependencies);
    await attempt.finish(tried.outcome);
    const failed = tried.outcome.status === 'failed';
    if (failed && !tried.hopeless && ++failures < options.attempts) {
      number += 1;
      continue;
    }
    const settled = await settle(job, attempt, tried.outcome, dependencies);
    if (settled !== null) return settled;
    if (++conflicts >= mostConflicts)
      return giveUpOnConflict(job, attempt, tried.outcome, dependencies);
    number += 1;
  }
}

async function tryOnce(
  job: TaskJob,
  attempt: Attempt,
  dependencies: TaskDependencies,
): Promise<{ outcome: AttemptOutcome; hopeless: boolean }> {
  const { task } = job;
  try {
    const outcome =
      task.type === 'review'
        ? await tryReviewTask(job, attempt, dependencies)
        : await tryTask(job, attempt, dependencies);
    return { outcome, hopeless: false };
  } catch (error) {
    if (!(error instanceof ModelError) || unreachable.has(error.kind)) throw error;
    if (error.rawReply !== undefined) await attempt.keepNote('raw-reply.txt', error.rawReply);
    const result = taskResult(job, attempt.number, dependencies.now, {
      outcome: 'failed',
      by: 'engine',
      reason: withoutControls(error.message),
      author: error.model,
    });
    const outcome = {
      status: 'failed' as const,
      result,
      author: null,
      bundle: emptyBundle,
      seen: [],
    };
    return { outcome, hopeless: hopeless.has(error.kind) };
  }
}

const emptyBundle = { files: [], edits: [], deletions: [], tests: [], commands: [], notes: '' };

/** Commits approved files, then gives the final state; null when their base has moved meanwhile. */
async function settle(
  { slug, task }: TaskJob,
  attempt: Attempt,
  outcome: AttemptOutcome,
  { workspace, emit }: TaskDependencies,
): Promise<TaskOutcome | null> {
  const changes = outcomeChanges(outcome);
  if (outcome.status === 'done' && changes.size > 0) {
    const committed = await workspace.commit(slug, changes, new Map(outcome.seen));
    if (committed.outcome === 'conflict') {
      const message = `${committed.paths.join(', ')} changed while ${task.id} was worked on; it is done again on the newer files`;
      emit({ type: 'warning', code: 'base-moved', message, task: task.id });
      await attempt.finish({
        ...outcome,
        status: 'failed',
        result: { ...outcome.result, outcome: 'failed', reason: message },
      });
      return null;
    }
  }
  // A person reads, and may edit, what is not approved.
  if (outcome.status === 'needs_review') {
    for (const [path, content] of changes)
      if (content !== null) await attempt.keepFile(path, content);
  }
  const { status, result } = outcome;
  emit({
    type: 'task-finish',
    task: task.id,
    status,
    reason: result.reason,
    attempt: attempt.number,
    rounds: result.rounds,
  });
  return { kind: 'settled', status, result };
}

async function giveUpOnConflict(
  job: TaskJob,
  attempt: Attempt,
  outcome: AttemptOutcome,
  dependencies: TaskDependencies,
): Promise<TaskOutcome> {
  const result: TaskResult = {
    ...outcome.result,
    outcome: 'not_approved',
    reason: `Its files were changed by other tasks ${mostConflicts} times while it was worked on.`,
  };
  const stuck: AttemptOutcome = { ...outcome, status: 'needs_review', result };
  await attempt.finish(stuck);
  const settled = await settle(job, attempt, stuck, dependencies);
  if (settled === null) throw new Error('Nothing is committed for work that needs review');
  return settled;
}
