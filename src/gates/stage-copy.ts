import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { chmod, mkdir, rm, symlink, writeFile } from '../files/disk.ts';
import type { FileChanges } from '../domain/bundle.ts';
import { BlueprintError } from '../domain/errors.ts';
import { pathProblem } from '../domain/safe-path.ts';
import { lookedIfAllowed } from '../files/is-there.ts';
import { linkProblem, realPathOf, type Links } from '../files/contained-path.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../files/temporary-folder.ts';
import { movedFileOf } from '../text/moved-file.ts';
import type { GateInput } from './gate.ts';
import type { RunnerPlan } from './runners/runner.ts';
import { errored, skipped } from './verdict.ts';

/** Other gates tell what is wrong with them. */
export const unsoundPaths = skipped('the paths of the work are not sound');

/** No word on the work, and no reason to pass it over. */
export const notLaidOut = errored(
  'the work cannot be written over a copy of the project: a path leads out of it by a link, a file would also have to be a folder, or a text does not fit the encoding that it declares',
  'Look at the paths of the work',
);

export function hasSoundPaths({ changes, frozen }: GateInput): boolean {
  return [...changes.keys(), ...frozen.keys()].every((path) => pathProblem(path) === null);
}

/**
 * The project with changes made to it, in a fresh folder that the caller removes. Null when one of them
 * leads through a link, or would make a file a folder too.
 */
export async function stageCopy(
  { copyTo, checkedOut }: Pick<GateInput, 'copyTo' | 'checkedOut'>,
  changes: FileChanges,
  signal: AbortSignal,
): Promise<TemporaryFolder | null> {
  const copy = await makeTemporaryFolder();
  try {
    await copyTo(copy.path, signal);
    const modes = await movedModes(copy.path, changes);
    const bytes = await checkedOut(changes).catch(unlessRefused);
    if (bytes !== null && (await writeBytes(copy.path, bytes, 'inside', modes))) return copy;
  } catch (error) {
    await copy.remove();
    throw error;
  }
  await copy.remove();
  return null;
}

/** Puts into the copy what a runner needs there; what is there already stays. */
export async function layOut(
  folder: string,
  { files, links, mounts, reportFolder }: RunnerPlan,
): Promise<void> {
  await writeBytes(folder, inUtf8(files), 'refused');
  if (reportFolder !== null) await makeFolderBelow(folder, reportFolder);
  // A sandbox makes what is missing above a mount, and makes it its own.
  for (const { to } of mounts) await makeFolderBelow(folder, dirname(to));
  /** Whether links may stand in a folder: looked at once, as hundreds stand in one. */
  const places = new Map<string, boolean>();
  for (const [path, target] of links) {
    const place = dirname(path);
    const isOpen = places.get(place) ?? !(await passesLink(folder, place));
    if (!places.has(place) && isOpen) await mkdir(join(folder, place), { recursive: true });
    places.set(place, isOpen);
    if (!isOpen) continue;
    await symlink(target, join(folder, path)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

function inUtf8(files: FileChanges): Map<string, Buffer | null> {
  return new Map(
    [...files].map(([path, text]) => [path, text === null ? null : Buffer.from(text)]),
  );
}

/** Makes a folder of the copy; what is no folder on its way, as a link that leads anywhere, gives way. */
async function makeFolderBelow(folder: string, path: string): Promise<void> {
  let place = folder;
  for (const name of path === '.' ? [] : path.split('/')) {
    place = join(place, name);
    const found = await lstat(place).catch(() => null);
    if (found?.isDirectory() === true) continue;
    if (found !== null) await rm(place);
    await mkdir(place);
  }
}

/**
 * @param modes of new files that are others under a new name
 * @returns false when a path leads through a link, or a file would have to be a folder too.
 */
async function writeBytes(
  folder: string,
  files: ReadonlyMap<string, Buffer | null>,
  links: Links,
  modes: ReadonlyMap<string, number> = new Map(),
): Promise<boolean> {
  // Deletions first: a file may give way to a folder of its name.
  const ordered = [...files].sort(([, a], [, b]) => Number(a !== null) - Number(b !== null));
  for (const [path, bytes] of ordered) {
    const place = await placeOf(folder, path, links);
    if (place === null) return false;
    try {
      if (bytes === null) await rm(place, { force: true });
      else {
        await mkdir(dirname(place), { recursive: true });
        if (await isSpecial(place)) await rm(place);
        await writeFile(place, bytes);
        // As git and a shell would have it: what says how it is run may be run.
        const mode = bytes.subarray(0, 2).toString() === '#!' ? 0o755 : modes.get(path);
        if (mode !== undefined) await chmod(place, mode);
      }
    } catch (error) {
      if (inTheWay.has(String((error as NodeJS.ErrnoException).code))) return false;
      throw error;
    }
  }
  return true;
}

/** Of files that are no text and get a new name, by that name, as they stand in the copy. */
async function movedModes(folder: string, changes: FileChanges): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const [path, content] of changes) {
    const moved = content === null ? null : movedFileOf(content);
    const place = moved === null ? null : await placeOf(folder, moved.from, 'inside');
    const stat = place === null ? null : await lstat(place).catch(() => null);
    if (stat?.isFile() === true) found.set(path, stat.mode & 0o777);
  }
  return found;
}

/** For work that cannot be written over the project. */
function unlessRefused(error: unknown): null {
  if (error instanceof BlueprintError && refusals.has(error.code)) return null;
  throw error;
}

const refusals: ReadonlySet<string> = new Set([
  'encoding-cannot-hold',
  'workspace-moved-file-gone',
  'path-unsafe',
]);

const inTheWay: ReadonlySet<string> = new Set(['EEXIST', 'ENOTDIR', 'EISDIR', 'ERR_FS_EISDIR']);

/** Where a path of the copy is; null where it passes a link that is not to be followed. */
async function placeOf(folder: string, path: string, links: Links): Promise<string | null> {
  if (!(await passesLink(folder, path))) return join(folder, path);
  if (links === 'refused') return null;
  const [own, place] = [await realPathOf(folder), await realPathOf(join(folder, path))];
  return linkProblem(own, place) === null ? place : null;
}

/** Whether a pipe or its like stands there: who opens one waits for its other end. */
async function isSpecial(place: string): Promise<boolean> {
  const found = await lstat(place).catch(() => null);
  return found !== null && !found.isFile() && !found.isDirectory();
}

async function passesLink(folder: string, path: string): Promise<boolean> {
  let place = folder;
  for (const part of path.split('/')) {
    place = join(place, part);
    const found = lookedIfAllowed(place);
    if (found === null) return false;
    if (found.isSymbolicLink()) return true;
  }
  return false;
}
