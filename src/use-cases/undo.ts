import type { ApplyOutcome } from '../workspace/applier.ts';
import type { Caller, Program } from './program.ts';

/** Takes the last apply of a feature back, all or nothing; null when there is none. */
export function undo(
  { feature }: { feature: string },
  program: Program,
  caller: Caller,
): Promise<ApplyOutcome | null> {
  return program.inFolder({ feature }, caller, async (session) => {
    await program.store.get(feature);
    const undone = await (await session.applier()).undo();
    if (undone !== null) session.emit({ type: 'undo-finish', feature, files: [...undone.files] });
    return undone;
  });
}
