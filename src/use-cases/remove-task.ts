import type { Task } from '../domain/task.ts';
import { removeTask as remove } from '../executor/edit-tasks.ts';
import type { Program } from './program.ts';

export interface RemoveTaskInput {
  readonly feature: string;
  readonly task: string;
  /** Although it holds work. */
  readonly force: boolean;
}

/** @throws BlueprintError `task-not-found`, `task-needed`, `task-has-work` */
export function removeTask(
  { feature, task, force }: RemoveTaskInput,
  program: Program,
): Promise<Task> {
  return program.store.update(feature, (document) => remove(document, task, force));
}
