import { BlueprintError } from '../domain/errors.ts';
import { taskSchema, type FeatureDocument, type Task } from '../domain/task.ts';
import * as z from 'zod';
import { findTask } from './find-task.ts';

/** What a person may say of a task; the rest is the engine's. */
export type TaskFields = Partial<Omit<Task, 'id' | 'status' | 'result'>>;

/** Adds a task under the next free number, or under `id`; gives it. For use inside a store update. */
export function addTask(document: FeatureDocument, fields: TaskFields & { id?: string }): Task {
  const task = parseTask({ type: 'code', ...fields, id: fields.id ?? nextId(document) });
  if (document.tasks.some((other) => other.id.toLowerCase() === task.id.toLowerCase()))
    throw new BlueprintError({
      code: 'task-exists',
      message: `There is a task ${task.id} already`,
      fix: 'Leave --id out to get the next free number.',
    });
  document.tasks.push(task);
  return task;
}

/** Changes what is given and leaves the rest. For use inside a store update. */
export function editTask(document: FeatureDocument, id: string, fields: TaskFields): Task {
  const before = findTask(document, id);
  const task = parseTask({ ...before, ...fields });
  document.tasks[document.tasks.indexOf(before)] = task;
  return task;
}

/** Takes a task out. @throws BlueprintError when others depend on it, or when it holds work. */
export function removeTask(document: FeatureDocument, id: string, force: boolean): Task {
  const task = findTask(document, id);
  const dependants = document.tasks.filter((other) => other.dependsOn.includes(id));
  if (dependants.length > 0)
    throw new BlueprintError({
      code: 'task-needed',
      message: `Task ${id} is needed by ${dependants.map((other) => other.id).join(', ')}`,
      fix: `Change what they depend on first: blueprint task edit <feature> ${dependants[0]?.id} --depends-on …`,
    });
  if (!force && task.result !== null && task.status !== 'pending')
    throw new BlueprintError({
      code: 'task-has-work',
      message: `Task ${id} is ${task.status} and has work recorded`,
      fix: 'Repeat with --force to drop its record; its approved files stay. To leave it out but keep the record: set its status to skipped.',
    });
  document.tasks = document.tasks.filter((other) => other !== task);
  return task;
}

function nextId(document: FeatureDocument): string {
  const numbers = document.tasks.map((task) => Number(/^T(\d+)$/i.exec(task.id)?.[1] ?? 0));
  return `T${Math.max(0, ...numbers) + 1}`;
}

function parseTask(value: unknown): Task {
  const parsed = taskSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new BlueprintError({
    code: 'task-invalid',
    message: `The task cannot be kept so: ${z.prettifyError(parsed.error)}`,
    fix: 'Correct the named fields.',
  });
}
