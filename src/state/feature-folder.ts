import { join } from 'node:path';
import { BlueprintError } from '../domain/errors.ts';
import { featureName } from '../domain/feature-name.ts';
import { pathProblem } from '../domain/safe-path.ts';
import { toSingleLine } from '../domain/text.ts';
import { isWithin, linkLeadsOut, placeBelow, slashPath } from '../files/contained-path.ts';
import { errnoOf } from '../files/file-problem.ts';

/** Where features are, and how their files are named to people. */
export interface FeaturePlace {
  /** Absolute. */
  readonly featuresDir: string;
  /** Paths in messages are relative to this folder. */
  readonly displayRoot: string;
  /** The project's folder, absolute: the way from it to the features folder is judged too. */
  readonly root?: string;
}

/** `features/x/tasks.json`: forward slashes on every system. */
export function shownPath(place: FeaturePlace, path: string): string {
  return isWithin(place.displayRoot, path) ? slashPath(place.displayRoot, path) : path;
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
 * Refuses a path whose way leads by a symbolic link out of the features folder, or out of the project before
 * it comes there.
 * @throws BlueprintError `path-leaves-folder`
 */
export async function assertContained(place: FeaturePlace, path: string): Promise<void> {
  await assertPlace(place);
  const problem = await problemOnTheWay(place.featuresDir, path);
  if (problem === null) return;
  throw new BlueprintError({
    code: 'path-leaves-folder',
    message: `${toSingleLine(shownPath(place, path), 200)} ${problem}: it may lead out of ${shownPath(place, place.featuresDir)}`,
    target: toSingleLine(shownPath(place, path), 200),
    fix: 'Replace the link by a real file or folder.',
  });
}

/**
 * The same for the folder that holds the features, or the work of one kind.
 * @throws BlueprintError `path-leaves-folder`
 */
export async function assertPlace(place: FeaturePlace): Promise<void> {
  const { root, featuresDir } = place;
  if (root === undefined || root === featuresDir || !isWithin(root, featuresDir)) return;
  const problem = await problemOnTheWay(root, featuresDir);
  if (problem === null) return;
  const shown = toSingleLine(shownPath(place, featuresDir), 200);
  throw linkLeadsOut(
    shown,
    problem,
    'Put a real folder in the link’s place, or set featuresDir to another one in the config.',
  );
}

async function problemOnTheWay(folder: string, path: string): Promise<string | null> {
  if (path === folder) return null;
  try {
    const found = await placeBelow(folder, slashPath(folder, path), 'inside');
    return 'problem' in found ? found.problem : null;
  } catch (error) {
    // Nobody may look: what is to be done there then fails by itself, and says so.
    if (errnoOf(error) === null) throw error;
    return null;
  }
}
