import type { Task } from '../domain/task.ts';
import { decided } from '../executor/by-hand.ts';
import { removeTask as remove } from '../executor/edit-tasks.ts';
import type { Caller, Program } from './program.ts';

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
  caller: Caller,
): Promise<Task> {
  return program.inFolder({ feature }, caller, async ({ emit }) => {
    const removed = await program.store.update(feature, (document) =>
      remove(document, task, force),
    );
    decided(emit, 'remove-task', task, { detail: removed.title });
    return removed;
  });
}
