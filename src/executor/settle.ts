import { bundleOver, deliveredFiles } from '../domain/deliverable.ts';
import { BlueprintError } from '../domain/errors.ts';
import { failedOrErroredGates, gateSummaries } from '../domain/gate-result.ts';
import { emitGates } from '../supervisor/work.ts';
import { fileHashes, gateLines } from '../workflows/task-result.ts';
import type { Attempt, AttemptOutcome } from './attempt.ts';
import type { TaskJob, TaskOutcome } from './engine.ts';
import { baseOfChanges, rebaseWork } from './merge-work.ts';
import { keepProposedFiles } from './proposed-files.ts';
import { requireLease } from './require-lease.ts';
import { noteOf, type TaskDependencies } from './task-dependencies.ts';

/**
 * Commits approved files, merged with what others changed meanwhile, then gives the final state. Null when
 * they cannot be merged, or the whole does not pass the gates; the attempt is then marked so. Repeating it
 * after a crash gives the same.
 */
export async function settle(
  job: TaskJob,
  attempt: Attempt,
  given: AttemptOutcome,
  dependencies: TaskDependencies,
): Promise<TaskOutcome | null> {
  const { slug, task, lease } = job;
  const { emit } = dependencies;
  let outcome = given;
  await requireLease(lease, slug, task.id);
  if (outcome.status === 'done') {
    const committed = await commit(job, attempt, outcome, dependencies);
    if ('inTheWay' in committed) {
      const message = `${committed.inTheWay} while ${task.id} was worked on; it is done again on the newer files`;
      emit({ type: 'warning', code: 'base-moved', message, task: task.id });
      await attempt.finish({
        ...outcome,
        status: 'failed',
        again: 'conflict',
        result: { ...outcome.result, outcome: 'failed', reason: message },
      });
      return null;
    }
    outcome = committed.outcome;
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

/** Each merge stands on what was there just before; others may be faster a few times. */
const mostMerges = 5;

/** The outcome whose files are in place, or what is in their way, in words. */
async function commit(
  job: TaskJob,
  attempt: Attempt,
  given: AttemptOutcome,
  dependencies: TaskDependencies,
): Promise<{ outcome: AttemptOutcome } | { inTheWay: string }> {
  const { workspace } = dependencies;
  let outcome = given;
  if (deliveredFiles(outcome.deliverable).size === 0) return { outcome };
  try {
    for (let merges = 0; ; merges++) {
      const changes = deliveredFiles(outcome.deliverable);
      const seen = new Map(outcome.seen);
      await requireLease(job.lease, job.slug, job.task.id);
      const committed = await workspace.commit(changes, seen, noteOf(job.task, outcome.result));
      if (committed.outcome === 'committed') {
        const { commit: hash } = committed;
        if (hash === undefined) return { outcome };
        return { outcome: { ...outcome, result: { ...outcome.result, commit: hash } } };
      }
      const moved = `${committed.paths.join(', ')} changed`;
      if (merges >= mostMerges) return { inTheWay: moved };
      const next = await merge(job, attempt, outcome, dependencies);
      if ('inTheWay' in next) return { inTheWay: next.inTheWay ?? moved };
      outcome = next.outcome;
    }
  } catch (error) {
    // A file where a folder is needed, or a link, came in after the work was checked.
    if (error instanceof BlueprintError && inTheWay.has(error.code))
      return { inTheWay: error.message };
    throw error;
  }
}

const inTheWay: ReadonlySet<string> = new Set(['workspace-path-conflict', 'path-unsafe']);

/** The work over the newer files, as the attempt's new outcome, if it passes the gates there. */
async function merge(
  job: TaskJob,
  attempt: Attempt,
  outcome: AttemptOutcome,
  { workspace, checkGates, blockingGates, emit }: TaskDependencies,
): Promise<{ outcome: AttemptOutcome } | { inTheWay: string | null }> {
  const { task, signal } = job;
  const { author, result } = outcome;
  const work = await rebaseWork(deliveredFiles(outcome.deliverable), outcome, workspace);
  if (work.conflicts.length > 0) return { inTheWay: `${work.conflicts.join(', ')} changed` };
  if (author === null) return { inTheWay: null };
  const { changes, view } = work;
  const bundle = bundleOver(outcome.deliverable, changes);
  const candidate = { bundle, changes, author };
  const keep = (name: string, text: string) => attempt.files.write(`merged/${name}`, text);
  // What nobody has checked is not done: the whole is another work than its parts.
  const gates = await checkGates({ task, candidate, base: view, keep }, signal);
  emitGates({ emit, task }, { attempt: attempt.number, round: result.rounds }, null, gates);
  const unsound = gateSummaries(failedOrErroredGates(gates, blockingGates));
  if (unsound !== '')
    return { inTheWay: `merged with newer files it does not pass (${unsound}): they changed` };
  const files = work.merged.join(', ');
  const merged: AttemptOutcome = {
    ...outcome,
    deliverable: { kind: 'files', bundle },
    result: {
      ...result,
      reason:
        files === '' ? result.reason : `${result.reason} Merged with newer changes of ${files}.`,
      files: fileHashes(changes),
      gates: gateLines(gates),
    },
    ...(await baseOfChanges(changes, view)),
  };
  await attempt.finish(merged);
  return { outcome: merged };
}

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
