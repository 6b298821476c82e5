import { BlueprintError, isMoneyFault } from '../domain/errors.ts';
import { ModelError, providerFaults, type ModelErrorKind } from '../domain/model-error.ts';
import { withoutControls } from '../domain/text.ts';
import { openAttempt, type Attempt, type AttemptOutcome } from './attempt.ts';
import type { Engine, TaskJob, TaskOutcome } from './engine.ts';
import { historyOf } from './history.ts';
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
    // A model proposed what cannot be followed: another attempt asks it anew.
    if (error instanceof BlueprintError && error.code === 'workflow-unknown')
      return failedOutcome(job, attempt.number, dependencies.now, 'reply', {
        reason: withoutControls(error.message),
      });
    if (!(error instanceof ModelError) || providerFaults.has(error.kind)) throw error;
    if (error.rawReply !== undefined) await attempt.files.write('raw-reply.txt', error.rawReply);
    const again = hopeless.has(error.kind) ? 'no' : 'reply';
    return failedOutcome(job, attempt.number, dependencies.now, again, {
      reason: withoutControls(error.message),
      author: error.model,
    });
  }
}
