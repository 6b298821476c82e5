import { readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import { writeFileAtomic } from '../../files/atomic-file.ts';
import { chmod, mkdir, rm } from '../../files/disk.ts';
import { orMissing, writeProblem } from '../../files/file-problem.ts';
import { sha256 } from '../../text/sha256.ts';
import { userFolder } from '../user-folder.ts';

/** A config file as it was when a person trusted it. */
const entrySchema = z.object({ path: z.string(), sha256: z.string() });
export type TrustEntry = z.infer<typeof entrySchema>;

/** What a person said of config files, one file each, so that processes do not disturb each other. */
export interface TrustStore {
  /** Whether this very text at this very place was trusted. @param path absolute */
  has(path: string, text: string): Promise<boolean>;
  /** @throws BlueprintError where it cannot be kept */
  add(path: string, text: string): Promise<void>;
  /** False where there was nothing to take back. */
  remove(path: string): Promise<boolean>;
  /** By path. */
  list(): Promise<readonly TrustEntry[]>;
}

export function createTrustStore(env: NodeJS.ProcessEnv): TrustStore {
  const folder = join(userFolder(env), 'trusted');
  const fileOf = (place: string): string => join(folder, `${sha256(place)}.json`);
  const read = async (file: string): Promise<TrustEntry | null> => {
    const text = await orMissing(readFile(file, 'utf8'), null);
    return text === null ? null : entryIn(text);
  };
  return {
    async has(path, text) {
      const place = await placeOf(path);
      const entry = await read(fileOf(place));
      return entry !== null && entry.path === place && entry.sha256 === sha256(text);
    },
    async add(path, text) {
      const place = await placeOf(path);
      const entry: TrustEntry = { path: place, sha256: sha256(text) };
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await chmod(folder, 0o700);
        await writeFileAtomic(fileOf(place), `${JSON.stringify(entry, null, 2)}\n`);
        await chmod(fileOf(place), 0o600);
      } catch (error) {
        throw writeProblem(error, folder);
      }
    },
    async remove(path) {
      const file = fileOf(await placeOf(path));
      if ((await read(file)) === null) return false;
      await rm(file, { force: true });
      return true;
    },
    async list() {
      const names = await orMissing(readdir(folder), []);
      const entries = await Promise.all(
        names.filter((name) => name.endsWith('.json')).map((name) => read(join(folder, name))),
      );
      return entries
        .flatMap((entry) => entry ?? [])
        .sort((one, other) => (one.path < other.path ? -1 : 1));
    },
  };
}

/**
 * Where a config file stands, links to its folder followed. Not a link in its own place: to trust one project
 * is not to trust another that shows the same file, from where its relative names lead elsewhere.
 */
async function placeOf(path: string): Promise<string> {
  return join(await realpath(dirname(path)).catch(() => dirname(path)), basename(path));
}

/** Null for what is no entry, as after a hand's edit. */
function entryIn(text: string): TrustEntry | null {
  try {
    return entrySchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
