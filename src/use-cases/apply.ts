import { isSettled } from '../domain/task.ts';
import type { ApplyOutcome } from '../workspace/applier.ts';
import type { Caller, Program } from './program.ts';

export interface ApplyInput {
  readonly feature: string;
  /** Only say what would be written, or what is in the way. */
  readonly check: boolean;
}

export type Applied = ApplyOutcome & {
  /** Tasks that are not settled yet. */
  readonly unsettled: readonly string[];
};

/** Approved work into the project's files, all or nothing. @throws BlueprintError as `Applier` */
export function apply(
  { feature, check }: ApplyInput,
  program: Program,
  caller: Caller,
): Promise<Applied> {
  return program.inFolder({ feature }, caller, async (session) => {
    const { tasks } = await program.store.get(feature);
    const unsettled = tasks.filter(({ status }) => !isSettled(status)).map(({ id }) => id);
    const applier = await session.applier();
    if (check) return { ...(await applier.check()), unsettled };
    const done = await applier.apply();
    const files = [...done.files];
    if (files.length > 0 || done.completed !== null)
      session.emit({ type: 'apply-finish', feature, files });
    return { ...done, unsettled };
  });
}
