import { lstat, realpath } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { BlueprintError } from '../domain/errors.ts';
import { featureName } from '../domain/feature-name.ts';
import { pathProblem } from '../domain/safe-path.ts';
import { toSingleLine } from '../domain/text.ts';
import { errnoOf } from '../files/file-problem.ts';

/** Where features are, and how their files are named to people. */
export interface FeaturePlace {
  /** Absolute. */
  readonly featuresDir: string;
  /** Paths in messages are relative to this folder. */
  readonly displayRoot: string;
}

/** `features/x/tasks.json`: forward slashes on every system. */
export function shownPath(place: FeaturePlace, path: string): string {
  const below = relative(place.displayRoot, path);
  return below.startsWith('..') ? path : below.split(sep).join('/');
}

/**
 * The absolute path of a file of a feature, which need not exist.
 * @throws BlueprintError `feature-name-invalid`, `path-not-allowed`: spellings that lead elsewhere.
 */
export function featurePath(place: FeaturePlace, slug: string, path: string): string {
  const name = featureName.safeParse(slug);
  if (!name.success)
    throw new BlueprintError({
      code: 'feature-name-invalid',
      message: `The feature name «${toSingleLine(slug, 80)}» ${name.error.issues[0]?.message ?? 'is not allowed'}`,
      fix: 'Use the name that `blueprint list` shows.',
    });
  const problem = path === '' ? null : pathProblem(path);
  if (problem !== null)
    throw new BlueprintError({
      code: 'path-not-allowed',
      message: `The path «${toSingleLine(path, 120)}» ${problem}`,
      target: `${shownPath(place, join(place.featuresDir, slug))}`,
      fix: 'Use a path within the feature’s folder.',
    });
  return join(place.featuresDir, slug, path);
}

/**
 * Refuses a path whose way leads out of the features folder by a symbolic link, or whose last step is one.
 * @throws BlueprintError `path-leaves-folder`
 */
export async function assertContained(place: FeaturePlace, path: string): Promise<void> {
  const root = await realpathOrNull(place.featuresDir);
  if (root === null) return;
  for (let at = path; at !== dirname(at); at = dirname(at)) {
    const real = await realpathOrNull(at);
    if (real === null && !(await isLink(at))) continue;
    if (real === root || real?.startsWith(root + sep) === true) return;
    throw new BlueprintError({
      code: 'path-leaves-folder',
      message: `${toSingleLine(shownPath(place, path), 200)} leads out of ${shownPath(place, place.featuresDir)} by a symbolic link`,
      target: toSingleLine(shownPath(place, path), 200),
      fix: 'Replace the link by a real file or folder.',
    });
  }
}

async function realpathOrNull(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errnoOf(error) === null) throw error;
    return null;
  }
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch {
    return false;
  }
}
