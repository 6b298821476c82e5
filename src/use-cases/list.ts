import { relative } from 'node:path';
import { throwAll } from '../domain/errors.ts';
import { isSettled, type FeatureDocument } from '../domain/task.ts';
import { isRunnable, isSelected, type Selection } from '../executor/selection.ts';
import type { FeatureListing } from '../state/ports.ts';
import type { Program } from './program.ts';

export type ListedFeature = FeatureListing & {
  /** Ids of tasks that the file alone says have ended (`FeatureStore.saidByFile`). */
  readonly saidByFile: ReadonlySet<string>;
};

/** All features; those that cannot be read are listed with what is wrong. */
export async function list({ store }: Program): Promise<ListedFeature[]> {
  const listed = await store.list();
  return Promise.all(
    listed.map(async (one) => ({
      ...one,
      saidByFile: await store.saidByFile(one.slug, one.document?.tasks ?? []),
    })),
  );
}

/**
 * All features, or one; without a document where the plan is unfinished.
 * @throws BlueprintError with the faults of all whose task list cannot be read: an answer about all
 * features that leaves some out would be false.
 */
export async function readFeatures(
  feature: string | null,
  program: Program,
): Promise<Pick<ListedFeature, 'slug' | 'document' | 'saidByFile'>[]> {
  if (feature !== null) {
    const document = await program.store.get(feature);
    const saidByFile = await program.store.saidByFile(feature, document.tasks);
    return [{ slug: feature, document, saidByFile }];
  }
  const features = await list(program);
  throwAll(
    features.flatMap(({ problem }) => problem ?? []),
    Infinity,
  );
  return features;
}

/** Ids of tasks that are settled by the file's word alone, and on which selected tasks build that can be run. */
export async function settledByFile(
  feature: string,
  { tasks }: FeatureDocument,
  selection: Selection,
  { store }: Pick<Program, 'store'>,
): Promise<string[]> {
  const wanted = tasks.filter((task) => isRunnable(task) && isSelected(task, selection));
  const below = new Set(wanted.flatMap(({ dependsOn }) => dependsOn));
  const settled = tasks.filter(({ id, status }) => below.has(id) && isSettled(status));
  if (settled.length === 0) return [];
  const saidByFile = await store.saidByFile(feature, settled);
  return settled.flatMap(({ id }) => (saidByFile.has(id) ? [id] : []));
}

/** The command that goes on with an unfinished plan. */
export async function unfinishedCommand(
  feature: string,
  { artefacts, cwd }: Program,
): Promise<string> {
  const isKnown = (await artefacts.read(feature, 'brief.md')) !== null;
  const brief = isKnown ? relative(cwd, artefacts.path(feature, 'brief.md')) : 'brief.md';
  return `blueprint new ${/^[\w./-]+$/.test(brief) ? brief : JSON.stringify(brief)} --name ${feature}`;
}
