import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SandboxJob } from './sandbox.ts';

/** A part of the copy that is mounted over itself: what is a mount can be neither renamed nor removed. */
export interface FixedPart {
  /** Relative to the copy. */
  readonly path: string;
  readonly readOnly: boolean;
}

/**
 * The fixed parts of a copy in which nothing runs, folders before what is in them. With each the folders above
 * it are fixed, or another one could be put in the place of one of them. What leads through a link is left out.
 */
export async function fixedParts({ copy, fixed }: SandboxJob): Promise<FixedPart[]> {
  if (fixed === undefined) return [];
  const parts = new Map<string, boolean>();
  const readOnly = new Set(fixed.readOnly);
  for (const path of [...fixed.readOnly, ...fixed.folders]) {
    if (!(await isPlain(copy, path))) continue;
    for (const folder of foldersAbove(path)) parts.set(folder, parts.get(folder) ?? false);
    parts.set(path, readOnly.has(path));
  }
  return [...parts]
    .map(([path, isFixed]) => ({ path, readOnly: isFixed }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Of `a/b/c`: `a` and `a/b`. */
function foldersAbove(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}

async function isPlain(copy: string, path: string): Promise<boolean> {
  for (const folder of foldersAbove(path))
    if (!(await lstat(join(copy, folder)).catch(() => null))?.isDirectory()) return false;
  const found = await lstat(join(copy, path)).catch(() => null);
  return found !== null && (found.isFile() || found.isDirectory());
}
