import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { lstat, open, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { BlueprintError } from '../domain/errors.ts';
import { pathProblem } from '../domain/safe-path.ts';
import { toSingleLine } from '../domain/text.ts';

/** Larger files are hashed, never held as text. */
const maxTextBytes = 32 * 1024 * 1024;

export interface FileState {
  /** SHA-256 of the bytes, hex; null when there is no file. */
  readonly hash: string | null;
  /** Null also for what is not UTF-8 text, holds NUL, or is larger than 32 MiB. */
  readonly content: string | null;
}

export const absent: FileState = { hash: null, content: null };

/** Whether links may be followed: `inside` the folder, or not at all. */
export type Links = 'inside' | 'refused';

export function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** @throws BlueprintError `path-unsafe` for a spelling that could leave the folder. */
export function checkSpelling(path: string): void {
  const problem = pathProblem(path);
  if (problem !== null) throw unsafe(path, problem);
}

/**
 * Where a path below a folder really stands, with each link on the way judged; null when there is
 * nothing. @throws BlueprintError `path-unsafe` for links that lead out of the folder or into `.git`,
 * `file-unreadable` where the system refuses.
 */
export async function locate(folder: string, path: string, links: Links): Promise<string | null> {
  checkSpelling(path);
  try {
    const root = await realpathOrNull(folder);
    if (root === null) return null;
    let at = root;
    for (const segment of path.split('/')) {
      const next = join(at, segment);
      const kind = await kindOf(next);
      if (kind === null) return null;
      at = kind === 'link' ? await followed(root, next, path, links) : next;
    }
    return at;
  } catch (error) {
    throw error instanceof BlueprintError ? error : unreadable(path, error);
  }
}

/**
 * The file at a path below a folder. Folders, sockets and other things that hold no content count as
 * absent. @throws BlueprintError as `locate`.
 */
export async function readFileState(
  folder: string,
  path: string,
  links: Links,
): Promise<FileState> {
  const place = await locate(folder, path, links);
  if (place === null) return absent;
  try {
    if (!(await lstat(place)).isFile()) return absent;
    // A link or a pipe put here since the check is not followed and not waited for.
    const file = await open(place, constants.O_RDONLY | noFollow | noWait);
    try {
      const stat = await file.stat();
      if (!stat.isFile()) return absent;
      if (stat.size > maxTextBytes) return { hash: await hashOfLarge(place), content: null };
      return stateOf(await file.readFile());
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isMissing(error)) return absent;
    throw unreadable(path, error);
  }
}

/** Of these bytes: their hash, and the text if they are one. */
export function stateOf(bytes: Uint8Array): FileState {
  return { hash: hashOf(bytes), content: bytes.length > maxTextBytes ? null : textOf(bytes) };
}

// Windows has neither flag.
const noFollow = (constants.O_NOFOLLOW as number | undefined) ?? 0;
const noWait = (constants.O_NONBLOCK as number | undefined) ?? 0;

async function followed(root: string, link: string, path: string, links: Links): Promise<string> {
  if (links === 'refused') throw unsafe(path, 'passes through a symbolic link');
  const target = await realpathOrNull(link);
  if (target === null) throw unsafe(path, 'passes through a symbolic link that leads nowhere');
  const inside = relative(root, target);
  if (inside === '') return target;
  if (inside.startsWith('..') || isAbsolute(inside))
    throw unsafe(path, 'passes through a symbolic link that leaves the folder');
  if (inside.split(sep).some((segment) => segment.toLowerCase() === '.git'))
    throw unsafe(path, 'passes through a symbolic link into the .git folder');
  return target;
}

async function kindOf(path: string): Promise<'link' | 'other' | null> {
  try {
    return (await lstat(path)).isSymbolicLink() ? 'link' : 'other';
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function realpathOrNull(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isMissing(error) || (error as NodeJS.ErrnoException).code === 'ELOOP') return null;
    throw error;
  }
}

async function hashOfLarge(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Text that would come back byte for byte when written, or null. */
function textOf(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Nothing is there: also when a file stands where a folder was named, and for over-long names. */
export function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG';
}

export function unsafe(path: string, problem: string): BlueprintError {
  return new BlueprintError({
    code: 'path-unsafe',
    message: `Path ${shown(path)} ${problem}`,
    target: shown(path),
    fix: 'Use a path below the project’s folder that passes through no such link.',
  });
}

/** A file stands, or would stand, where a folder is needed, or a folder in the place of a file. */
export function pathClash(path: string, problem: string, cause?: unknown): BlueprintError {
  return new BlueprintError({
    code: 'workspace-path-conflict',
    message: `${shown(path)} cannot be written: ${problem}`,
    target: shown(path),
    fix: 'Delete or rename one of them in the same change.',
    cause,
  });
}

/** An approved file that a person made binary: it is named, never passed over. */
export function notText(path: string, target: string): BlueprintError {
  return new BlueprintError({
    code: 'workspace-file-not-text',
    message: `The approved file ${shown(path)} is not UTF-8 text`,
    target,
    fix: 'Take it out of the approved work: blueprint writes text files alone.',
  });
}

function unreadable(path: string, cause: unknown): BlueprintError {
  return new BlueprintError({
    code: 'file-unreadable',
    message: `Cannot read ${shown(path)}: ${cause instanceof Error ? cause.message : String(cause)}`,
    target: shown(path),
    fix: 'Check the permissions of the file and its folders.',
    cause,
  });
}

export function shown(path: string): string {
  return toSingleLine(path, 200);
}
