import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { slashPath } from '../files/contained-path.ts';
import { sha256 } from '../text/sha256.ts';

/** Files that are read at one time. */
const atOnce = 32;

/** What stands at each path: text, program or link, with a hash of its content. */
export type ContentStates = ReadonlyMap<string, string>;

/** A hash (hexadecimal) of all that stands in a folder: paths, contents, links, and what can be executed. */
export async function contentId(folder: string): Promise<string> {
  return idOf(await contentStates(folder, (await entriesBelow(folder)).files));
}

/** Paths below a folder, relative and sorted. Links are not followed; whatever is no folder counts as a file. */
export async function entriesBelow(
  folder: string,
): Promise<{ files: string[]; folders: string[] }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const pathOf = ({ parentPath, name }: { parentPath: string; name: string }): string =>
    slashPath(folder, join(parentPath, name));
  return {
    files: entries.flatMap((entry) => (entry.isDirectory() ? [] : [pathOf(entry)])).sort(),
    folders: entries.flatMap((entry) => (entry.isDirectory() ? [pathOf(entry)] : [])).sort(),
  };
}

/** What stands at some paths of a folder, in their order; of those where nothing is, nothing. */
export async function contentStates(
  folder: string,
  paths: readonly string[],
): Promise<ContentStates> {
  const states = new Map<string, string>();
  await inGroups(paths, async (path) => {
    const state = await stateOf(join(folder, path));
    if (state !== null) states.set(path, state);
  });
  return states;
}

export function idOf(states: ContentStates): string {
  const hash = createHash('sha256');
  for (const path of [...states.keys()].sort()) hash.update(`${path}\0${states.get(path)}\0`);
  return hash.digest('hex');
}

/** Does it for each, for some of them at a time. */
export async function inGroups<T>(
  all: readonly T[],
  act: (one: T) => Promise<unknown>,
): Promise<void> {
  for (let at = 0; at < all.length; at += atOnce)
    await Promise.all(all.slice(at, at + atOnce).map(act));
}

async function stateOf(path: string): Promise<string | null> {
  const stat = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
  if (stat === null) return null;
  if (stat.isSymbolicLink()) return `link ${await readlink(path)}`;
  if (!stat.isFile()) return 'other';
  const kind = (stat.mode & 0o111) === 0 ? 'file' : 'program';
  return `${kind} ${sha256(await readFile(path))}`;
}
