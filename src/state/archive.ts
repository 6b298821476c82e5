import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BlueprintError } from '../domain/errors.ts';
import { rename, rm } from '../files/disk.ts';
import { errnoOf, writeProblem } from '../files/file-problem.ts';
import { isFolder } from '../files/is-there.ts';
import { makeFolder } from '../files/make-folder.ts';
import { assertContained, featurePath, shownPath, type FeaturePlace } from './feature-folder.ts';
import { folderNames } from './list-features.ts';
import type { FeatureArchive } from './ports.ts';

const hidden = '.archive';

/** Archived features as `.archive/NAME` in the features folder, each the whole folder that it was. */
export function createFeatureArchive(place: FeaturePlace): FeatureArchive {
  const below: FeaturePlace = { ...place, featuresDir: join(place.featuresDir, hidden) };

  const move = async (from: string, to: string): Promise<void> => {
    await assertContained(place, from);
    await assertContained(place, to);
    try {
      await makeFolder(dirname(to));
      await rename(from, to);
    } catch (error) {
      throw writeProblem(error, shownPath(place, to));
    }
  };

  return {
    async list() {
      await assertContained(place, below.featuresDir);
      return folderNames(below);
    },

    async put(slug) {
      const to = featurePath(below, slug, '');
      // Under another name it would not find its approved work again.
      if (await isThere(to))
        throw new BlueprintError({
          code: 'archive-exists',
          message: `Another feature «${slug}» is archived already`,
          target: shownPath(place, to),
          fix: 'Move that folder away, or delete it.',
        });
      await move(featurePath(place, slug, ''), to);
      return shownPath(place, to);
    },

    async restore(name) {
      const from = featurePath(below, name, '');
      const to = featurePath(place, name, '');
      if (!(await isFolder(from)))
        throw new BlueprintError({
          code: 'not-archived',
          message: `No feature «${name}» is archived`,
          target: shownPath(place, below.featuresDir),
          fix: 'See what is: blueprint list --archived',
        });
      if (await isThere(to))
        throw new BlueprintError({
          code: 'feature-exists',
          message: `There is a feature «${name}» already`,
          target: shownPath(place, to),
          fix: `Delete that one first: blueprint rm ${name}`,
        });
      await move(from, to);
    },

    async remove(slug) {
      const path = featurePath(place, slug, '');
      await assertContained(place, path);
      try {
        await rm(path, { recursive: true });
      } catch (error) {
        throw writeProblem(error, shownPath(place, path));
      }
    },
  };
}

async function isThere(path: string): Promise<boolean> {
  try {
    await readdir(path);
    return true;
  } catch (error) {
    return errnoOf(error) !== 'ENOENT';
  }
}
