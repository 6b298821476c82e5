import type { Task, TaskStatus } from '../domain/task.ts';
import { setTaskStatus } from '../executor/by-hand.ts';
import type { Caller, Program } from './program.ts';

export interface SetStatusInput {
  readonly feature: string;
  readonly task: string;
  readonly status: Exclude<TaskStatus, 'in_progress'>;
}

/** A person sets a task's status; recorded as set by hand. @throws BlueprintError `task-not-found`, `task-leased` */
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
