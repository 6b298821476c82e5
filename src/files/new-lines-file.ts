import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open as openToRead, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ownerOfUnfinished, syncFolder, unfinishedPath } from './atomic-file.ts';
import { open, rename, rm } from './disk.ts';
import { errnoOf, writing } from './file-problem.ts';
import { privateFile } from './private.ts';
import { isOfDead } from './process-identity.ts';
import { readNoLink } from './open-file.ts';

/** A file of lines that is put in place whole, when all of it is on the disk, or not at all. */
export interface NewLinesFile {
  write(line: string): Promise<void>;
  /** No more lines come. */
  end(): Promise<void>;
  /** Puts a line before all others, after `end`. */
  prepend(line: string): Promise<void>;
  /** After `end`. Whatever stands at the path is replaced. */
  place(): Promise<void>;
  /** Leaves nothing behind; does nothing once it is placed. Never throws. */
  discard(): Promise<void>;
}

/** So much is kept in memory before it is written, in characters. */
const blockLength = 256 * 1024;

/**
 * Begins a file beside its place, for its user alone, as it holds prompts and replies.
 * @param path absolute; its folder is there
 * @param shown the path for people
 * @throws BlueprintError of what cannot be written; so do the file's functions
 */
export async function newLinesFile(path: string, shown: string): Promise<NewLinesFile> {
  await sweepUnfinished(path);
  const begun = unfinishedPath(path);
  const file = await writing(shown, () => open(begun, 'wx', privateFile));
  let unfinished: string | null = begun;
  let block = '';
  let isOpen = true;
  const flush = async (): Promise<void> => {
    const text = block;
    block = '';
    if (text !== '') await writing(shown, () => file.writeFile(text));
  };
  const close = async (): Promise<void> => {
    if (isOpen) await file.close();
    isOpen = false;
  };
  return {
    async write(line) {
      block += `${line}\n`;
      if (block.length >= blockLength) await flush();
    },
    async end() {
      await flush();
      await writing(shown, () => file.sync().then(close));
    },
    async prepend(line) {
      const body = unfinished;
      if (body === null) return;
      const whole = unfinishedPath(path);
      try {
        await writing(shown, () => writeJoined(whole, line, body));
      } catch (error) {
        await rm(whole, { force: true }).catch(() => undefined);
        throw error;
      }
      unfinished = whole;
      await rm(body, { force: true });
    },
    async place() {
      const whole = unfinished;
      if (whole === null) return;
      await writing(shown, () => rename(whole, path));
      unfinished = null;
      await syncFolder(dirname(path));
    },
    async discard() {
      await close().catch(() => undefined);
      if (unfinished !== null) await rm(unfinished, { force: true }).catch(() => undefined);
    },
  };
}

async function writeJoined(path: string, line: string, body: string): Promise<void> {
  await using joined = await open(path, 'wx', privateFile);
  await joined.writeFile(`${line}\n`);
  for await (const piece of createReadStream(body)) await joined.writeFile(piece as Buffer);
  await joined.sync();
}

/** What killed processes left of this file. */
async function sweepUnfinished(path: string): Promise<void> {
  const folder = dirname(path);
  for (const name of await readdir(folder).catch(() => [])) {
    const owner = name.startsWith(`.${basename(path)}.`) ? ownerOfUnfinished(name) : null;
    if (owner !== null && isOfDead(owner))
      await rm(join(folder, name), { force: true }).catch(() => undefined);
  }
}

/** SHA-256 of a file of any length, hex. @throws the file system's error */
export async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex');
}

/** The first line of a file, of at most 64 KiB; null where there is no such file or line. */
export async function firstLine(path: string): Promise<string | null> {
  try {
    await using file = await openToRead(path, readNoLink);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(65_536), 0, 65_536, 0);
    const text = buffer.toString('utf8', 0, bytesRead);
    const end = text.indexOf('\n');
    return end === -1 ? null : text.slice(0, end);
  } catch (error) {
    if (errnoOf(error) === null) throw error;
    return null;
  }
}
