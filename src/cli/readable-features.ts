import { relative } from 'node:path';
import type { App } from '../app.ts';
import { BlueprintError } from '../domain/errors.ts';
import type { FeatureDocument } from '../domain/task.ts';

/**
 * All features; without a document where the plan is unfinished.
 * @throws BlueprintError with the faults of all whose task list cannot be read: an answer about all
 * features that leaves some out would be false.
 */
export async function readableFeatures(
  program: Pick<App, 'list'>,
): Promise<{ slug: string; document: FeatureDocument | null }[]> {
  const features = await program.list();
  const [first, ...others] = features.flatMap(({ problem }) => (problem === null ? [] : [problem]));
  if (first !== undefined) throw new BlueprintError({ ...first, others });
  return features;
}

/** The command that goes on with an unfinished plan. */
export async function planCommand(
  program: Pick<App, 'path' | 'readText'>,
  slug: string,
  cwd: string,
): Promise<string> {
  const known = (await program.readText(slug, 'brief.md')) !== null;
  const brief = known ? relative(cwd, program.path(slug, 'brief.md')) : 'brief.md';
  return `blueprint new ${/^[\w./-]+$/.test(brief) ? brief : JSON.stringify(brief)} --name ${slug}`;
}
