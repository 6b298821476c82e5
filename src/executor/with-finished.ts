import type { Task } from '../domain/task.ts';
import type { Lease } from '../state/ports.ts';
import { openAttempt } from './attempt.ts';
import { withTask, type ByHandDependencies } from './by-hand.ts';
import { historyOf } from './history.ts';
import { keepProposedFiles } from './proposed-files.ts';
import type { TaskDependencies } from './task-dependencies.ts';

/**
 * As `withTask`. Work that came to wait for a person, but whose status could not be written (a full disk, a
 * kill), does so from now on.
 */
export function withFinished<T>(
  slug: string,
  id: string,
  dependencies: ByHandDependencies & Pick<TaskDependencies, 'artefacts'>,
  work: (task: Task, lease: Lease) => Promise<T>,
): Promise<T> {
  const { artefacts, store, emit } = dependencies;
  return withTask(slug, id, dependencies, async (found, lease) => {
    if (found.status !== 'in_progress' && found.status !== 'pending') return work(found, lease);
    const { number, outcome } = await historyOf(artefacts, slug, found);
    if (outcome?.status !== 'needs_review' || outcome.again !== 'no') return work(found, lease);
    const attempt = openAttempt(artefacts, slug, id, number);
    // Where they stand already, a person may have edited them.
    if ((await attempt.keptFiles()).size === 0) await keepProposedFiles(attempt, outcome);
    const { status, result } = outcome;
    const task = await store.updateTask(slug, id, lease, (now) =>
      Object.assign(now, { status, result }),
    );
    emit({ type: 'task-status', task: id, from: found.status, to: status, by: 'engine' });
    return work(task ?? found, lease);
  });
}
