import * as disk from 'node:fs/promises';
import { isOwnFolder, privateFile, privateFolder } from './private.ts';

/**
 * The calls that change what is on the disk. All of the program writes through these, so that there is one
 * place where a disk can be made to fail, and one list of what the program can do to it.
 */
export const chmod = watched('chmod', disk.chmod);
export const mkdir = watched(
  'mkdir',
  (path: string, options: { recursive?: boolean; mode?: number } = {}) =>
    disk.mkdir(path, { mode: isOwnFolder(path) ? privateFolder : 0o777, ...options }),
);
export const mkdtemp = watched('mkdtemp', (prefix: string) => disk.mkdtemp(prefix));
export const rm = watched('rm', disk.rm);
export const rmdir = watched('rmdir', disk.rmdir);
export const truncate = watched('truncate', disk.truncate);
export const unlink = watched('unlink', disk.unlink);
export const utimes = watched('utimes', disk.utimes);
export const writeFile = watched(
  'write',
  (path: string, content: string | Uint8Array, options: { flag?: string; mode?: number } = {}) =>
    disk.writeFile(path, content, { mode: isOwnFolder(path) ? privateFile : 0o666, ...options }),
);
export const copyFile = watched('copy', disk.copyFile, 1);
export const link = watched('link', disk.link, 1);
export const rename = watched('rename', disk.rename, 1);
export const symlink = watched('symlink', disk.symlink, 1);

/** For writing; what is done by the handle is watched as well. */
export async function open(
  path: string,
  flags: 'r' | 'w' | 'wx' | 'a+' | 'ax+',
  mode: number = isOwnFolder(path) ? privateFile : 0o666,
): Promise<disk.FileHandle> {
  if (flags !== 'r') watcher?.('open', path);
  const file = await disk.open(path, flags, mode);
  if (watcher !== null) watchHandle(file, path);
  return file;
}

/** Hears of each change before it is made, with the path that it is made to; what it throws fails it. */
export type DiskWatcher = (operation: string, path: string) => void;

let watcher: DiskWatcher | null = null;

/** For tests, which make a disk fail so. @param next null: nobody watches any more */
export function watchDisk(next: DiskWatcher | null): void {
  watcher = next;
}

/** @param changed which of the arguments is the path that changes. */
function watched<A extends readonly unknown[], R>(
  operation: string,
  act: (...args: A) => Promise<R>,
  changed = 0,
): (...args: A) => Promise<R> {
  return async (...args) => {
    watcher?.(operation, String(args[changed]));
    return act(...args);
  };
}

function watchHandle(file: disk.FileHandle, path: string): void {
  for (const operation of ['write', 'writeFile', 'sync', 'chmod'] as const) {
    const act = file[operation].bind(file) as (...args: unknown[]) => Promise<never>;
    file[operation] = async (...args: unknown[]) => {
      watcher?.(operation, path);
      return act(...args);
    };
  }
}
