import type { Autorun, PermittedFile } from '../domain/autorun.ts';
import type { FileChanges } from '../domain/bundle.ts';
import type { GateResult } from '../domain/gate-result.ts';
import { isSettled, type FeatureDocument } from '../domain/task.ts';
import { unifiedDiff } from '../text/unified-diff.ts';
import type { ApplyOutcome, ApplyState, ApplyWay, TextBeforeWork } from '../workspace/applier.ts';
import { autorunsToApply, refuseUnpermitted } from './autoruns.ts';
import { beforeWork } from './before-work.ts';
import { checkMerge, refuseFailedMerge } from './check-merge.ts';
import type { Caller, Program } from './program.ts';

export interface ApplyInput {
  readonly feature: string;
  /** Only say what would be written, or what is in the way. */
  readonly check: boolean;
  /** Files that the user changed as well: both changes in one, where they are in different lines. */
  readonly merge: boolean;
  /** What runs by itself, and the user has seen and said yes to. */
  readonly permitted?: readonly PermittedFile[];
  /** Write a merge that gates do not pass. */
  readonly force?: boolean;
}

export type Applied = Omit<ApplyOutcome, 'merged'> & {
  /** Files that hold the user's changes as well. */
  readonly merged: readonly string[];
  /** What that changes in the user's files, unified. */
  readonly mergeDiff: string;
  /** What the gates found in merged files, before they were written; empty when it is only checked. */
  readonly gates: readonly GateResult[];
  /** Tasks that are not settled yet. */
  readonly unsettled: readonly string[];
  /** What of the written files runs by itself. */
  readonly autoruns: readonly Autorun[];
};

/**
 * Approved work into the project's files, all or nothing.
 * @throws BlueprintError as `Applier`; `gates-failed`; AutorunNotAllowed, unless it only checks, where the
 * work holds what runs by itself and nobody wants that
 */
export function apply(
  { feature, check, merge, force = false, permitted = [] }: ApplyInput,
  program: Program,
  caller: Caller,
): Promise<Applied> {
  return program.inFolder({ feature }, caller, async (session) => {
    const document = await program.store.get(feature);
    const unsettled = document.tasks.filter(({ status }) => !isSettled(status)).map(({ id }) => id);
    const applier = await session.applier();
    let gates: readonly GateResult[] = [];
    let autoruns: readonly Autorun[] = [];
    const way: ApplyWay = {
      merge,
      before: textBefore(feature, document, program),
      async inspect(files) {
        const approved = await (await session.workspace()).files();
        const about = { feature, document, permitted };
        autoruns = await autorunsToApply(files, approved, about, session, program);
        if (!check) refuseUnpermitted(feature, autoruns);
      },
      async accept(files) {
        gates = await checkMerge(files, feature, document, session);
        if (!force) refuseFailedMerge(feature, gates);
      },
    };
    const done = check ? await applier.check(way) : await applier.apply(way);
    const files = [...done.files];
    if (!check && (files.length > 0 || done.completed !== null))
      session.emit({ type: 'apply-finish', feature, files });
    const merged = done.merged.map(({ path }) => path);
    return { ...done, merged, mergeDiff: diffOf(done.merged), gates, unsettled, autoruns };
  });
}

function diffOf(merged: ApplyOutcome['merged']): string {
  return unifiedDiff(
    new Map(merged.map(({ path, before }) => [path, before])),
    new Map(merged.map(({ path, after }) => [path, after])),
  );
}

/** Looked for when the first file is asked for. */
function textBefore(feature: string, document: FeatureDocument, program: Program): TextBeforeWork {
  let known: Promise<FileChanges> | undefined;
  return async (path) => {
    known ??= beforeWork(feature, document, new Map(), program).then(({ texts }) => texts);
    return (await known).get(path) ?? null;
  };
}

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
  const document = await program.store.get(feature);
  const before = textBefore(feature, document, program);
  const state = await (await parts.applier()).state(before);
  return { ...state, place: (await parts.workspace()).place() };
}
