import { constants, existsSync } from 'node:fs';
import { lstat, open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { mkdir } from '../../files/disk.ts';
import { BlueprintError } from '../../domain/errors.ts';
import { isMissing } from '../../files/file-problem.ts';
import { pathClash } from '../problems.ts';
import { unsafe } from '../../files/contained-path.ts';

/** A folder that is held open: what is put in its place afterwards is not reached through it. */
export interface HeldFolder extends AsyncDisposable {
  /** The path of an entry in it, for one call of the file system. */
  readonly at: (name: string) => string;
  /** Makes what was renamed or removed in it durable, where the system can. */
  readonly sync: () => Promise<void>;
}

/** Linux names open files: each step then starts from the folder that was judged, whatever its name now is. */
const named = process.platform === 'linux' && existsSync('/proc/self/fd');

/**
 * Goes down from a folder by one name after the other, through no link.
 * @param path slash path below the root, or '' for the root itself
 * @returns null when there is no such folder and none is to be made
 * @throws BlueprintError `path-unsafe` for a link, `workspace-path-conflict` for a file on the way
 */
export async function holdFolder(
  root: string,
  path: string,
  make: boolean,
): Promise<HeldFolder | null> {
  let held = await hold(root, 0);
  for (const name of path === '' ? [] : path.split('/')) {
    await using outer = held;
    const inner = await step(outer.at(name), path, make);
    if (inner === null) return null;
    held = inner;
  }
  return held;
}

/** As `holdFolder`, where a file on the way means that there is no such folder. */
export async function findFolder(root: string, path: string): Promise<HeldFolder | null> {
  try {
    return await holdFolder(root, path, false);
  } catch (error) {
    if (error instanceof BlueprintError && error.code === 'workspace-path-conflict') return null;
    throw error;
  }
}

async function step(next: string, path: string, make: boolean): Promise<HeldFolder | null> {
  for (let isTried = false; ; isTried = true) {
    try {
      const stat = await lstat(next);
      if (stat.isSymbolicLink()) throw unsafe(path, 'passes through a symbolic link');
      if (!stat.isDirectory()) throw pathClash(path, 'a file stands where a folder is needed');
      return await hold(next, constants.O_NOFOLLOW);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Put there since it was looked at.
      if (code === 'ELOOP' || code === 'ENOTDIR')
        throw unsafe(path, 'passes through a symbolic link');
      if (!isMissing(error)) throw error;
      if (!make || isTried) return null;
      await makeOne(next);
    }
  }
}

async function makeOne(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

async function hold(path: string, flags: number): Promise<HeldFolder> {
  const nothing = async (): Promise<void> => {};
  if (!named)
    return { at: (name) => join(path, name), sync: nothing, [Symbol.asyncDispose]: nothing };
  const handle: FileHandle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | flags);
  return {
    at: (name) => `/proc/self/fd/${handle.fd}/${name}`,
    sync: () => handle.sync(),
    [Symbol.asyncDispose]: () => handle.close(),
  };
}
