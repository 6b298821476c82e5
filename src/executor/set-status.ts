import type { Task, TaskStatus } from '../domain/task.ts';
import { byHand, settleByHand, withTask, type ByHandDependencies } from './by-hand.ts';

/** Sets a status by hand, and records that it was. */
export async function setTaskStatus(
  slug: string,
  id: string,
  status: Exclude<TaskStatus, 'in_progress'>,
  dependencies: ByHandDependencies,
): Promise<{ task: Task; from: TaskStatus }> {
  return withTask(slug, id, dependencies, async (before) => {
    const task = await settleByHand(slug, id, status, dependencies, (result) => ({
      ...(result ?? byHand(dependencies.now, '')),
      outcome: 'set_by_hand',
      by: 'person',
      at: dependencies.now().toISOString(),
      reason: `Set to ${status} by a person.`,
    }));
    return { task, from: before.status };
  });
}
