import { BlueprintError } from '../domain/errors.ts';
import { outcomeChanges, type Attempt, type AttemptOutcome } from './attempt.ts';
import type { TaskJob, TaskOutcome } from './engine.ts';
import { keepProposedFiles } from './proposed-files.ts';
import type { TaskDependencies } from './task-dependencies.ts';

/**
 * Commits approved files, then gives the final state. Null when the files below them have moved
 * meanwhile; the attempt is then marked so. Repeating it after a crash gives the same.
 */
export async function settle(
  { slug, task }: TaskJob,
  attempt: Attempt,
  outcome: AttemptOutcome,
  { workspace, emit }: TaskDependencies,
): Promise<TaskOutcome | null> {
  if (outcome.status === 'done') {
    const conflict = await commit(slug, outcome, workspace);
    if (conflict !== null) {
      const message = `${conflict} while ${task.id} was worked on; it is done again on the newer files`;
      emit({ type: 'warning', code: 'base-moved', message, task: task.id });
      await attempt.finish({
        ...outcome,
        status: 'failed',
        again: 'conflict',
        result: { ...outcome.result, outcome: 'failed', reason: message },
      });
      return null;
    }
  }
  // A person reads, and may edit, what is not approved.
  if (outcome.status === 'needs_review') await keepProposedFiles(attempt, outcome);
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

/** What is in the way of the files, in words; null when they are in place. */
async function commit(
  slug: string,
  outcome: AttemptOutcome,
  workspace: TaskDependencies['workspace'],
): Promise<string | null> {
  const changes = outcomeChanges(outcome);
  if (changes.size === 0) return null;
  try {
    const committed = await workspace.commit(slug, changes, new Map(outcome.seen));
    return committed.outcome === 'conflict' ? `${committed.paths.join(', ')} changed` : null;
  } catch (error) {
    // A file where a folder is needed, or a link, came in after the work was checked.
    if (error instanceof BlueprintError && inTheWay.has(error.code)) return error.message;
    throw error;
  }
}

const inTheWay: ReadonlySet<string> = new Set(['workspace-path-conflict', 'path-unsafe']);

/** Work that met conflicts too often goes to a person. */
export async function leaveToPerson(
  job: TaskJob,
  attempt: Attempt,
  outcome: AttemptOutcome,
  conflicts: number,
  dependencies: TaskDependencies,
): Promise<TaskOutcome | null> {
  const reason = `Its files were changed by other tasks ${conflicts} times while it was worked on.`;
  const stuck: AttemptOutcome = {
    ...outcome,
    status: 'needs_review',
    again: 'no',
    result: { ...outcome.result, outcome: 'not_approved', reason },
  };
  await attempt.finish(stuck);
  return settle(job, attempt, stuck, dependencies);
}
