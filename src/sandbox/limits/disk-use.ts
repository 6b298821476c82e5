import type { Stats } from 'node:fs';
import { lstat, readdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** What each file, folder and link counts for at least, in bytes: empty ones fill a disk too. */
const leastBytes = 4_096;
/** Entries looked up at once. */
const batch = 64;

/**
 * Bytes that a folder takes on disk, with at least 4 KiB for each entry below it. What vanishes meanwhile,
 * or cannot be read, counts for nothing.
 * @param stopAt the walk ends when it has found this much.
 * @param visit is shown each entry.
 */
export async function diskUse(
  folder: string,
  stopAt: number,
  visit?: (path: string, info: Stats) => Promise<void>,
): Promise<number> {
  let bytes = 0;
  const waiting = [folder];
  for (let at = waiting.pop(); at !== undefined && bytes < stopAt; at = waiting.pop()) {
    const names = await readdir(at).catch(() => []);
    for (let index = 0; index < names.length && bytes < stopAt; index += batch) {
      const paths = names.slice(index, index + batch).map((name) => join(at, name));
      await Promise.all(
        paths.map(async (path) => {
          const info = await lstat(path).catch(() => null);
          if (info === null) return;
          if (info.isDirectory()) waiting.push(path);
          bytes += Math.max(info.blocks * 512, leastBytes);
          await visit?.(path, info);
        }),
      );
    }
  }
  return bytes;
}

/** The same for a whole file system of its own; 0 when it is gone. */
export async function mountUse(folder: string): Promise<number> {
  const info = await statfs(folder).catch(() => null);
  if (info === null) return 0;
  return Math.max((info.blocks - info.bfree) * info.bsize, (info.files - info.ffree) * leastBytes);
}
