import { constants, type Stats } from 'node:fs';
import { lstat, readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { FileChanges } from '../domain/bundle.ts';
import { throwIfAborted } from '../domain/errors.ts';
import { pathClash, tooManyBytes } from './problems.ts';
import { encodeText, encodingToWrite } from '../text/encoding.ts';
import { linkProblem, locate } from '../files/contained-path.ts';
import { chmod, copyFile, mkdir, rm, symlink, writeFile } from '../files/disk.ts';
import { isMissing, orMissing } from '../files/file-problem.ts';
import { maxTextBytes } from '../files/safe-file.ts';
import { encodingOfNew, renamedFrom, textBefore, type GoneFile } from './renames.ts';
import { removeEmptyFolders } from './pending-commit.ts';

const copiesAtOnce = 32;

/** The most that is copied for checks. */
export interface CopyLimits {
  readonly maxFiles: number;
  readonly maxBytes: number;
}

/** A project whose files are copied. */
export interface CopiedProject {
  /** The project's folder, absolute. Never written to. */
  readonly root: string;
  /** Slash paths of folders that are no part of the project, as the features folder. */
  readonly leftOut: readonly string[];
  readonly copyLimits: CopyLimits;
}

export const defaultCopyLimits: CopyLimits = { maxFiles: 100_000, maxBytes: 1024 ** 3 };

export interface CopyJob {
  /** Absolute. */
  readonly from: string;
  /** Absolute; exists and is empty. */
  readonly to: string;
  /** Slash paths of files and links; what is none, or gone, is passed over. */
  readonly paths: readonly string[];
  readonly maxBytes: number;
}

/**
 * Copies files with their contents and whether they can be executed, sharing blocks where the file system
 * can. A link that stays inside becomes one that stays inside the copy; one that leaves is left out.
 * @throws BlueprintError `project-too-large`; InterruptedError
 */
export async function copyTree(job: CopyJob, signal: AbortSignal): Promise<void> {
  if ((await readdir(job.to)).length > 0) throw new Error(`${job.to} is not empty`);
  const from = await realpath(job.from);
  const parents = new Map<string, Promise<boolean>>();
  /** False where a link now stands in the place of a folder on the way. */
  const isReal = (folder: string): Promise<boolean> => {
    const known = parents.get(folder) ?? standsAt(join(from, folder));
    parents.set(folder, known);
    return known;
  };
  const folders = new Map<string, Promise<unknown>>();
  const folderFor = (path: string): Promise<unknown> => {
    const folder = dirname(path);
    const created = folders.get(folder) ?? mkdir(join(job.to, folder), { recursive: true });
    folders.set(folder, created);
    return created;
  };
  let bytes = 0;
  const copy = async (path: string): Promise<void> => {
    const source = join(from, path);
    const stat = (await isReal(dirname(path))) ? await orMissing(lstat(source), null) : null;
    if (stat === null) return;
    if (stat.isSymbolicLink()) {
      const target = await targetInside(from, path);
      if (target === null) return;
      await folderFor(path);
      await symlink(target, join(job.to, path));
    } else if (stat.isFile()) {
      bytes += stat.size;
      if (bytes > job.maxBytes) throw tooManyBytes(job.from, job.maxBytes);
      await folderFor(path);
      await copyWhole(source, join(job.to, path), stat);
    }
  };
  for (let at = 0; at < job.paths.length; at += copiesAtOnce) {
    throwIfAborted(signal);
    // All have ended before a fault is told: nothing is written to the folder afterwards.
    const ends = await Promise.allSettled(job.paths.slice(at, at + copiesAtOnce).map(copy));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }
  throwIfAborted(signal);
}

/**
 * Writes changes over a copy; what can be executed stays so, and a text in the encoding that it was in or declares, under a new
 * name too.
 * @param moved bytes of those that are no text, by their new path
 * @throws BlueprintError `workspace-path-conflict` where a file would also have to be a folder
 */
export async function writeOver(
  folder: string,
  changes: FileChanges,
  moved: ReadonlyMap<string, Buffer> = new Map(),
): Promise<void> {
  const gone: (GoneFile & { readonly runs: boolean })[] = [];
  for (const [path, content] of changes) {
    if (content !== null) continue;
    const place = await locate(folder, path, 'inside');
    const stat = place === null ? null : await lstat(place);
    if (place === null || stat === null || stat.isDirectory()) continue;
    if (stat.isFile() && stat.size <= maxTextBytes)
      gone.push({ path, bytes: await readFile(place), runs: isExecutable(stat) });
    await rm(place);
  }
  for (const [path, content] of changes) {
    if (content === null) continue;
    try {
      const place = (await locate(folder, path, 'inside')) ?? join(folder, path);
      const stat = await orMissing(lstat(place), null);
      const there = stat?.isFile() === true ? await readFile(place) : null;
      if (stat?.isDirectory() === true) await removeEmptyFolders(place);
      else if (stat !== null) await rm(place);
      await mkdir(dirname(place), { recursive: true });
      const encoding =
        there === null
          ? encodingOfNew(path, content, gone)
          : encodingToWrite(path, content, textBefore({ path, bytes: there }));
      const bytes = moved.get(path) ?? encodeText(content, encoding, path);
      const runs =
        stat === null ? renamedFrom(path, bytes, gone)?.runs === true : isExecutable(stat);
      await writeFile(place, bytes, { mode: runs ? 0o755 : 0o644, flag: 'wx' });
    } catch (error) {
      if (!clashes.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      throw pathClash(path, 'a file and a folder of the project have the same name', error);
    }
  }
}

const clashes: ReadonlySet<string> = new Set(['EEXIST', 'ENOTDIR', 'ENOTEMPTY', 'EISDIR']);

async function standsAt(folder: string): Promise<boolean> {
  try {
    return (await realpath(folder)) === folder;
  } catch {
    return false;
  }
}

async function copyWhole(source: string, target: string, stat: Stats): Promise<void> {
  try {
    await copyFile(source, target, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  const mode = isExecutable(stat) ? 0o755 : 0o644;
  if ((stat.mode & 0o7777) !== mode) await chmod(target, mode);
}

/** What the link becomes: relative, and straight to what it leads to; null when that is not inside. */
async function targetInside(root: string, path: string): Promise<string | null> {
  const at = join(root, dirname(path));
  let target: string;
  try {
    target = await realpath(join(root, path));
  } catch {
    // It leads to what is not there (yet), or to itself.
    target = resolve(at, await readlink(join(root, path)));
  }
  return linkProblem(root, target) === null ? relative(at, target) || '.' : null;
}

function isExecutable({ mode }: Stats): boolean {
  return (mode & 0o111) !== 0;
}
