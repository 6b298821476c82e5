import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BlueprintError } from '../domain/errors.ts';
import { jsonWithHiddenShown } from '../domain/hidden-characters.ts';
import { withoutColours, withoutControls } from '../domain/text.ts';
import { writeFileAtomic } from '../files/atomic-file.ts';
import { assertContained, featurePath, shownPath, type FeaturePlace } from './feature-folder.ts';
import { slashPath } from '../files/contained-path.ts';
import { errnoOf, writeProblem } from '../files/file-problem.ts';
import { looked } from '../files/is-there.ts';
import { makeFolder } from '../files/make-folder.ts';
import { openFile } from '../files/open-file.ts';
import { allOwn, type OwnState } from '../files/own-state.ts';
import { privateFile, privateFolder } from '../files/private.ts';
import { jsonText } from '../text/json-as.ts';
import type { ArtefactStore } from './ports.ts';

/**
 * Records by which work counts as done: those of this user alone are read. An attempt's outcome is settled
 * without a further question, and what was written to a folder may be written over.
 */
const records =
  /^(?:partial\/[^/]+\/[^/]+\/(?:(?:approval\/)?outcome|approval\/autorun)|written)\.json$/;

/**
 * What an attempt remembers, to go on with: prompts that are sent as they stand, results of checks, reviews.
 * Not the files that it proposes: a person may edit them, and the outcome says whose they are.
 */
const memories = /^partial\/(?![^/]+\/[^/]+\/files\/)/;

/** The text files of features' folders. No spelling of a path and no symbolic link leads out of them. */
export function createArtefactStore(
  place: FeaturePlace,
  ownIn: (slug: string) => OwnState = () => allOwn,
): ArtefactStore {
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
      return looked(absolute) === null ? none : await look(absolute);
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '')) return none;
      throw readProblem(error, absolute);
    }
  };

  const readText = (slug: string, path: string): Promise<string | null> =>
    readOr<string | null>(null, slug, path, async (absolute) => {
      await using file = await openFile(absolute);
      return await file.readFile('utf8');
    });

  return {
    path: (slug, path) => featurePath(place, slug, path),

    async read(slug, path) {
      const text = await readText(slug, path);
      return text === null ? null : ofThisUser(ownIn(slug), path, text);
    },

    async isForeign(slug, path) {
      const text = await readText(slug, path);
      return text !== null && (await ofThisUser(ownIn(slug), path, text)) === null;
    },

    async write(slug, path, content) {
      const absolute = await contained(slug, path);
      try {
        const isPrivate = /^(?:partial|calls)\//.test(path);
        await makeFolder(dirname(absolute), isPrivate ? privateFolder : undefined);
        const kept = records.test(path) ? await signed(ownIn(slug), path, content) : content;
        const shown = memories.test(path) ? seenSafely(path, kept) : kept;
        await writeFileAtomic(absolute, shown, 'safe', isPrivate ? privateFile : undefined);
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

async function signed(own: OwnState, path: string, text: string): Promise<string> {
  const record = recordOf(text);
  return record === null ? text : jsonText(await own.signed(path, record));
}

/**
 * A file of an attempt as it may be printed to a terminal, by its kind: what tools and models wrote may hold
 * what drives one. JSON holds the same values; the very words of a reply are in its call.
 */
function seenSafely(path: string, text: string): string {
  if (path.endsWith('.log')) return withoutColours(text);
  if (path.endsWith('.json')) return jsonWithHiddenShown(text);
  return /\.(?:txt|md)$/.test(path) ? withoutControls(text) : text;
}

/** The text as it was written; null for what counts and is somebody else's. */
async function ofThisUser(own: OwnState, path: string, text: string): Promise<string | null> {
  if (records.test(path)) return unsigned(own, path, text);
  return memories.test(path) && (await own.isTracked(path)) ? null : text;
}

/** The text as it was written; null for a record of somebody else. What is no record is its reader's to judge. */
async function unsigned(own: OwnState, path: string, text: string): Promise<string | null> {
  const record = recordOf(text);
  if (record === null) return text;
  if (!(await own.isOwn(path, path, record))) return null;
  const { signature, ...rest } = record;
  return signature === undefined ? text : jsonText(rest);
}

function recordOf(text: string): { readonly signature?: unknown } | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
