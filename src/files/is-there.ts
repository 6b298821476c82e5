import { lstatSync, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { unlessMissing } from './file-problem.ts';

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

/**
 * What stands at a path, a link for itself; null for nothing. Without waiting, and without the error that
 * the system's own call makes for nothing, which takes longer than the look.
 * @throws the file system's error where it lets nobody look
 */
export function looked(path: string): Stats | null {
  return unlessMissing(() => lstatSync(path, { throwIfNoEntry: false }) ?? null);
}

/** As `looked`; null also where the file system lets nobody look. */
export function lookedIfAllowed(path: string): Stats | null {
  try {
    return looked(path);
  } catch {
    return null;
  }
}
