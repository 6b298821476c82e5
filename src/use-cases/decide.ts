import type { PermittedFile } from '../domain/autorun.ts';
import type { Task } from '../domain/task.ts';
import { dependantsOf } from '../domain/graph.ts';
import { approveTask, rejectTask, reviewTaskAgain } from '../executor/decide.ts';
import type { Caller, Program } from './program.ts';
import { refuseSecrets } from './refuse-secrets.ts';

export interface ApproveInput {
  readonly feature: string;
  readonly task: string;
  /** Although a gate fails; never for unsafe paths. */
  readonly force: boolean;
  /** What runs by itself, and they have seen and said yes to. */
  readonly permitted?: readonly PermittedFile[];
}

export interface RejectInput {
  readonly feature: string;
  readonly task: string;
  /** What is to be different. */
  readonly feedback: string;
}

/** A person approves work that waits for them. @throws BlueprintError as `approveTask` */
export function approve(
  { feature, task, ...options }: ApproveInput,
  program: Program,
  caller: Caller,
): ReturnType<typeof approveTask> {
  return program.inFolder({ feature }, caller, async (session) => {
    const { store, now } = program;
    const workspace = await session.workspace();
    const gates = await session.gates();
    const findAutoruns = await session.autoruns();
    const parts = { ...session, ...gates, findAutoruns, workspace, store, now };
    return approveTask(feature, task, options, parts);
  });
}

/**
 * A person has work that waits for them reviewed again as it is; the next run does.
 * @throws BlueprintError as `reviewTaskAgain`
 */
export function reviewAgain(
  { feature, task }: Pick<ApproveInput, 'feature' | 'task'>,
  program: Program,
  caller: Caller,
): Promise<Task> {
  const { store, now } = program;
  return program.inFolder({ feature }, caller, async (session) => {
    const workspace = await session.workspace();
    return reviewTaskAgain(feature, task, { ...session, workspace, store, now });
  });
}

/** Tasks that directly build on one and have work already: a correction of it does not change theirs. */
export async function builtOn(
  { feature, task }: Pick<ApproveInput, 'feature' | 'task'>,
  { store }: Program,
): Promise<string[]> {
  const { tasks } = await store.look(feature);
  return (dependantsOf(tasks).get(task) ?? [])
    .filter(({ status }) => status === 'done' || status === 'needs_review')
    .map(({ id }) => id);
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
