import { relative } from 'node:path';
import { throwAll } from '../domain/errors.ts';
import type { FeatureListing } from '../state/ports.ts';
import type { Program } from './program.ts';

/** All features; those that cannot be read are listed with what is wrong. */
export function list(program: Program): Promise<FeatureListing[]> {
  return program.store.list();
}

/**
 * All features, or one; without a document where the plan is unfinished.
 * @throws BlueprintError with the faults of all whose task list cannot be read: an answer about all
 * features that leaves some out would be false.
 */
export async function readFeatures(
  feature: string | null,
  program: Program,
): Promise<Pick<FeatureListing, 'slug' | 'document'>[]> {
  if (feature !== null) return [{ slug: feature, document: await program.store.get(feature) }];
  const features = await list(program);
  throwAll(
    features.flatMap(({ problem }) => problem ?? []),
    Infinity,
  );
  return features;
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
