import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Whether a file stands there. What is no path at all, as it is too long or has a line feed, is none. */
export function isFile(path: string): Promise<boolean> {
  return is(path, (found) => found.isFile());
}

export function isFolder(path: string): Promise<boolean> {
  return is(path, (found) => found.isDirectory());
}

function is(path: string, kind: (found: Stats) => boolean): Promise<boolean> {
  return stat(path).then(kind, () => false);
}
