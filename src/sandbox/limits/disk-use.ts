import { constants, type Stats } from 'node:fs';
import { open, readdir, statfs, type FileHandle } from 'node:fs/promises';
import { setImmediate as others } from 'node:timers/promises';
import { lookedIfAllowed } from '../../files/is-there.ts';

/** What each file, folder and link counts for at least, in bytes: empty ones fill a disk too. */
const leastBytes = 4_096;
/** Entries looked up before others have their turn. */
const batch = 64;
/** A longer path is gone on from by an open folder: the system takes none above 4,096 characters. */
const longPath = 3_000;
/** Folders that are open for that at one time; deeper than that nothing is counted one by one. */
const mostOpen = 200;

/** What a walk tells beside the bytes. */
export interface Walk {
  /** Is shown each entry. */
  readonly visit?: (path: string, info: Stats) => void;
  /** Is told of folders whose rights keep this process out. */
  readonly closed?: () => void;
}

/**
 * Bytes that a folder takes on disk, with at least 4 KiB for each entry below it. What vanishes meanwhile,
 * or cannot be read, counts for nothing.
 * @param stopAt the walk ends when it has found this much, and where folders are too deep to be walked.
 */
export async function diskUse(folder: string, stopAt: number, walk: Walk = {}): Promise<number> {
  let bytes = 0;
  const waiting = [folder];
  const held: FileHandle[] = [];
  try {
    for (let at = waiting.pop(); at !== undefined && bytes < stopAt; at = waiting.pop()) {
      if (at.length > longPath) {
        if (held.length >= mostOpen) return Number.isFinite(stopAt) ? stopAt : bytes;
        const handle = await open(at, folderOnly).catch(() => null);
        if (handle === null) continue;
        held.push(handle);
        at = `/proc/self/fd/${handle.fd}`;
      }
      const names = await readdir(at).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'EACCES') walk.closed?.();
        return [];
      });
      const place = at;
      for (let index = 0; index < names.length && bytes < stopAt; index += batch) {
        if (index > 0) await others();
        for (const name of names.slice(index, index + batch)) {
          const path = `${place}/${name}`;
          // Without a thread: a copy is walked again and again, and each look takes microseconds.
          const info = lookedIfAllowed(path);
          if (info === null) continue;
          if (info.isDirectory()) waiting.push(path);
          bytes += Math.max(info.blocks * 512, leastBytes);
          walk.visit?.(path, info);
        }
      }
    }
  } finally {
    for (const handle of held) await handle.close();
  }
  return bytes;
}

const folderOnly = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** Bytes that are free where a folder is; null when it is gone. */
export async function freeBytes(folder: string): Promise<number | null> {
  const info = await statfs(folder).catch(() => null);
  return info === null ? null : info.bfree * info.bsize;
}

/** What a whole file system takes, that is a run’s own; 0 when it is gone. */
export async function mountUse(folder: string): Promise<number> {
  const info = await statfs(folder).catch(() => null);
  if (info === null) return 0;
  return Math.max((info.blocks - info.bfree) * info.bsize, (info.files - info.ffree) * leastBytes);
}
