import { readdir } from 'node:fs/promises';
import { BlueprintError } from '../domain/errors.ts';
import {
  assertContained,
  assertPlace,
  featurePath,
  shownPath,
  type FeaturePlace,
} from './feature-folder.ts';
import { errnoOf } from '../files/file-problem.ts';
import { isFile } from '../files/is-there.ts';
import type { FeatureListing } from './ports.ts';
import { readRecent, withRecent } from './recent-changes.ts';
import { parseTasksFile, readTasksFile } from './tasks-file.ts';

/** A feature's task list, or why it cannot be read. */
export async function listFeature(
  place: FeaturePlace,
  slug: string,
  isForeign: () => Promise<boolean>,
): Promise<FeatureListing> {
  try {
    const path = featurePath(place, slug, 'tasks.json');
    await assertContained(place, path);
    const shown = shownPath(place, path);
    const recent = await readRecent(path, shown, isForeign);
    const bytes = readTasksFile(path, shown);
    if (bytes === null) return { slug, document: null, problem: null };
    const { document } = await parseTasksFile(bytes, shown);
    return { slug, document: recent ? withRecent(document, recent) : document, problem: null };
  } catch (error) {
    if (!(error instanceof BlueprintError)) throw error;
    return { slug, document: null, problem: error.toJSON() };
  }
}

/** Names of the folders in the features folder, sorted; hidden ones are not features. */
export async function folderNames(place: FeaturePlace): Promise<string[]> {
  await assertPlace(place);
  try {
    const entries = await readdir(place.featuresDir, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .map((entry) => entry.name)
      .filter((name) => !name.startsWith('.'))
      .sort();
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT') return [];
    if (errno === null) throw error;
    const shown = shownPath(place, place.featuresDir);
    throw new BlueprintError({
      code: 'features-dir-unreadable',
      message: `Cannot read the features folder ${shown}: the system reports ${errno}`,
      target: shown,
      fix: 'Make it a folder that you may read, or set featuresDir to another one.',
      cause: error,
    });
  }
}

/** The error for a feature without a task list: planned halfway, or not there, with the nearest name. */
export async function featureNotFound(place: FeaturePlace, slug: string): Promise<BlueprintError> {
  const brief = featurePath(place, slug, 'brief.md');
  if (await isFile(brief))
    return new BlueprintError({
      code: 'feature-not-planned',
      message: `Feature «${slug}» has a brief but no task list yet`,
      target: shownPath(place, brief),
      fix: `Finish its plan: blueprint new "${shownPath(place, brief)}" --name ${slug}`,
    });
  const names = (await folderNames(place)).filter((name) => name !== slug);
  const { didYouMean } = await import('../text/nearest.ts');
  return new BlueprintError({
    code: 'feature-not-found',
    message: `There is no feature «${slug}»`,
    target: shownPath(place, place.featuresDir),
    fix:
      names.length === 0
        ? 'There are none yet; make one: blueprint new brief.md'
        : `${didYouMean(slug, names)}All of them: blueprint list`,
  });
}
