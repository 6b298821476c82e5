import { join } from 'node:path';
import { messageOf } from '../../domain/errors.ts';
import { writeFileAtomic } from '../../files/atomic-file.ts';
import { placeBelow } from '../../files/contained-path.ts';
import { rm } from '../../files/disk.ts';
import { writeProblem } from '../../files/file-problem.ts';
import { lookedIfAllowed } from '../../files/is-there.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { openFile } from '../../files/open-file.ts';
import { decodeIndex, type DecodedIndex } from './decode-index.ts';
import { encodeIndex } from './encode-index.ts';
import type { IndexContent } from './index-content.ts';
import { grown, newSince } from './index-growth.ts';

/** Below the project's root; all of it can be made anew, so it may be deleted at any time. */
export const indexFolder = '.blueprint/index';
const indexFile = `${indexFolder}/files.bin`;
/** What was found since that was written: most commands find a few changed files, and all is much to write. */
const changesFile = `${indexFolder}/changes.bin`;

export interface KeptIndex {
  /** Bytes, as far as they can be told without reading it; 0 where there is none. */
  size(): number;
  /** Null where there is none of this version and this user, or it is not whole. */
  load(): Promise<IndexContent | null>;
  /** @returns why it could not be kept, or null; the next command then reads all files anew */
  save(content: IndexContent): Promise<string | null>;
}

/**
 * The index as files of the project. Each process writes whole ones in place of the last: of several at once
 * one stays, and what it lacks is read again. Changes that go on from another index than is there are none.
 * @param key of this user, by which an index that somebody else made is known
 */
export function keptIndex(root: string, key: () => Promise<Buffer | null>): KeptIndex {
  const fileAt = async (path: string): Promise<DecodedIndex | null> => {
    try {
      const found = await placeBelow(root, path, 'inside');
      if ('problem' in found || found.place === null) return null;
      return decodeIndex(await bytesOf(found.place), await key());
    } catch {
      // Broken, cut off or not to be read: it is made anew.
      return null;
    }
  };
  /** As it was loaded, without changes, and how many words it had. */
  let whole: DecodedIndex | null = null;
  let words = 0;
  return {
    size: () => lookedIfAllowed(join(root, indexFile))?.size ?? 0,
    async load() {
      const [first, changes] = await Promise.all([fileAt(indexFile), fileAt(changesFile)]);
      if (first === null || first.after !== null) return null;
      whole = first;
      words = first.content.words.length;
      return changes?.after === first.seal ? grown(first.content, changes.content) : first.content;
    },
    async save(content) {
      const changes = whole === null ? null : newSince(whole.content, words, content);
      try {
        for (const path of [indexFile, changesFile]) {
          const found = await placeBelow(root, path, 'inside');
          if ('problem' in found) return `its path ${found.problem}`;
        }
        if (whole !== null && changes !== null) {
          const pieces = encodeIndex(changes, await key(), whole.seal);
          await writeFileAtomic(join(root, changesFile), pieces, 'early');
          return null;
        }
        whole = null;
        await makeFolder(join(root, indexFolder));
        // Whatever the project's own ignore files say, it is nothing to commit.
        await writeFileAtomic(join(root, indexFolder, '.gitignore'), '*\n', 'early');
        await writeFileAtomic(join(root, indexFile), encodeIndex(content, await key()), 'early');
        await rm(join(root, changesFile), { force: true });
        return null;
      } catch (error) {
        return messageOf(writeProblem(error, indexFolder));
      }
    },
  };
}

/** In one piece: numbers are read where they stand. */
async function bytesOf(place: string): Promise<Buffer> {
  await using file = await openFile(place);
  const { size } = await file.stat();
  const bytes = Buffer.allocUnsafeSlow(size);
  const { bytesRead } = await file.read(bytes, 0, size, 0);
  return bytes.subarray(0, bytesRead);
}
