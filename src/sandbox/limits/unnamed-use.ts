import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { idsIn } from '../../files/process-family.ts';

/**
 * Bytes of files that processes hold open and that have no name any more, or never had one, by the number of the
 * file system that they are in. Who may not be looked at holds none.
 * @param proc a mounted proc file system: of a pid namespace, or /proc.
 * @param pids of these alone; by default of all that it shows.
 */
export function unnamedUse(proc: string, pids?: readonly number[]): Map<number, number> {
  const seen = new Set<string>();
  const bytes = new Map<number, number>();
  for (const pid of pids?.map(String) ?? idsIn(proc))
    for (const path of openFiles(join(proc, pid, 'fd'))) {
      const file = lookAt(path);
      if (file === null || !file.isFile() || file.nlink > 0) continue;
      const key = `${file.dev} ${file.ino}`;
      if (seen.has(key)) continue;
      seen.add(key);
      bytes.set(file.dev, (bytes.get(file.dev) ?? 0) + file.blocks * 512);
    }
  return bytes;
}

function openFiles(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function lookAt(path: string) {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}
