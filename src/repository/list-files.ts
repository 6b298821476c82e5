import { readdir, realpath } from 'node:fs/promises';
import { createGit } from '../files/git.ts';
import { gitPlaceOf, listGitPaths, type GitPath } from '../files/git-listing.ts';
import { isGitFolder } from '../files/contained-path.ts';
import { orMissing } from '../files/file-problem.ts';
import { noRules, repositoryAbove, rulesAbove } from '../files/ignore-rules.ts';
import { withoutEnvironments } from '../files/project-paths.ts';
import { isBelow } from '../files/slash-paths.ts';
import { refuseTooMany, walkFiles, type Walk } from '../files/walk-files.ts';
import { lookAtFiles } from './look-at-files.ts';
import { ownRules, ruleFile } from './own-rules.ts';
import type { FileListing, ProjectFile } from './project-file.ts';
import { createTally, type Tally } from './tally.ts';

export interface ListOptions {
  /** The project's folder, absolute. */
  readonly root: string;
  /** Slash paths below it that are never listed, as the features folder. */
  readonly leftOut: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** More files than this are an error. */
  readonly maxFiles?: number;
  /** Waited for while git lists the files: those that were just looked at, by path. */
  readonly seen?: () => Promise<ReadonlyMap<string, ProjectFile>>;
}

/**
 * The files of a project as they stand on disk: in a repository what git tracks and what it does not ignore,
 * elsewhere what no `.gitignore` leaves out, and in both what no `.blueprintignore` does. No link is followed;
 * submodules and repositories of their own are no part of it.
 * @throws BlueprintError `project-too-large`, `git-failed`; InterruptedError
 */
export async function listProjectFiles(options: ListOptions): Promise<FileListing> {
  const { leftOut, signal, seen, maxFiles = 200_000 } = options;
  const root = await realpath(options.root);
  const tally = createTally();
  const sized = { root, leftOut, maxFiles, purpose: 'to be looked through' };
  const [tracked, looked] = await Promise.all([byGit({ ...options, root }, tally), seen?.()]);
  const paths = tracked ?? (await byWalk(sized, tally, signal));
  const kept = await wanted(paths, { ...options, root }, tracked !== null);
  refuseTooMany(kept.length, sized);
  const files = await lookAtFiles(root, kept, { tally, signal, seen: looked });
  if (kept.length === 0 && (await holdsAnything(root, leftOut))) tally.add('everything', '');
  return { files, remarks: tally.remarks() };
}

async function byWalk(
  sized: Pick<Walk, 'root' | 'leftOut' | 'maxFiles' | 'purpose'>,
  tally: Tally,
  signal: AbortSignal,
): Promise<GitPath[]> {
  const walk = {
    ...sized,
    ruleFiles: ['.gitignore', ruleFile],
    outer: await rulesAbove(sized.root),
    onUnreadable: (folder: string) =>
      tally.add(folder.includes('\ufffd') ? 'badName' : 'unreadable', folder),
  };
  const paths = await walkFiles(walk, signal);
  return paths.map((path) => ({ path, isTracked: false, skipsWorktree: false }));
}

/** Null where the folder is to be walked. */
async function byGit({ root, env, signal }: ListOptions, tally: Tally): Promise<GitPath[] | null> {
  const git = createGit({ cwd: root, env });
  // Asked at once: most folders are of a repository.
  const listing = listGitPaths(git, signal);
  listing.catch(() => undefined);
  const place = await gitPlaceOf(git, root);
  if (place.kind === 'unknown') return null;
  if (place.kind === 'known') {
    const listed = await listing;
    if (listed !== null) return listed;
  }
  // A plain folder loses nothing where there is no git.
  if ((await repositoryAbove(root)) === null) return null;
  const problem = place.kind === 'known' ? 'git cannot list its files' : place.problem;
  tally.say(`${problem}: the folder itself was looked through`);
  return null;
}

/** @param areRulesOpen whether rules of the project's own files of rules are yet to be asked; a walk has done so. */
async function wanted(
  paths: readonly GitPath[],
  { root, leftOut, signal }: ListOptions,
  areRulesOpen: boolean,
): Promise<GitPath[]> {
  const names = paths.map(({ path }) => path);
  const own = new Set(withoutEnvironments(names));
  const leavesOut = areRulesOpen ? await ownRules(root, names, signal) : noRules;
  return paths.filter(
    ({ path }) =>
      own.has(path) &&
      !gitFolder.test(path) &&
      !leftOut.some((one) => isBelow(path, one)) &&
      !leavesOut(path),
  );
}

const gitFolder = /(?:^|\/)\.git(?:\/|$)/i;

async function holdsAnything(root: string, leftOut: readonly string[]): Promise<boolean> {
  const names = await orMissing(readdir(root), []);
  return names.some((name) => !isGitFolder(name) && !leftOut.includes(name));
}
