import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

let writes = 0;

/** The names that `writeFileAtomic` gives its unfinished files: `.NAME.PID-N.tmp`. */
export const unfinishedName = /^\..+\.(\d+)-\d+\.tmp$/;

/**
 * Puts a file in place whole or not at all: written beside it, flushed to the disk, then renamed over it.
 * Not write-file-atomic, which renames a cut-off file into place when the disk is full
 * (docs/decisions/0002-own-atomic-write.md).
 * @throws the file system's error; the old file is then as it was.
 */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  const folder = dirname(path);
  const unfinished = join(folder, `.${basename(path)}.${process.pid}-${++writes}.tmp`);
  try {
    const file = await open(unfinished, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(folder);
}

/** Makes a rename in the folder last. Not every system can open a folder; there the rename must do. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    return;
  }
}
