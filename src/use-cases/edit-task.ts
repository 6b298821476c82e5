import type { Task } from '../domain/task.ts';
import { editTask as edit, type TaskFields } from '../executor/edit-tasks.ts';
import type { Program } from './program.ts';
import { refuseSecrets } from './refuse-secrets.ts';

export interface EditTaskInput {
  readonly feature: string;
  readonly task: string;
  readonly fields: TaskFields;
}

/** Changes what is given. @throws BlueprintError `task-not-found`, `task-invalid`, `secret-in-text` */
export async function editTask(
  { feature, task, fields }: EditTaskInput,
  program: Program,
): Promise<Task> {
  refuseSecrets('The task', JSON.stringify(fields), program.redactor);
  return program.store.update(feature, (document) => edit(document, task, fields));
}
