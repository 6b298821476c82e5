import { readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { BlueprintError, throwIfAborted } from '../domain/errors.ts';
import type { Git } from './git/git.ts';
import { isGitFolder, isWithin } from '../files/contained-path.ts';
import { isMissing } from '../files/file-problem.ts';
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
 * The project's own files and links as slash paths, in no order. In a git repository what git tracks and
 * what is not ignored; elsewhere what no `.gitignore` leaves out. Never `.git`, an untracked
 * `node_modules`, or a Python virtual environment. Tracked files that are gone may be named.
 * @throws BlueprintError `project-too-large`
 */
export async function listProjectFiles(
  project: ListedProject,
  signal: AbortSignal,
): Promise<string[]> {
  const found = (await listedByGit(project, signal)) ?? (await walked(project, signal));
  const folders = project.leftOut.map((path) => `${path}/`);
  return withoutEnvironments(found).filter(
    (path) => !folders.some((folder) => path.startsWith(folder)),
  );
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
  for (const path of submodules) found.push(...(await walked(project, signal, path)));
  return found;
}

/** Null where git has nothing to say: no repository, or a folder that the repository ignores. */
async function listedByGit(project: ListedProject, signal: AbortSignal): Promise<string[] | null> {
  const list = async (...which: string[]): Promise<string[]> => {
    const { exitCode, stdout } = await project.git.attempt(['ls-files', '-z', ...which], {
      signal,
    });
    return exitCode === 0 ? stdout.toString().split('\0').slice(0, -1) : [];
  };
  try {
    const place = await project.git.attempt(['rev-parse', '--show-toplevel'], { signal });
    if (place.exitCode !== 0) return null;
    const top = place.stdout.toString().replace(/\r?\n$/, '');
    const root = await realpath(project.root);
    // The repository's config can name any folder as its own.
    if (!isWithin(top, root)) return null;
    if (root !== top) {
      const asked = ['-C', top, 'check-ignore', '-q', root];
      if ((await project.git.attempt(asked, { signal })).exitCode === 0) return null;
    }
    const tracked = await list('--cached');
    const others = await list('--others', '--exclude-standard');
    const found = new Set(tracked);
    for (const path of others) if (!isBelowModules(path)) found.add(path);
    const submodules = await submodulesOf(tracked, project, signal);
    for (const path of await listSubmoduleFiles(project, submodules, signal)) found.add(path);
    refuseTooMany(found.size, project);
    return [...found].filter((path) => !path.split('/').some(isGitFolder) && !path.endsWith('/'));
  } catch (error) {
    if (error instanceof BlueprintError && error.code === 'git-missing') return null;
    throw error;
  }
}

async function submodulesOf(
  tracked: readonly string[],
  { git }: ListedProject,
  signal: AbortSignal,
): Promise<string[]> {
  if (!tracked.includes('.gitmodules')) return [];
  const staged = await git.run(['ls-files', '-z', '--stage'], { signal });
  return staged
    .toString()
    .split('\0')
    .filter((line) => line.startsWith('160000 '))
    .map((line) => line.slice(line.indexOf('\t') + 1));
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
    const entries = await readdir(join(project.root, folder), { withFileTypes: true }).catch(
      (error: unknown) => {
        if (isMissing(error)) return [];
        throw error;
      },
    );
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

function isBelowModules(path: string): boolean {
  return path.split('/').includes('node_modules');
}

function refuseTooMany(count: number, { maxFiles, root }: Omit<ListedProject, 'git'>): void {
  if (count > maxFiles) throw tooLarge(root, `more than ${maxFiles} files`);
}
