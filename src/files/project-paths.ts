import { foldersAbove } from '../domain/safe-path.ts';
import { isGitFolder } from './contained-path.ts';
import { gitPlaceOf, listGitPaths } from './git-listing.ts';
import { listIn, parseEntry, type Git } from './git.ts';
import { folderOf } from './slash-paths.ts';
import { refuseTooMany, walkFiles, type Walk } from './walk-files.ts';

export interface ListedProject extends Pick<Walk, 'root' | 'leftOut' | 'maxFiles' | 'purpose'> {
  readonly git: Git;
}

/**
 * Lists the project's own files and links as slash paths, in no order. In a git repository what git tracks
 * and what is not ignored; elsewhere what no `.gitignore` leaves out. Never `.git`, an untracked
 * `node_modules`, or a Python virtual environment. Tracked files that are gone are not named.
 * @throws BlueprintError `project-too-large`
 */
export function projectLister(project: ListedProject): (signal: AbortSignal) => Promise<string[]> {
  const folders = project.leftOut.map((path) => `${path}/`);
  let known: Promise<boolean> | undefined;
  return async (signal) => {
    // Asked once: a project does not become a repository while a command runs.
    known ??= gitPlaceOf(project.git, project.root).then(({ kind }) => kind === 'known');
    const byGit = await known.catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    const found = byGit ? await listedByGit(project, signal) : await walkFiles(project, signal);
    return withoutEnvironments(found).filter(
      (path) => !folders.some((folder) => path.startsWith(folder)),
    );
  };
}

/** Without the files of Python virtual environments: they are no part of the project. */
export function withoutEnvironments(paths: readonly string[]): string[] {
  const folders = new Set(
    paths.flatMap((path) => (path.endsWith('/pyvenv.cfg') ? folderOf(path) : [])),
  );
  if (folders.size === 0) return [...paths];
  return paths.filter((path) => !foldersAbove(path).some((folder) => folders.has(folder)));
}

/** The files of submodules that are checked out: tests may need them. */
export async function listSubmoduleFiles(
  project: Omit<ListedProject, 'git'>,
  submodules: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const found: string[] = [];
  for (const path of submodules)
    for (const file of await walkFiles({ ...project, start: path }, signal)) found.push(file);
  return found;
}

async function listedByGit(project: ListedProject, signal: AbortSignal): Promise<string[]> {
  const listed = (await listGitPaths(project.git, signal)) ?? [];
  const found = new Set(listed.map(({ path }) => path));
  const hasSubmodules = listed.some(({ path, isTracked }) => isTracked && path === '.gitmodules');
  const deleted = await project.git.attempt(['ls-files', '-z', '--deleted'], { signal });
  if (deleted.exitCode === 0) for (const path of listIn(deleted.stdout)) found.delete(path);
  const submodules = hasSubmodules ? await submodulesOf(project, signal) : [];
  for (const path of await listSubmoduleFiles(project, submodules, signal)) found.add(path);
  refuseTooMany(found.size, project);
  return [...found].filter((path) => !path.split('/').some(isGitFolder) && !path.endsWith('/'));
}

async function submodulesOf({ git }: ListedProject, signal: AbortSignal): Promise<string[]> {
  const staged = await git.list(['ls-files', '-z', '--stage'], { signal });
  return staged.filter((line) => line.startsWith('160000 ')).map((line) => parseEntry(line).path);
}
