import { BlueprintError } from '../../domain/errors.ts';
import { slashPath } from '../../files/contained-path.ts';
import { printable } from '../../files/file-problem.ts';
import { foreignState, type OwnState } from '../../files/own-state.ts';
import type { Workspace } from '../workspace.ts';
import { openApplyJournal, type ApplyJournal } from './record.ts';
import { pathWords } from './refusals.ts';

/** The feature whose work is applied: where it stands, and whose state it is. */
interface OwnWork {
  readonly root: string;
  readonly feature: string;
  readonly slug: string;
  readonly workspace: Workspace;
  readonly own?: OwnState;
}

/** @throws BlueprintError `path-unsafe`, `state-foreign` */
export async function openOwnJournal({
  feature,
  own,
}: Pick<OwnWork, 'feature' | 'own'>): Promise<ApplyJournal> {
  const journal = openApplyJournal(feature, own);
  await journal.refuseLinks();
  await journal.refuseForeign();
  return journal;
}

/** @throws BlueprintError `state-foreign` for files that nobody approved here */
export async function refuseForeignWork({
  feature,
  slug,
  root,
  workspace,
}: OwnWork): Promise<void> {
  const foreign = await workspace.foreign();
  if (foreign.length === 0) return;
  const what = `Approved work of ${slug} (${pathWords(foreign)})`;
  const folder = slashPath(root, feature);
  const kept = [`${folder}/workspace`, `${folder}/workspace.json`];
  if (workspace.kind === 'folder') throw foreignState(what, foreign[0] ?? slug, kept);
  throw new BlueprintError({
    code: 'state-foreign',
    message: `${what} came with the repository and was not approved by you on this machine: nothing of it is applied`,
    target: workspace.place(),
    fix: `Look at it (blueprint diff ${slug}); if you want it, merge it by hand: git merge blueprint/${slug}`,
  });
}

/** Not the bytes that the record names: nothing is written of them. */
export function otherBytes(path: string, folder: string): BlueprintError {
  return new BlueprintError({
    code: 'workspace-record-broken',
    message: `What is kept of ${printable(path)} is not what the record of the apply names`,
    target: printable(folder),
    fix: 'Delete that folder to leave the files as they are.',
  });
}
