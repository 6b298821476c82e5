import type { Emit } from '../domain/event.ts';
import type { FeatureDocument, Task, TaskResult, TaskStatus } from '../domain/task.ts';
import type { FeatureStore } from '../state/ports.ts';

/** The task list that the engine works on, and where it says what it did. */
export interface StatusDependencies {
  readonly store: FeatureStore;
  readonly emit: Emit;
}

/** Marks a task as in progress and gives it as it was; null when it is not to be run any more. */
export async function beginTask(
  { store, emit }: StatusDependencies,
  slug: string,
  id: string,
  mayBegin: (task: Task, look: () => FeatureDocument) => boolean,
): Promise<Task | null> {
  const before = await store.updateTask(slug, id, (task, look) => {
    if (!mayBegin(task, look)) return null;
    const copy = structuredClone(task);
    task.status = 'in_progress';
    return copy;
  });
  if (before !== null && before.status !== 'in_progress')
    emit({ type: 'task-status', task: id, from: before.status, to: 'in_progress', by: 'engine' });
  return before;
}

/** Sets a task's status by the engine, and its result unless that is null. */
export async function setStatusByEngine(
  { store, emit }: StatusDependencies,
  slug: string,
  id: string,
  to: TaskStatus,
  result: TaskResult | null,
): Promise<void> {
  const from = await store.updateTask(slug, id, (task) => {
    const before = task.status;
    task.status = to;
    if (result !== null) task.result = result;
    return before;
  });
  if (from !== null) emit({ type: 'task-status', task: id, from, to, by: 'engine' });
}
