import type { FeatureDocument, Task, TaskStatus } from '../domain/task.ts';
import { decided, setTaskStatus } from '../executor/by-hand.ts';
import * as tasks from '../executor/edit-tasks.ts';
import type { Caller, Program } from './program.ts';
import { refuseSecrets } from './refuse-secrets.ts';

interface OfTask {
  readonly feature: string;
  readonly task: string;
}

/** Without an id: the next free number. */
export interface AddTaskInput {
  readonly feature: string;
  readonly fields: tasks.TaskFields & { id?: string };
}

export interface EditTaskInput extends OfTask {
  readonly fields: tasks.TaskFields;
}

export interface RemoveTaskInput extends OfTask {
  /** Although it holds work. */
  readonly force: boolean;
}

export interface SetStatusInput extends OfTask {
  readonly status: Exclude<TaskStatus, 'in_progress'>;
}

/** @throws BlueprintError `feature-not-found`, `task-exists`, `task-invalid`, `secret-in-text` */
export async function addTask(
  { feature, fields }: AddTaskInput,
  program: Program,
  caller: Caller,
): Promise<Task> {
  refuseSecrets('The task', JSON.stringify(fields), program.redactor);
  const change = (document: FeatureDocument): Task => tasks.addTask(document, fields);
  return changed('add-task', feature, change, ({ title }) => title, program, caller);
}

/** Changes what is given. @throws BlueprintError `task-not-found`, `task-invalid`, `secret-in-text` */
export async function editTask(
  { feature, task, fields }: EditTaskInput,
  program: Program,
  caller: Caller,
): Promise<Task> {
  refuseSecrets('The task', JSON.stringify(fields), program.redactor);
  const change = (document: FeatureDocument): Task => tasks.editTask(document, task, fields);
  const detail = (): string => Object.keys(fields).join(', ');
  return changed('edit-task', feature, change, detail, program, caller);
}

/** @throws BlueprintError `task-not-found`, `task-needed`, `task-has-work` */
export function removeTask(
  { feature, task, force }: RemoveTaskInput,
  program: Program,
  caller: Caller,
): Promise<Task> {
  const change = (document: FeatureDocument): Task => tasks.removeTask(document, task, force);
  return changed('remove-task', feature, change, ({ title }) => title, program, caller);
}

/** Changes the list, and records that a person did. */
function changed(
  what: 'add-task' | 'edit-task' | 'remove-task',
  feature: string,
  change: (document: FeatureDocument) => Task,
  detailOf: (task: Task) => string,
  program: Program,
  caller: Caller,
): Promise<Task> {
  return program.inFolder({ feature }, caller, async ({ emit }) => {
    const task = await program.store.update(feature, change);
    decided(emit, what, task.id, { detail: detailOf(task) });
    return task;
  });
}

/** Sets a status by hand, and records that it was. @throws BlueprintError `task-not-found`, `task-leased` */
export function setStatus(
  { feature, task, status }: SetStatusInput,
  program: Program,
  caller: Caller,
): Promise<{ task: Task; from: TaskStatus }> {
  const { store, now } = program;
  return program.inFolder({ feature }, caller, (session) =>
    setTaskStatus(feature, task, status, { ...session, store, now }),
  );
}
