import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { rename, rm, writeFile } from '../files/disk.ts';
import { allEnded } from '../domain/all-ended.ts';
import { storedCallOf, type CallStore } from '../domain/stored-call.ts';
import { unfinishedPath, writeFileAtomic } from '../files/atomic-file.ts';
import { assertContained, featurePath, shownPath, type FeaturePlace } from './feature-folder.ts';
import { errnoOf, writeProblem, writing } from '../files/file-problem.ts';
import { makeFolder } from '../files/make-folder.ts';
import { allOwn, type OwnState } from '../files/own-state.ts';
import { privateFile, privateFolder } from '../files/private.ts';
import { readNoLink } from '../files/open-file.ts';

/** The finished calls of one work folder, by the hash of their request (hexadecimal). */
export function createCallStore(
  place: FeaturePlace,
  slug: string,
  own: OwnState = allOwn,
): CallStore {
  const folder = featurePath(place, slug, 'calls');
  /** Texts that are there, or on their way. */
  const texts = new Map<string, Promise<void>>();
  /** Calls that came with a repository: they are no replies that this user paid for. */
  const foreign = new Set<string>();
  /** A call was written: the folder is there, and was looked at. */
  let known = false;
  const pathOf = async (name: string): Promise<string> => {
    if (!known) await assertContained(place, folder);
    return join(folder, `${name}.json`);
  };
  const setAside = async (
    hash: string,
    why: 'damaged' | 'forgotten' | 'foreign',
  ): Promise<void> => {
    const path = await pathOf(hash);
    for (let number = 1; ; number++) {
      const aside = await pathOf(`${hash}.${why}-${number}`);
      if (existsSync(aside)) continue;
      try {
        await rename(path, aside);
      } catch (error) {
        if (errnoOf(error) !== 'ENOENT') throw writeProblem(error, shownPath(place, path));
      }
      return;
    }
  };
  /** Does it once more where the folder was not there. */
  const inFolder = (path: string, put: () => Promise<unknown>): Promise<void> =>
    writing(shownPath(place, path), async () => {
      try {
        await put();
      } catch (error) {
        if (errnoOf(error) !== 'ENOENT') throw error;
        await makeFolder(join(folder, 'parts'), privateFolder);
        await put();
      }
    });
  const keepText = (name: string, text: string): Promise<void> => {
    const before = texts.get(name);
    if (before !== undefined) return before;
    const path = join(folder, `parts/${name}.txt`);
    // Each by itself: two calls may share a text that was begun before there was a folder.
    const written = inFolder(folder, () => writeText(path, text));
    texts.set(name, written);
    written.catch(() => texts.delete(name));
    return written;
  };

  return {
    async read(hash) {
      const path = await pathOf(checkedHash(hash));
      if (!existsSync(path)) return null;
      let text: string;
      try {
        // What is a link is no call that was kept here.
        await using file = await open(path, readNoLink);
        text = await file.readFile('utf8');
      } catch (error) {
        if (errnoOf(error) === null) throw error;
        return null;
      }
      const value = parsedOrNull(text);
      if (value !== null && !(await own.isOwn(`calls/${hash}`, `calls/${hash}.json`, value))) {
        foreign.add(hash);
        return null;
      }
      const call = storedCallOf(value);
      // A folder that cannot be written still holds a call that cannot be read.
      if (call === null) await setAside(hash, 'damaged').catch(() => undefined);
      return call;
    },

    async prepare(parts) {
      if (!known) await assertContained(place, join(folder, 'parts'));
      await allEnded([...parts].map(([name, text]) => keepText(name, text)));
      known = true;
    },

    async write(hash, call) {
      const path = await pathOf(checkedHash(hash));
      if (foreign.delete(hash)) await setAside(hash, 'foreign');
      const kept = await own.signed(`calls/${hash}`, call);
      const put = () =>
        writeFileAtomic(path, `${JSON.stringify(kept, null, 2)}\n`, 'early', privateFile);
      await inFolder(path, put);
      known = true;
    },

    forget: (hash) => setAside(checkedHash(hash), 'forgotten'),
  };
}

/**
 * Not flushed to the disk, unlike the reply, which was paid for: a text that a power cut takes is missing
 * from what can be read later, and from nothing else.
 */
async function writeText(path: string, text: string): Promise<void> {
  if (existsSync(path)) return;
  const unfinished = unfinishedPath(path);
  try {
    await writeFile(unfinished, text, { mode: privateFile });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw error;
  }
}

function parsedOrNull(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

function checkedHash(hash: string): string {
  if (!/^[0-9a-f]{8,128}$/.test(hash)) throw new TypeError('a request hash must be hexadecimal');
  return hash;
}
