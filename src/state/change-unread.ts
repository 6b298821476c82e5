import type { FeatureDocument, Task } from '../domain/task.ts';
import { copyOf } from './plain-data.ts';
import { completeTask, soundInPlace } from './sound-document.ts';
import { taskTextIn, withTask } from './splice-tasks.ts';

export interface TaskChange<T> {
  readonly id: string;
  readonly updatedAt: string;
  /** Changes nothing but the task: what it did is forgotten where it asks for the list. */
  change(task: Task, look: () => FeatureDocument): T;
  sign(task: Task, before: Task): Promise<void>;
}

const listIsNeeded = new Error('The list is needed');

/**
 * Changes one task in the bytes of a list that is sound and complete, without reading the others.
 * @returns null where the whole list has to be read: for what is written in another form, is no longer sound,
 * or changes the graph
 */
export async function changedUnread<T>(
  bytes: Buffer,
  { id, updatedAt, change, sign }: TaskChange<T>,
): Promise<{ readonly bytes: Buffer; readonly result: T } | null> {
  const text = taskTextIn(bytes, id);
  const was = text === null ? null : completeTask(JSON.parse(text));
  if (text === null || was === null) return null;
  const draft = copyOf(was);
  try {
    const result = change(draft, () => {
      throw listIsNeeded;
    });
    await sign(draft, was);
    const is = soundInPlace(draft, was);
    if (is === was) return { bytes, result };
    const after = is === null ? null : withTask(bytes, { text, was, is }, updatedAt);
    return after === null ? null : { bytes: after, result };
  } catch (error) {
    if (error === listIsNeeded) return null;
    throw error;
  }
}
