import type { ApplyState } from '../workspace/applier.ts';
import type { Caller, Program } from './program.ts';

export type WorkState = ApplyState & {
  /** Where the approved files are, in words. */
  readonly place: string;
};

/** How a feature's approved work and the project's files stand to each other. */
export async function workState(
  { feature }: { feature: string },
  program: Program,
  { signal }: Caller,
): Promise<WorkState> {
  const parts = program.look(feature, signal);
  const state = await (await parts.applier()).state();
  return { ...state, place: (await parts.workspace()).place() };
}
