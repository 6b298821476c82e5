import { readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { BlueprintError, throwIfAborted } from '../domain/errors.ts';
import { listIn, parseEntry, type Git } from './git/git.ts';
import { isGitFolder, isWithin } from '../files/contained-path.ts';
import { orMissing } from '../files/file-problem.ts';
import { tooLarge } from './problems.ts';

export interface ListedProject {
  /** Absolute. */
  readonly root: string;
  readonly git: Git;
  /** Slash paths of folders that are no part of the project, as the features folder. */
  readonly leftOut: readonly string[];
  /** More files than this are an error. */
  readonly maxFiles: number;
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
    known ??= isKnownToGit(project);
    const byGit = await known.catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    const found = byGit ? await listedByGit(project, signal) : await walked(project, signal);
    return withoutEnvironments(found).filter(
      (path) => !folders.some((folder) => path.startsWith(folder)),
    );
  };
}

/** Without the files of Python virtual environments: they are no part of the project. */
export function withoutEnvironments(paths: readonly string[]): string[] {
  const sign = 'pyvenv.cfg';
  const folders = paths
    .filter((path) => path.endsWith(`/${sign}`))
    .map((path) => path.slice(0, -sign.length));
  return paths.filter((path) => !folders.some((folder) => path.startsWith(folder)));
}

/** The files of submodules that are checked out: tests may need them. */
export async function listSubmoduleFiles(
  project: Omit<ListedProject, 'git'>,
  submodules: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const found: string[] = [];
  for (const path of submodules)
    for (const file of await walked(project, signal, path)) found.push(file);
  return found;
}

/** False where git has nothing to say: no repository, or a folder that the repository ignores. */
async function isKnownToGit({ git, root }: ListedProject): Promise<boolean> {
  try {
    const place = await git.attempt(['rev-parse', '--show-toplevel']);
    if (place.exitCode !== 0) return false;
    const top = place.stdout.toString().replace(/\r?\n$/, '');
    const real = await realpath(root);
    // The repository's config can name any folder as its own.
    if (!isWithin(top, real)) return false;
    if (real === top) return true;
    return (await git.attempt(['-C', top, 'check-ignore', '-q', real])).exitCode !== 0;
  } catch (error) {
    if (error instanceof BlueprintError && error.code === 'git-missing') return false;
    throw error;
  }
}

async function listedByGit(project: ListedProject, signal: AbortSignal): Promise<string[]> {
  const list = async (...which: string[]): Promise<string[]> => {
    const listed = await project.git.attempt(['ls-files', '-z', ...which], { signal });
    return listed.exitCode === 0 ? listIn(listed.stdout) : [];
  };
  const tracked = await list('--cached');
  const found = new Set(tracked);
  for (const path of await list('--others', '--exclude-standard'))
    if (!path.split('/').includes('node_modules')) found.add(path);
  for (const path of await list('--deleted')) found.delete(path);
  const submodules = await submodulesOf(tracked, project, signal);
  for (const path of await listSubmoduleFiles(project, submodules, signal)) found.add(path);
  refuseTooMany(found.size, project);
  return [...found].filter((path) => !path.split('/').some(isGitFolder) && !path.endsWith('/'));
}

async function submodulesOf(
  tracked: readonly string[],
  { git }: ListedProject,
  signal: AbortSignal,
): Promise<string[]> {
  if (!tracked.includes('.gitmodules')) return [];
  const staged = await git.list(['ls-files', '-z', '--stage'], { signal });
  return staged.filter((line) => line.startsWith('160000 ')).map((line) => parseEntry(line).path);
}

async function walked(
  project: Omit<ListedProject, 'git'>,
  signal: AbortSignal,
  start = '',
): Promise<string[]> {
  const { default: ignore } = await import('ignore');
  const found: string[] = [];
  /** Whether the rules that hold in a folder leave a path out, the nearest rule first. */
  type Rules = (path: string) => boolean;
  const visit = async (folder: string, outer: Rules): Promise<void> => {
    throwIfAborted(signal);
    const listed = readdir(join(project.root, folder), { withFileTypes: true });
    const entries = await orMissing(listed, []);
    let rules = outer;
    if (entries.some((entry) => entry.name === '.gitignore' && entry.isFile())) {
      const text = await readFile(join(project.root, folder, '.gitignore'), 'utf8');
      const own = ignore({ allowRelativePaths: true }).add(text);
      rules = (path) => {
        const said = own.test(folder === '' ? path : path.slice(folder.length + 1));
        return said.ignored || (!said.unignored && outer(path));
      };
    }
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (isGitFolder(entry.name) || entry.name === 'node_modules') continue;
      if (project.leftOut.includes(path) || rules(entry.isDirectory() ? `${path}/` : path))
        continue;
      if (entry.isDirectory()) await visit(path, rules);
      else if (found.push(path) % 1000 === 0) refuseTooMany(found.length, project);
    }
  };
  await visit(start, () => false);
  refuseTooMany(found.length, project);
  return found;
}

function refuseTooMany(count: number, { maxFiles, root }: Omit<ListedProject, 'git'>): void {
  if (count > maxFiles) throw tooLarge(root, `more than ${maxFiles} files`);
}
