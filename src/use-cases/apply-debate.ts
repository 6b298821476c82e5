import { changedText } from '../debate/change-text.ts';
import { finalPage } from '../debate/pages.ts';
import type { FinalPosition } from '../domain/debate.ts';
import { BlueprintError, usageFault } from '../domain/errors.ts';
import { toSingleLine } from '../domain/text.ts';
import { contentHash } from '../text/moved-file.ts';
import { unifiedDiff } from '../text/unified-diff.ts';
import { askingOf, specOf } from './debate.ts';
import { begun, debateFolder, find, positionOf } from './debates.ts';
import type { Caller, Program } from './program.ts';

/** What the accepted actions of a debate make of a text. */
export interface DebateChange {
  readonly id: string;
  /** Whose spec it is; null: the debate's own proposal, which is left as it is. */
  readonly feature: string | null;
  readonly actions: readonly string[];
  readonly before: string;
  readonly after: string;
  /** As a patch; empty where nothing changes. */
  readonly diff: string;
}

/**
 * Has the strategist carry out actions in the spec of a feature, or in the proposal. Writes nothing but the
 * debate's own journal; the same again repeats no finished call.
 * @param input.actions ids; all where it is empty. @param input.feature null: the one that was debated.
 * @throws BlueprintError `debate-not-finished`, `debate-not-found`, usage faults. @throws ModelError
 */
export async function proposeDebateChange(
  input: { id: string | null; actions: readonly string[]; feature: string | null },
  program: Program,
  caller: Caller,
): Promise<DebateChange> {
  const work = await find(input.id, program, async (each) => (await positionOf(each)) !== null);
  const position = await positionOf(work);
  const { options, proposal } = await begun(work);
  if (position === null)
    throw new BlueprintError({
      code: 'debate-not-finished',
      message: `The debate ${work.path} is not finished, so it has no actions`,
      target: work.path,
      fix: 'Go on with it: blueprint debate resume',
    });
  const actions = chosen(position, input.actions);
  const feature = input.feature ?? options.feature;
  const before = feature === null ? proposal : await specOf(feature, program);
  const path = feature === null ? 'proposal.md' : 'spec.md';
  const folder = debateFolder(options, proposal, program);
  const after = await program.inFolder(folder, caller, async (session) =>
    changedText(
      await askingOf(session, program),
      position.debaters.strategist.model,
      program.config.executor.codec,
      { path, text: before, actions },
    ),
  );
  return {
    id: position.id,
    feature,
    actions: actions.map(({ id }) => id),
    before,
    after,
    diff: unifiedDiff(new Map([[path, before]]), new Map([[path, after]])),
  };
}

/**
 * Writes a change that a person saw: into the feature's spec, with the debate's decisions and dissent beside
 * it; or, where no feature is meant, into the debate's own folder.
 * @returns the paths that were written, absolute.
 * @throws BlueprintError `spec-changed` where somebody changed the spec meanwhile
 */
export async function applyDebateChange(
  change: DebateChange,
  program: Program,
  caller: Caller,
): Promise<string[]> {
  const { id, feature, actions, before, after } = change;
  const work = await find(id, program);
  const { options, proposal } = await begun(work);
  if (feature === null)
    return program.inFolder(debateFolder(options, proposal, program), caller, async (session) => {
      await session.artefacts.write(session.name, 'proposal.changed.md', after);
      return [session.artefacts.path(session.name, 'proposal.changed.md')];
    });
  const position = await positionOf(work);
  return program.inFolder({ feature }, caller, async ({ artefacts, emit }) => {
    if ((await specOf(feature, program)) !== before)
      throw new BlueprintError({
        code: 'spec-changed',
        message: `The spec of ${feature} was changed meanwhile`,
        target: artefacts.path(feature, 'spec.md'),
        fix: `See the new difference: blueprint debate apply ${id}`,
      });
    const record = `debates/${id}.md`;
    if (position !== null)
      await artefacts.write(
        feature,
        record,
        `${finalPage(position)}\nCarried out in spec.md: ${actions.join(', ')}.\n`,
      );
    await artefacts.write(feature, 'spec.md', after);
    emit({
      type: 'decision',
      task: null,
      what: 'apply-debate',
      feedback: null,
      detail: `${id}: ${actions.join(', ')}`,
      files: [{ path: 'spec.md', before: contentHash(before), after: contentHash(after) }],
    });
    return [artefacts.path(feature, 'spec.md'), artefacts.path(feature, record)];
  });
}

function chosen({ actions }: FinalPosition, wanted: readonly string[]): FinalPosition['actions'] {
  const unknown = wanted.find((id) => !actions.some((action) => action.id === id));
  if (unknown !== undefined)
    throw usageFault(
      `The debate has no action «${toSingleLine(unknown, 40)}»`,
      `It has ${actions.map(({ id }) => id).join(', ') || 'none'}.`,
    );
  const taken = actions.filter(({ id }) => wanted.length === 0 || wanted.includes(id));
  if (taken.length === 0)
    throw usageFault('The debate ended without actions', 'See it: blueprint debate show');
  return taken;
}
