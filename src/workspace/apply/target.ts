import type { BigIntStats } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { foldersAbove } from '../../domain/safe-path.ts';
import { writeNewFile } from '../../files/atomic-file.ts';
import { rename, rmdir, unlink } from '../../files/disk.ts';
import { readNoLink } from '../../files/open-file.ts';
import { sha256 } from '../../text/sha256.ts';
import { isMissing, orMissing } from '../../files/file-problem.ts';
import { findFolder, holdFolder, type HeldFolder } from './held-folder.ts';

/** What stands at a path of the project. */
export type Target =
  | { readonly kind: 'none' }
  | { readonly kind: 'file'; readonly bytes: Buffer; readonly mode: number }
  | { readonly kind: 'other'; readonly what: string };

/** A file is not, or no more, what it has to be for the step: nothing was written. */
export class TargetMoved extends Error {
  readonly path: string;
  constructor(path: string) {
    super(`${path} changed`);
    this.path = path;
  }
}

/** @throws BlueprintError `path-unsafe` where a folder on the way is a link */
export async function readTarget(root: string, path: string): Promise<Target> {
  const { folder, name } = parted(path);
  await using held = await findFolder(root, folder);
  return held === null ? { kind: 'none' } : (await look(held, name)).target;
}

export function hashOfTarget(target: Target): string | null {
  return target.kind === 'file' ? sha256(target.bytes) : null;
}

/** What a file is to become: null for no file; mode null for a new one's. */
export type Goal = { readonly bytes: Buffer; readonly mode: number | null } | null;

/**
 * Brings a file from one state to another, whole or not at all; nothing is done when it is there already.
 * @throws TargetMoved when it is in neither state; BlueprintError `path-unsafe`
 */
export async function moveTarget(
  root: string,
  path: string,
  from: string | null,
  goal: Goal,
): Promise<void> {
  const { folder, name } = parted(path);
  await using held = await (goal === null
    ? findFolder(root, folder)
    : holdFolder(root, folder, true));
  const wanted = goal === null ? null : sha256(goal.bytes);
  if (held === null) {
    if (wanted === null) return;
    throw new TargetMoved(path);
  }
  // Left by a killed process: nobody else uses such a name.
  await unlink(asideOf(held, name)).catch(() => undefined);
  let before = await look(held, name);
  if (before.target.kind === 'other' && before.target.what === 'a folder') {
    // A folder is no file; one that a killed process emptied makes room.
    if (wanted === null) return;
    if (from === null && (await removeEmptyTree(root, path))) before = await look(held, name);
  }
  if (before.target.kind === 'other') throw new TargetMoved(path);
  const hash = hashOfTarget(before.target);
  if (hash === wanted) return;
  if (hash !== from) throw new TargetMoved(path);
  if (goal === null) await unlink(held.at(name));
  else await replace(held, name, goal, before.stat, path);
  await held.sync();
}

async function replace(
  held: HeldFolder,
  name: string,
  goal: NonNullable<Goal>,
  before: BigIntStats | null,
  path: string,
): Promise<void> {
  const aside = asideOf(held, name);
  try {
    await writeNewFile(aside, goal.bytes, goal.mode === null ? undefined : goal.mode & 0o777);
    // Not what was judged: somebody saved the file, or put something else in its place.
    if (!isSame(before, await statOf(held.at(name)))) throw new TargetMoved(path);
    await rename(aside, held.at(name));
  } catch (error) {
    await unlink(aside).catch(() => undefined);
    throw error;
  }
}

function asideOf(held: HeldFolder, name: string): string {
  return held.at(`.${name.slice(0, 60)}.blueprint.tmp`);
}

async function look(
  held: HeldFolder,
  name: string,
): Promise<{ target: Target; stat: BigIntStats | null }> {
  const stat = await statOf(held.at(name));
  if (stat === null) return { target: { kind: 'none' }, stat };
  if (stat.isSymbolicLink()) return { target: { kind: 'other', what: 'a symbolic link' }, stat };
  if (stat.isDirectory()) return { target: { kind: 'other', what: 'a folder' }, stat };
  if (!stat.isFile()) return { target: { kind: 'other', what: 'no regular file' }, stat };
  await using file = await open(held.at(name), readNoLink);
  const opened = await file.stat({ bigint: true });
  if (!opened.isFile()) return { target: { kind: 'other', what: 'no regular file' }, stat };
  const bytes = await file.readFile();
  return { target: { kind: 'file', bytes, mode: Number(opened.mode) & 0o777 }, stat: opened };
}

function isSame(one: BigIntStats | null, other: BigIntStats | null): boolean {
  if (one === null || other === null) return one === other;
  return one.ino === other.ino && one.mtimeNs === other.mtimeNs && one.size === other.size;
}

function statOf(path: string): Promise<BigIntStats | null> {
  return orMissing(lstat(path, { bigint: true }), null);
}

/** Removes the folders above a file that nothing is in any more. */
export async function removeEmptyAbove(root: string, path: string): Promise<void> {
  for (let { folder } = parted(path); folder !== ''; { folder } = parted(folder))
    if (!(await removeEmpty(root, folder))) return;
}

/** A folder with folders alone in it; false, and nothing but empty ones removed, when there is more. */
async function removeEmptyTree(root: string, path: string): Promise<boolean> {
  await using held = await holdFolder(root, path, false);
  if (held === null) return true;
  for (const entry of await readdir(held.at('.'), { withFileTypes: true }))
    if (!entry.isDirectory() || !(await removeEmptyTree(root, `${path}/${entry.name}`)))
      return false;
  return removeEmpty(root, path);
}

/** The folders above these files that do not exist, outer ones first. */
export async function missingFolders(root: string, paths: readonly string[]): Promise<string[]> {
  const missing: string[] = [];
  for (const folder of new Set(paths.flatMap(foldersAbove))) {
    await using held = await findFolder(root, folder);
    // A file that goes in the same apply may stand in the place of one.
    if (held === null) missing.push(folder);
  }
  return missing.sort();
}

/** False when there is something in it, or it is no folder. */
export async function removeEmpty(root: string, path: string): Promise<boolean> {
  const { folder, name } = parted(path);
  await using held = await holdFolder(root, folder, false).catch(() => null);
  if (held === null) return true;
  try {
    await rmdir(held.at(name));
    return true;
  } catch (error) {
    return isMissing(error);
  }
}

function parted(path: string): { folder: string; name: string } {
  const slash = path.lastIndexOf('/');
  return slash === -1
    ? { folder: '', name: path }
    : { folder: path.slice(0, slash), name: path.slice(slash + 1) };
}
