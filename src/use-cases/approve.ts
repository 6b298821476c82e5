import type { Task } from '../domain/task.ts';
import { approveTask } from '../executor/decide.ts';
import type { Caller, Program } from './program.ts';

export interface ApproveInput {
  readonly feature: string;
  readonly task: string;
  /** Although a gate fails; never for unsafe paths. */
  readonly force: boolean;
}

export interface Approved {
  readonly task: Task;
  readonly files: readonly string[];
  /** Files that the person changed before. */
  readonly edited: readonly string[];
}

/** A person approves work that waits for them. @throws BlueprintError as `approveTask` */
export function approve(
  { feature, task, force }: ApproveInput,
  program: Program,
  caller: Caller,
): Promise<Approved> {
  return program.inFolder({ feature }, caller, async (session) => {
    const { store, now } = program;
    const workspace = await session.workspace();
    const gates = await session.gates();
    return approveTask(feature, task, { force }, { ...session, ...gates, workspace, store, now });
  });
}
