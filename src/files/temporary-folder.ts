import { execFile, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { mkdtemp, rm } from './disk.ts';
import { isOfDead, ownerMark } from './process-identity.ts';

/** A fresh folder of mode 0700, for a copy that code may run in. */
export interface TemporaryFolder extends AsyncDisposable {
  /** Absolute. */
  readonly path: string;
  /** Removes it with all that was left in it; never throws, never follows a link. */
  remove(): Promise<void>;
}

const prefix = 'blueprint-sandbox-';
const held = new Set<string>();
const swept = new Set<string>();
let watching = false;

/**
 * Makes a folder that is gone when `remove` is called or this process ends; the folders of processes that
 * were killed go when the next one is made.
 * @param parent absolute; by default the system's folder for temporary files.
 */
export async function makeTemporaryFolder(parent = tmpdir()): Promise<TemporaryFolder> {
  if (!swept.has(parent)) {
    swept.add(parent);
    await sweep(parent);
  }
  const path = await mkdtemp(join(parent, `${prefix}${ownerMark()}-`));
  held.add(path);
  if (!watching) {
    watching = true;
    process.once('exit', () => held.forEach(removeNow));
  }
  const remove = async (): Promise<void> => {
    await removeQuietTree(path);
    held.delete(path);
  };
  return { path, remove, [Symbol.asyncDispose]: remove };
}

/** Removes what dead processes of this user left behind. */
async function sweep(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names) {
    const mark = /^blueprint-sandbox-(.*)-\w+$/.exec(name)?.[1];
    if (mark === undefined || !isOfDead(mark)) continue;
    const path = join(parent, name);
    const info = await lstat(path).catch(() => null);
    // In a folder that everybody may write to, only what is ours, or was given away by root.
    if (info?.isDirectory() === true && isOurs(info.uid)) await removeTree(path);
  }
}

/** User ids from here on are nobody's: root gives such folders to one of them while code runs there. */
export const firstForeignUser = 2_000_000_000;

function isOurs(uid: number): boolean {
  const own = process.getuid?.();
  return uid === own || (own === 0 && uid >= firstForeignUser);
}

const run = promisify(execFile);

// The system's own tools walk a tree of any depth, where paths are too long for calls by name.
const removal = ['-rf', '--'];
const opening = ['-R', 'u+rwX', '--'];

/** To start a program takes as long as to remove some dozens of files. */
const mostWithoutProgram = 100;

/** A tree in which nothing runs any more. */
async function removeQuietTree(path: string): Promise<void> {
  try {
    if (await holdsFew(path)) return await rm(path, { recursive: true, force: true });
  } catch {
    // What resists is left to the system's tools.
  }
  await removeTree(path);
}

async function holdsFew(path: string): Promise<boolean> {
  const folders = [path];
  let found = 0;
  for (const folder of folders)
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (++found > mostWithoutProgram) return false;
      if (entry.isDirectory()) folders.push(join(folder, entry.name));
    }
  return true;
}

async function removeTree(path: string): Promise<void> {
  if (process.platform === 'win32') {
    await rm(path, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
    return;
  }
  try {
    await run('rm', [...removal, path]);
  } catch {
    // Folders without rights of their own keep even their owner from emptying them.
    await run('chmod', [...opening, path]).catch(() => undefined);
    await run('rm', [...removal, path]).catch(() => undefined);
  }
}

/** The same for a process that is about to end, and cannot wait. */
function removeNow(path: string): void {
  if (process.platform === 'win32') {
    rmSync(path, { recursive: true, force: true });
    return;
  }
  if (spawnSync('rm', [...removal, path]).status === 0) return;
  spawnSync('chmod', [...opening, path]);
  spawnSync('rm', [...removal, path]);
}
