import { basename, dirname, join } from 'node:path';
import { open, rename, rm, type OpenFile } from './disk.ts';
import { ownerMark } from './process-identity.ts';

let writes = 0;

/** Where a file is written until it is whole: `.NAME.MARK-N.tmp` beside it, the mark its process's. */
export function unfinishedPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${ownerMark()}-${++writes}.tmp`);
}

/** Whose unfinished file has this name: the mark of a process, or of version 0.1.0 its pid; null for none. */
export function ownerOfUnfinished(name: string): string | null {
  return /^\..+\.(\d+(?:-\d+-\d+)?)-\d+\.tmp$/.exec(name)?.[1] ?? null;
}

/** In one, or in pieces that are made when they are written. */
export type FileContent = string | Uint8Array | Iterable<Uint8Array>;

/**
 * Puts a file in place whole or not at all: written beside it, flushed to the disk, then renamed over it.
 * Not write-file-atomic, which renames a cut-off file into place when the disk is full
 * (docs/decisions/0002-own-atomic-write.md).
 * @param when `early`: renamed before it is flushed, so that a killed process loses the least; a power cut
 * may then leave an empty file, which its reader must know for none
 * @param mode permission bits, before the umask
 * @throws the file system's error; the old file is then as it was.
 */
export async function writeFileAtomic(
  path: string,
  content: FileContent,
  when: 'safe' | 'early' = 'safe',
  mode?: number,
): Promise<void> {
  const folder = dirname(path);
  const unfinished = unfinishedPath(path);
  try {
    if (when === 'safe') {
      await writeFlushed(unfinished, content, 'w', mode);
      await rename(unfinished, path);
    } else {
      await using file = await open(unfinished, 'w', mode);
      await writeTo(file, content);
      await rename(unfinished, path);
      await file.sync();
    }
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(folder);
}

/**
 * Writes a file that is not there yet, flushed to the disk; its name lasts once its folder is synced.
 * @param mode permission bits; the system's for new files by default
 * @throws the file system's error, `EEXIST` where something stands, a link too
 */
export function writeNewFile(
  path: string,
  content: string | Uint8Array,
  mode?: number,
): Promise<void> {
  return writeFlushed(path, content, 'wx', mode);
}

async function writeFlushed(
  path: string,
  content: FileContent,
  flags: 'w' | 'wx',
  mode?: number,
): Promise<void> {
  await using file = await open(path, flags, mode);
  await writeTo(file, content);
  if (mode !== undefined) await file.chmod(mode);
  await file.sync();
}

async function writeTo(file: OpenFile, content: FileContent): Promise<void> {
  const pieces = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
  // Each goes on where the last one ended.
  for (const piece of pieces) await file.writeFile(piece);
}

/** Makes renames in the folder last. Not every system can open a folder; there the rename must do. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    await using handle = await open(folder, 'r');
    await handle.sync();
  } catch {
    return;
  }
}
