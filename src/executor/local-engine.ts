import { BlueprintError, isMoneyFault } from '../domain/errors.ts';
import { ModelError, providerFaults, type ModelErrorKind } from '../domain/model-error.ts';
import type { Task } from '../domain/task.ts';
import { withoutControls } from '../domain/text.ts';
import type { ArtefactStore } from '../state/ports.ts';
import {
  attemptNumbers,
  openAttempt,
  taskKey,
  type Attempt,
  type AttemptOutcome,
} from './attempt.ts';
import type { Engine, TaskJob, TaskOutcome } from './engine.ts';
import { requireLease } from './require-lease.ts';
import { leaveToPerson, settle } from './settle.ts';
import { failedOutcome, type TaskDependencies } from './task-dependencies.ts';
import { tryTask } from './try-task.ts';

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
        if (isUnreachable(error)) return { kind: 'unavailable', error };
        if (error instanceof BlueprintError && isMoneyFault(error))
          return { kind: 'stopped', error };
        throw error;
      }
    },
  };
}

function isUnreachable(error: unknown): error is BlueprintError {
  return error instanceof ModelError
    ? providerFaults.has(error.kind)
    : error instanceof BlueprintError && error.code === 'no-model';
}

/**
 * Attempt after attempt until one settles the task. Each attempt's outcome is on disk before anything is
 * done with it, so whatever is cut off is taken up where it was.
 */
async function settleTask(job: TaskJob, dependencies: TaskDependencies): Promise<TaskOutcome> {
  const { artefacts, emit, options } = dependencies;
  const { slug, task } = job;
  const history = await historyOf(artefacts, slug, task);
  let { number, outcome, failures, conflicts } = history;
  for (;;) {
    const attempt = openAttempt(artefacts, slug, task.id, number);
    if (outcome === null) {
      const resumed = history.resumed && number === history.number;
      emit({ type: 'task-start', task: task.id, title: task.title, attempt: number, resumed });
      outcome = await tryOnce(job, attempt, dependencies);
      await requireLease(job.lease, slug, task.id);
      await attempt.finish(outcome);
      if (outcome.again === 'reply') failures += 1;
    }
    let settled: TaskOutcome | null = null;
    if (outcome.again === 'no') {
      settled = await settle(job, attempt, outcome, dependencies);
      if (settled === null) conflicts += 1;
    } else if (outcome.again === 'reply' && failures >= options.attempts) {
      settled = await settle(job, attempt, outcome, dependencies);
    }
    if (settled === null && outcome.again !== 'reply' && conflicts >= mostConflicts)
      settled = await leaveToPerson(job, attempt, outcome, conflicts, dependencies);
    if (settled !== null) return settled;
    number += 1;
    outcome = null;
  }
}

async function tryOnce(
  job: TaskJob,
  attempt: Attempt,
  dependencies: TaskDependencies,
): Promise<AttemptOutcome> {
  try {
    return await tryTask(job, attempt, dependencies);
  } catch (error) {
    if (!(error instanceof ModelError) || providerFaults.has(error.kind)) throw error;
    if (error.rawReply !== undefined) await attempt.files.write('raw-reply.txt', error.rawReply);
    const again = hopeless.has(error.kind) ? 'no' : 'reply';
    return failedOutcome(job, attempt.number, dependencies.now, again, {
      reason: withoutControls(error.message),
      author: error.model,
    });
  }
}

/** How far the work on a task went before: attempts that are not yet part of the task's result. */
interface History {
  /** The attempt to go on with, or to begin. */
  readonly number: number;
  /** The attempt was begun and cut off. */
  readonly resumed: boolean;
  /** How that attempt ended, when only the settling of the task was cut off. */
  readonly outcome: AttemptOutcome | null;
  /** Replies that could not be used, and conflicts, that outcome included. */
  readonly failures: number;
  readonly conflicts: number;
}

async function historyOf(artefacts: ArtefactStore, slug: string, task: Task): Promise<History> {
  const settled = task.result?.attempt ?? 0;
  const about = taskKey(task);
  const numbers = await attemptNumbers(artefacts, slug, task.id);
  const last = Math.max(settled, numbers.at(-1) ?? 0);
  let failures = 0;
  let conflicts = 0;
  let outcome: AttemptOutcome | null = null;
  for (const number of numbers.filter((other) => other > settled)) {
    outcome = await openAttempt(artefacts, slug, task.id, number).outcome();
    // A task that was worded otherwise, or another one under this id, has had its own tries.
    if (outcome?.about !== about) continue;
    if (outcome.again === 'reply') failures += 1;
    if (outcome.again === 'conflict') conflicts += 1;
  }
  if (last > settled && outcome === null)
    return { number: last, resumed: true, outcome: null, failures, conflicts };
  if (outcome?.about === about && !isToBeDoneAgain(task, outcome))
    return { number: last, resumed: false, outcome, failures, conflicts };
  return { number: last + 1, resumed: false, outcome: null, failures: 0, conflicts: 0 };
}

/** A person has spoken since the attempt ended: its work is not what they want. */
function isToBeDoneAgain({ result }: Task, outcome: AttemptOutcome): boolean {
  return result?.by === 'person' && result.at > outcome.result.at;
}
