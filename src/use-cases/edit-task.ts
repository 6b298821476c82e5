import type { Task } from '../domain/task.ts';
import { decided } from '../executor/by-hand.ts';
import { editTask as edit, type TaskFields } from '../executor/edit-tasks.ts';
import type { Caller, Program } from './program.ts';
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
  caller: Caller,
): Promise<Task> {
  refuseSecrets('The task', JSON.stringify(fields), program.redactor);
  return program.inFolder({ feature }, caller, async ({ emit }) => {
    const edited = await program.store.update(feature, (document) => edit(document, task, fields));
    decided(emit, 'edit-task', task, { detail: Object.keys(fields).join(', ') });
    return edited;
  });
}
