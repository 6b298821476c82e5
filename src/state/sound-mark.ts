import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mkdir, writeFile } from '../files/disk.ts';
import { sha256 } from '../text/sha256.ts';

/** With less than this a list is read, checked and written as soon. */
export const largeBytes = 256 * 1024;

/**
 * Knows of a long task list by its hash that this user's program wrote it last, and so found it sound: then one
 * task of it can be changed without reading the others.
 */
export interface SoundMark {
  isOf(bytes: Buffer): Promise<boolean>;
  /** For bytes that are sound and complete. Never fails: what is not marked is read. */
  set(bytes: Buffer): Promise<void>;
}

/**
 * A mark for one file. It stands outside of the project, so that no clone brings one.
 * @param folder null where none can be kept
 */
export function createSoundMark(folder: string | null, path: string): SoundMark {
  if (folder === null) return { isOf: async () => false, set: async () => undefined };
  const mark = join(folder, sha256(path));
  return {
    async isOf(bytes) {
      if (bytes.length < largeBytes) return false;
      const marked = await readFile(mark, 'latin1').catch(() => null);
      return marked !== null && marked === sha256(bytes);
    },
    async set(bytes) {
      if (bytes.length < largeBytes) return;
      try {
        await mkdir(dirname(mark), { recursive: true, mode: 0o700 });
        await writeFile(mark, sha256(bytes), { mode: 0o600 });
      } catch {
        return;
      }
    },
  };
}
