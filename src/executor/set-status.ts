import type { Task, TaskStatus } from '../domain/task.ts';
import { byHand, decided, settleByHand, withLease, type ByHandDependencies } from './by-hand.ts';

/** Sets a status by hand, and records that it was. @throws BlueprintError `task-not-found`, `task-leased` */
export async function setTaskStatus(
  slug: string,
  id: string,
  status: Exclude<TaskStatus, 'in_progress'>,
  dependencies: ByHandDependencies,
): Promise<{ task: Task; from: TaskStatus }> {
  // The list is read once, by the update itself: it may be large.
  return withLease(slug, id, dependencies, (lease) =>
    settleByHand(
      slug,
      id,
      lease,
      status,
      dependencies,
      (result) => ({
        ...(result ?? byHand(dependencies.now, '')),
        outcome: 'set_by_hand',
        by: 'person',
        at: dependencies.now().toISOString(),
        reason: `Set to ${status} by a person.`,
      }),
      (_, from) => decided(dependencies.emit, 'set-status', id, { detail: `${from} → ${status}` }),
    ),
  );
}
