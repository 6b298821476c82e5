import { readFile, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import { modelIdentitySchema } from '../domain/model-identity.ts';
import { usageSchema } from '../domain/usage.ts';
import { writeFileAtomic } from '../files/atomic-file.ts';
import { assertContained, featurePath, shownPath, type FeaturePlace } from './feature-folder.ts';
import { errnoOf, writeProblem } from '../files/file-problem.ts';
import { makeFolder } from '../files/make-folder.ts';

/** `features/SLUG/calls/HASH.json`: a finished model call with everything that a caller may read of it. */
export const storedCallSchema = z.strictObject({
  version: z.literal(1),
  text: z.string(),
  finishReason: z.enum(['stop', 'length', 'refusal', 'other']),
  rawFinishReason: z.string().nullable(),
  usage: usageSchema,
  identity: modelIdentitySchema,
  servedBy: z.string(),
  warnings: z.array(z.string()).readonly(),
  at: z.string(),
  durationMs: z.number().min(0),
});
export type StoredCall = Readonly<z.infer<typeof storedCallSchema>>;

export interface CallFiles {
  /** Null when there is none. A damaged one counts as none, and is set aside as `HASH.damaged-N.json`. */
  read(hash: string): Promise<StoredCall | null>;
  /** Whole or not at all, with fsync. @throws BlueprintError when it cannot be written. */
  write(hash: string, call: StoredCall): Promise<void>;
  /** Sets a call aside as `HASH.forgotten-N.json`, so that it is asked anew; nothing when there is none. */
  forget(hash: string): Promise<void>;
}

/** The finished calls of one feature, by the hash of their request (hexadecimal). */
export function createCallStore(place: FeaturePlace, slug: string): CallFiles {
  const pathOf = async (name: string): Promise<string> => {
    const path = featurePath(place, slug, `calls/${name}.json`);
    await assertContained(place, path);
    return path;
  };
  const setAside = async (hash: string, why: 'damaged' | 'forgotten'): Promise<void> => {
    const path = await pathOf(hash);
    for (let number = 1; ; number++) {
      const aside = await pathOf(`${hash}.${why}-${number}`);
      if (await exists(aside)) continue;
      try {
        await rename(path, aside);
      } catch (error) {
        if (errnoOf(error) !== 'ENOENT') throw writeProblem(error, shownPath(place, path));
      }
      return;
    }
  };

  return {
    async read(hash) {
      const path = await pathOf(checkedHash(hash));
      let text: string;
      try {
        text = await readFile(path, 'utf8');
      } catch (error) {
        if (errnoOf(error) === null) throw error;
        return null;
      }
      const call = parseCall(text);
      // A folder that cannot be written still holds a call that cannot be read.
      if (call === null) await setAside(hash, 'damaged').catch(() => undefined);
      return call;
    },

    async write(hash, call) {
      const path = await pathOf(checkedHash(hash));
      try {
        await makeFolder(dirname(path));
        await writeFileAtomic(path, `${JSON.stringify(call, null, 2)}\n`);
      } catch (error) {
        throw writeProblem(error, shownPath(place, path));
      }
    },

    forget: (hash) => setAside(checkedHash(hash), 'forgotten'),
  };
}

function parseCall(text: string): StoredCall | null {
  try {
    return storedCallSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

function checkedHash(hash: string): string {
  if (!/^[0-9a-f]{8,128}$/.test(hash)) throw new TypeError('a request hash must be hexadecimal');
  return hash;
}
