import { readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BlueprintError } from '../domain/errors.ts';
import { writeFileAtomic } from '../files/atomic-file.ts';
import { assertContained, featurePath, shownPath, type FeaturePlace } from './feature-folder.ts';
import { slashPath } from '../files/contained-path.ts';
import { errnoOf, writeProblem } from '../files/file-problem.ts';
import { makeFolder } from '../files/make-folder.ts';
import { privateFile, privateFolder } from '../files/private.ts';
import type { ArtefactStore } from './ports.ts';

/** The text files of features' folders. No spelling of a path and no symbolic link leads out of them. */
export function createArtefactStore(place: FeaturePlace): ArtefactStore {
  const contained = async (slug: string, path: string): Promise<string> => {
    const absolute = featurePath(place, slug, path);
    await assertContained(place, absolute);
    return absolute;
  };
  const readProblem = (error: unknown, path: string): unknown => {
    const errno = errnoOf(error);
    if (errno === null) return error;
    const shown = shownPath(place, path);
    return new BlueprintError({
      code: 'file-unreadable',
      message: `Cannot read ${shown}: ${errno === 'EISDIR' ? 'it is a folder' : `the system reports ${errno}`}`,
      target: shown,
      fix: 'Make it a file that you may read, or move it away.',
      cause: error,
    });
  };

  /** What is there, or `none` for nothing. */
  const readOr = async <T>(
    none: T,
    slug: string,
    path: string,
    look: (absolute: string) => Promise<T>,
  ): Promise<T> => {
    const absolute = await contained(slug, path);
    try {
      return await look(absolute);
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '')) return none;
      throw readProblem(error, absolute);
    }
  };

  return {
    path: (slug, path) => featurePath(place, slug, path),

    read: (slug, path) =>
      readOr<string | null>(null, slug, path, (absolute) => readFile(absolute, 'utf8')),

    async write(slug, path, content) {
      const absolute = await contained(slug, path);
      try {
        const isPrivate = /^(?:partial|calls)\//.test(path);
        await makeFolder(dirname(absolute), isPrivate ? privateFolder : undefined);
        await writeFileAtomic(absolute, content, 'safe', isPrivate ? privateFile : undefined);
      } catch (error) {
        throw writeProblem(error, shownPath(place, absolute));
      }
    },

    list: (slug, path) =>
      readOr<string[]>([], slug, path, async (absolute) =>
        (await readdir(absolute)).filter((name) => !name.endsWith('.tmp')).sort(),
      ),

    filesBelow: (slug, path) =>
      readOr<string[]>([], slug, path, async (absolute) => {
        const entries = await readdir(absolute, { recursive: true, withFileTypes: true });
        return entries
          .filter((entry) => entry.isFile() && !entry.name.endsWith('.tmp'))
          .map((entry) => slashPath(absolute, join(entry.parentPath, entry.name)))
          .sort();
      }),
  };
}
