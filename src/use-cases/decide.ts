import type { Task } from '../domain/task.ts';
import { approveTask, rejectTask } from '../executor/decide.ts';
import type { Caller, Program } from './program.ts';
import { refuseSecrets } from './refuse-secrets.ts';

export interface ApproveInput {
  readonly feature: string;
  readonly task: string;
  /** Although a gate fails; never for unsafe paths. */
  readonly force: boolean;
}

export interface RejectInput {
  readonly feature: string;
  readonly task: string;
  /** What is to be different. */
  readonly feedback: string;
}

/** A person approves work that waits for them. @throws BlueprintError as `approveTask` */
export function approve(
  { feature, task, force }: ApproveInput,
  program: Program,
  caller: Caller,
): ReturnType<typeof approveTask> {
  return program.inFolder({ feature }, caller, async (session) => {
    const { store, now } = program;
    const workspace = await session.workspace();
    const gates = await session.gates();
    return approveTask(feature, task, { force }, { ...session, ...gates, workspace, store, now });
  });
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
