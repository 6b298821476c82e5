import {
  chmodSync,
  closeSync,
  fchmodSync,
  fstatSync,
  fsync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFile as writeFileByThread,
  writeFileSync,
  writeSync,
  type RmOptions,
} from 'node:fs';
import * as disk from 'node:fs/promises';
import { promisify } from 'node:util';
import { isOwnFolder, privateFile, privateFolder } from './private.ts';

/**
 * The calls that change what is on the disk. All of the program writes through these, so that there is one
 * place where a disk can be made to fail, and one list of what the program can do to it.
 *
 * What changes names and small files is done without waiting: the system does it in its memory within
 * microseconds, and handing it to a thread of its own costs many times that. What waits for the disk
 * itself, or moves much, is given to a thread: flushing, large files, copies, whole folders.
 */
export const chmod = watched('chmod', chmodSync);
export const mkdir = watched(
  'mkdir',
  (path: string, options: { recursive?: boolean; mode?: number } = {}) => {
    mkdirSync(path, { mode: isOwnFolder(path) ? privateFolder : 0o777, ...options });
  },
);
export const mkdtemp = watched('mkdtemp', (prefix: string) => disk.mkdtemp(prefix));
export const rm = watched('rm', async (path: string, options: RmOptions = {}) => {
  if (options.recursive === true) {
    if (options.force !== true || isThere(path)) await disk.rm(path, options);
    return;
  }
  try {
    unlinkSync(path);
  } catch (error) {
    if (options.force !== true || isThere(path)) throw error;
  }
});
export const rmdir = watched('rmdir', (path: string) => rmdirSync(path));
export const truncate = watched('truncate', disk.truncate);
export const unlink = watched('unlink', unlinkSync);
export const utimes = watched('utimes', utimesSync);
export const writeFile = watched(
  'write',
  async (
    path: string,
    content: string | Uint8Array,
    { flag = 'w', mode }: { flag?: string; mode?: number } = {},
  ) => {
    const how = { flag, mode: mode ?? (isOwnFolder(path) ? privateFile : 0o666) };
    if (isSmall(content)) writeFileSync(path, content, how);
    else await disk.writeFile(path, content, how);
  },
);
export const copyFile = watched('copy', disk.copyFile, 1);
export const link = watched('link', linkSync, 1);
export const rename = watched('rename', renameSync, 1);
export const symlink = watched('symlink', symlinkSync, 1);

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isSmall({ length }: string | Uint8Array): boolean {
  return length <= 64 * 1024;
}

/** A file that is held open. After `close` it must not be used. */
export interface OpenFile extends AsyncDisposable {
  readonly size: () => number;
  /** Reads from a place in the file. @returns how much there was */
  readonly read: (into: Uint8Array, from: number) => number;
  /** Writes once, where the last write ended. @returns how much was taken: a full disk takes a part */
  readonly write: (bytes: Uint8Array) => Promise<number>;
  /** Writes all of it, where the last write ended. */
  readonly writeFile: (content: string | Uint8Array) => Promise<void>;
  readonly chmod: (mode: number) => Promise<void>;
  /** Returns when what was written is on the disk. */
  readonly sync: () => Promise<void>;
  /** Returns when what is being flushed is. */
  readonly close: () => Promise<void>;
}

/** For writing; what is done by the handle is watched as well. */
export async function open(
  path: string,
  flags: 'r' | 'w' | 'wx' | 'a+' | 'ax+',
  mode: number = isOwnFolder(path) ? privateFile : 0o666,
): Promise<OpenFile> {
  if (flags !== 'r') watcher?.('open', path);
  const file = openSync(path, flags, mode);
  let flushing: Promise<unknown> = Promise.resolve();
  const tell = (operation: string): void => watcher?.(operation, path);
  const close = async (): Promise<void> => {
    await flushing;
    closeSync(file);
  };
  return {
    size: () => fstatSync(file).size,
    read: (into, from) => readSync(file, into, 0, into.length, from),
    async write(bytes) {
      tell('write');
      return writeSync(file, bytes);
    },
    async writeFile(content) {
      tell('writeFile');
      if (isSmall(content)) writeFileSync(file, content);
      else await filled(file, content);
    },
    async chmod(bits) {
      tell('chmod');
      fchmodSync(file, bits);
    },
    async sync() {
      tell('sync');
      const done = flushed(file);
      flushing = Promise.allSettled([flushing, done]);
      await done;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const flushed = promisify(fsync);
const filled = promisify(writeFileByThread);

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
  act: (...args: A) => R | Promise<R>,
  changed = 0,
): (...args: A) => Promise<R> {
  return async (...args) => {
    watcher?.(operation, String(args[changed]));
    return act(...args);
  };
}
