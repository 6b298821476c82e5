import type { Task } from '../domain/task.ts';
import { rejectTask } from '../executor/decide.ts';
import type { Caller, Program } from './program.ts';
import { refuseSecrets } from './refuse-secrets.ts';

export interface RejectInput {
  readonly feature: string;
  readonly task: string;
  /** What is to be different. */
  readonly feedback: string;
}

/**
 * A person sends work back; the next run corrects it by their words.
 * @throws BlueprintError `secret-in-text`, or as `rejectTask`
 */
export function reject(
  { feature, task, feedback }: RejectInput,
  program: Program,
  caller: Caller,
): Promise<Task> {
  refuseSecrets('The feedback', feedback, program.redactor);
  const { store, now } = program;
  return program.inFolder({ feature }, caller, (session) =>
    rejectTask(feature, task, feedback, { ...session, store, now }),
  );
}
