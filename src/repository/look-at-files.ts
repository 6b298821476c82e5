import { lstatSync, readdirSync, Stats } from 'node:fs';
import { pathKey } from '../domain/safe-path.ts';
import { isMissing } from '../files/file-problem.ts';
import type { GitPath } from '../files/git-listing.ts';
import { folderOf } from '../files/slash-paths.ts';
import { createPause } from '../text/pause.ts';
import { kindOf } from './file-kind.ts';
import type { FileKind, ProjectFile } from './project-file.ts';
import type { Tally } from './tally.ts';

interface Looking {
  readonly tally: Tally;
  readonly signal: AbortSignal;
  /** By path, files that were just looked at. */
  readonly seen?: ReadonlyMap<string, ProjectFile> | undefined;
}

/**
 * What stands on disk at some paths, sorted. What is no plain file, or lies behind a link, goes to the tally.
 * The system is asked without waiting: an answer takes microseconds, handing each question to a thread of its
 * own took many times that.
 * @param root absolute, without links
 */
export async function lookAtFiles(
  root: string,
  paths: readonly GitPath[],
  { tally, signal, seen }: Looking,
): Promise<ProjectFile[]> {
  const pause = createPause(signal);
  // A link may be listed itself and stand on the way to what else is.
  const links = new Set<string>();
  const isRealFolder = realFolders(root, links);
  const files: ProjectFile[] = [];
  const byKey = new Set<string>();
  const sorted = [...paths].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const listed of sorted) {
    const waiting = pause();
    if (waiting !== undefined) await waiting;
    const { path } = listed;
    if (!isRealFolder(folderOf(path))) continue;
    const found = seen?.get(path) ?? lookAtFile(root, path);
    if (!(found instanceof FoundFile)) {
      const matter = matterOf(found, listed, root);
      if (matter === 'link') links.add(path);
      else tally.add(matter, path);
      continue;
    }
    const key = pathKey(path);
    if (byKey.has(key)) tally.add('sameName', path);
    byKey.add(key);
    files.push(found);
  }
  for (const path of links) tally.add('link', path);
  return files;
}

/** The plain file at a path as it stands on disk; null for anything else. */
export function fileAt(root: string, path: string): ProjectFile | null {
  const found = lookAtFile(root, path);
  return found instanceof FoundFile ? found : null;
}

function lookAtFile(root: string, path: string): FoundFile | Look {
  const found = lookAt(`${root}/${path}`);
  return found instanceof Stats && found.isFile() ? new FoundFile(path, found) : found;
}

class FoundFile implements ProjectFile {
  readonly size: number;
  readonly stamp: string;
  readonly changedAt: number;

  constructor(
    readonly path: string,
    { size, mtimeMs, ctimeMs, ino }: Stats,
  ) {
    this.size = size;
    this.stamp = `${mtimeMs}-${ctimeMs}-${size}-${ino}`;
    this.changedAt = Math.max(mtimeMs, ctimeMs);
  }

  /** Of most files nobody asks, as they are known. */
  get kind(): FileKind {
    return kindOf(this.path);
  }
}

/** Says of a folder, found out once, whether no link stands on the way to it; one that does is told. */
function realFolders(root: string, links: Set<string>): (folder: string) => boolean {
  const known = new Map([['', true]]);
  const isReal = (folder: string): boolean => {
    const found = known.get(folder);
    if (found !== undefined) return found;
    // What is missing is told of its files.
    const own = isReal(folderOf(folder)) && !isLink(lookAt(`${root}/${folder}`), folder);
    known.set(folder, own);
    return own;
  };
  const isLink = (found: Look, folder: string): boolean => {
    if (found === null || found === 'unreadable' || !found.isSymbolicLink()) return false;
    links.add(folder);
    return true;
  };
  return isReal;
}

type Look = Stats | 'unreadable' | null;

/** Null for nothing there. */
function lookAt(place: string): Look {
  try {
    return lstatSync(place, { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    return isMissing(error) ? null : 'unreadable';
  }
}

function matterOf(found: Look, { path, isTracked, skipsWorktree }: GitPath, root: string) {
  if (found === 'unreadable') return 'unreadable';
  // Bytes that are no UTF-8 were read as this character, and so the name leads nowhere.
  if (found === null && path.includes('\ufffd')) return 'badName';
  if (found === null) return skipsWorktree ? 'sparse' : 'gone';
  if (found.isSymbolicLink()) return 'link';
  if (!found.isDirectory()) return 'special';
  return path.endsWith('/') || (isTracked && isRepository(`${root}/${path}`))
    ? 'repository'
    : 'gone';
}

/** A submodule, checked out or not: not a folder that was made in the place of a file. */
function isRepository(folder: string): boolean {
  try {
    const names = readdirSync(folder);
    return names.length === 0 || names.includes('.git');
  } catch {
    return false;
  }
}
