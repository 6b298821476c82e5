import type { Task } from '../domain/task.ts';
import { decided } from '../executor/by-hand.ts';
import { addTask as add, type TaskFields } from '../executor/edit-tasks.ts';
import type { Caller, Program } from './program.ts';
import { refuseSecrets } from './refuse-secrets.ts';

export interface AddTaskInput {
  readonly feature: string;
  /** Without an id: the next free number. */
  readonly fields: TaskFields & { id?: string };
}

/** @throws BlueprintError `feature-not-found`, `task-exists`, `task-invalid`, `secret-in-text` */
export async function addTask(
  { feature, fields }: AddTaskInput,
  program: Program,
  caller: Caller,
): Promise<Task> {
  refuseSecrets('The task', JSON.stringify(fields), program.redactor);
  return program.inFolder({ feature }, caller, async ({ emit }) => {
    const task = await program.store.update(feature, (document) => add(document, fields));
    decided(emit, 'add-task', task.id, { detail: task.title });
    return task;
  });
}
