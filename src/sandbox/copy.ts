import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync, rmSync } from 'node:fs';
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A fresh folder of mode 0700, for one run in a sandbox. */
export interface SandboxCopy {
  /** Absolute. */
  readonly path: string;
  /** Removes it with all that code left in it; never throws, never follows a link. */
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
export async function makeCopy(parent = tmpdir()): Promise<SandboxCopy> {
  if (!swept.has(parent)) {
    swept.add(parent);
    await sweep(parent);
  }
  const path = await mkdtemp(join(parent, `${prefix}${identity(process.pid)}-`));
  held.add(path);
  if (!watching) {
    watching = true;
    process.once('exit', () => held.forEach(removeNow));
  }
  return {
    path,
    async remove() {
      await removeTree(path);
      held.delete(path);
    },
  };
}

/**
 * `pid-start-namespace`: a pid alone may be another process's by now, or another container's. Systems
 * without /proc tell the pid alone.
 */
function identity(pid: number): string {
  return `${pid}-${startOf(pid) ?? '0'}-${namespaceOf('self') ?? '0'}`;
}

function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 22 of proc_pid_stat(5), in ticks since the system's start; the name may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function namespaceOf(pid: number | 'self'): string | null {
  try {
    return /\d+/.exec(readlinkSync(`/proc/${pid}/ns/pid`))?.[0] ?? null;
  } catch {
    return null;
  }
}

/** Removes what dead processes of this user left behind. */
async function sweep(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names) {
    const [, pid = '', start, namespace] =
      /^blueprint-sandbox-(\d+)-(\d+)-(\d+)-\w+$/.exec(name) ?? [];
    if (pid === '' || namespace !== (namespaceOf('self') ?? '0')) continue;
    if (isAlive(Number(pid)) && (startOf(Number(pid)) ?? '0') === start) continue;
    const path = join(parent, name);
    const info = await lstat(path).catch(() => null);
    // In a folder that everybody may write to, only what is ours.
    if (info?.isDirectory() === true && info.uid === process.getuid?.()) await removeTree(path);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

const run = promisify(execFile);

// The system's own tools walk a tree of any depth, where paths are too long for calls by name.
const removal = ['-rf', '--'];
const opening = ['-R', 'u+rwX', '--'];

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
