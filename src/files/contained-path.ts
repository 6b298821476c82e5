import { realpathSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { BlueprintError } from '../domain/errors.ts';
import { pathProblem } from '../domain/safe-path.ts';
import { errnoOf, printable, unlessMissing, unreadable } from './file-problem.ts';
import { looked } from './is-there.ts';

/** Whether links may be followed: within the folder, or not at all. */
export type Links = 'inside' | 'refused';

/** Whether a path is a folder or stands below it, by spelling: both absolute. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The way from a folder to a path, with forward slashes on every system. */
export function slashPath(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/');
}

/** Where a path leads by its links; what does not exist (yet) is below its nearest folder that does. */
export async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return dirname(path) === path ? path : join(await realPathOf(dirname(path)), basename(path));
  }
}

/** Why a link that leads to `target` is not followed below a folder, both real paths; null when it may be. */
export function linkProblem(folder: string, target: string): string | null {
  if (!isWithin(folder, target)) return 'leaves the folder';
  return relative(folder, target).split(sep).some(isGitFolder)
    ? 'leads into the .git folder'
    : null;
}

export function isGitFolder(name: string): boolean {
  return name.toLowerCase() === '.git';
}

/** A link on the way to what is ours, which a repository may have brought. @param problem as of `placeBelow` */
export function linkLeadsOut(shown: string, problem: string, fix: string): BlueprintError {
  const message = `${shown} ${problem}: nothing is read or written through it`;
  return new BlueprintError({ code: 'path-leaves-folder', message, target: shown, fix });
}

/**
 * Judges a slash path below a folder: its spelling, and every link on its way. This is the one check of
 * what a model, a file or a person names. What can be put in the path's place afterwards is not its to
 * see: who writes into the user's own files goes by open folders (`workspace/apply/held-folder.ts`).
 * The system is asked without waiting: an answer takes a microsecond, handing the question to a thread of its
 * own took most of what a task costs.
 * @returns where it really stands, null for nothing there, or why it may not be used
 * @throws the file system's error where it lets nobody look
 */
export async function placeBelow(
  folder: string,
  path: string,
  links: Links,
): Promise<{ readonly place: string | null } | { readonly problem: string }> {
  const spelling = pathProblem(path);
  if (spelling !== null) return { problem: spelling };
  const root = realpathOrNull(folder);
  if (root === null) return { place: null };
  let at = root;
  for (const segment of path.split('/')) {
    const next = join(at, segment);
    const found = looked(next);
    if (found === null) return { place: null };
    if (!found.isSymbolicLink()) {
      at = next;
      continue;
    }
    if (links === 'refused') return { problem: 'passes through a symbolic link' };
    const target = realpathOrNull(next);
    if (target === null) return { problem: 'passes through a symbolic link that leads nowhere' };
    const problem = linkProblem(root, target);
    if (problem !== null) return { problem: `passes through a symbolic link that ${problem}` };
    at = target;
  }
  return { place: at };
}

/**
 * As `placeBelow`. @throws BlueprintError `path-unsafe` for a path that may not be used, `file-unreadable`
 * where the system refuses
 */
export async function locate(folder: string, path: string, links: Links): Promise<string | null> {
  let found;
  try {
    found = await placeBelow(folder, path, links);
  } catch (error) {
    throw unreadable(path, error);
  }
  if ('problem' in found) throw unsafe(path, found.problem);
  return found.place;
}

/** @throws BlueprintError `path-unsafe` for a spelling that could leave the folder. */
export function checkSpelling(path: string): void {
  const problem = pathProblem(path);
  if (problem !== null) throw unsafe(path, problem);
}

export function unsafe(path: string, problem: string): BlueprintError {
  return new BlueprintError({
    code: 'path-unsafe',
    message: `Path ${printable(path)} ${problem}`,
    target: printable(path),
    fix: 'Use a path below the project’s folder that passes through no such link.',
  });
}

function realpathOrNull(path: string): string | null {
  try {
    return unlessMissing(() => realpathSync.native(path));
  } catch (error) {
    if (errnoOf(error) === 'ELOOP') return null;
    throw error;
  }
}
