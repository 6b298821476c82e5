import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../../files/atomic-file.ts';
import { placeBelow } from '../../files/contained-path.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { decodeIndex, encodeIndex, type IndexContent } from './index-file.ts';

/** Below the project's root; all of it can be made anew, so it may be deleted at any time. */
export const indexFolder = '.blueprint/index';
const indexFile = `${indexFolder}/files.bin`;

export interface KeptIndex {
  /** Null where there is none of this version and this user, or it is not whole. */
  load(): Promise<IndexContent | null>;
  /** @returns why it could not be kept, or null; the next command then reads all files anew */
  save(content: IndexContent): Promise<string | null>;
}

/**
 * The index as a file of the project. Each process writes a whole one in place of the last: of several at
 * once one stays, and what it lacks is read again.
 * @param key of this user, by which an index that somebody else made is known
 */
export function keptIndex(root: string, key: () => Promise<Buffer | null>): KeptIndex {
  return {
    async load() {
      try {
        const found = await placeBelow(root, indexFile, 'inside');
        if ('problem' in found || found.place === null) return null;
        return decodeIndex(await readFile(found.place), await key());
      } catch {
        // Broken, cut off or not to be read: it is made anew.
        return null;
      }
    },
    async save(content) {
      try {
        const found = await placeBelow(root, indexFile, 'inside');
        if ('problem' in found) return `its path ${found.problem}`;
        await makeFolder(join(root, indexFolder));
        // Whatever the project's own ignore files say, it is nothing to commit.
        await writeFileAtomic(join(root, indexFolder, '.gitignore'), '*\n', 'early');
        await writeFileAtomic(join(root, indexFile), encodeIndex(content, await key()), 'early');
        return null;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
  };
}
