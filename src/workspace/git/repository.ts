import { lstat, realpath } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { BlueprintError } from '../../domain/errors.ts';
import type { FileBefore } from '../../text/encoding.ts';
import { foldersAbove } from '../../domain/safe-path.ts';
import { type FileState, absent, stateOf } from '../../files/safe-file.ts';
import { orMissing, printable } from '../../files/file-problem.ts';
import { checkSpelling, isWithin, slashPath, unsafe } from '../../files/contained-path.ts';
import { listIn, parseEntry, type Git } from '../../files/git.ts';
import { blobReader } from './blobs.ts';

export interface TreeEntry {
  /** As git writes it: `100644`, `100755`, `120000` for a link, `160000` for a submodule. */
  readonly mode: string;
  readonly oid: string;
}

/** Files of a commit by slash path below the project's folder. */
export type Tree = ReadonlyMap<string, TreeEntry>;

/** What a repository holds, read without its checkout. Object names are resolved once and then kept. */
export interface Repository {
  readonly git: Git;
  /** The project's folder below the repository's, with a slash at the end; empty where they are one. */
  readonly prefix: string;
  /** The commit that is checked out. @throws BlueprintError `git-no-commit` */
  head(): Promise<string>;
  tree(commit: string): Promise<Tree>;
  /** @param path the file's, which says how it may declare its encoding */
  content(entry: TreeEntry, path: string): Promise<FileState>;
  /** The bytes of a blob, whole. */
  blob(oid: string): Promise<Buffer>;
  /** What the work of a branch stands on, by the commits that decide it. */
  readonly bases: Map<string, Promise<string>>;
}

const keptTrees = 4;
const keptContents = 500;
/** A listing that git cannot name: a folder that no commit holds yet. */
const nothing: Tree = new Map();

export type OpenedRepository =
  | {
      readonly repository: Repository;
      /** The commit that is checked out. */
      readonly head: string;
    }
  | {
      /** Why git cannot be used for the project's folder. */
      readonly problem: string;
      /** There is a repository, and git refuses it: what makes it usable. */
      readonly remedy?: string;
    };

export async function openRepository(git: Git, root: string): Promise<OpenedRepository> {
  // A git that does not know the first option is older than 2.31, and says it as the first word.
  const asked = ['--path-format=absolute', '--show-toplevel', '--is-bare-repository'];
  const commit = ['--verify', '-q', 'HEAD^{commit}'];
  const place = await git.attempt(['rev-parse', ...asked, ...commit]).catch((error: unknown) => {
    if (error instanceof BlueprintError && error.code === 'git-missing') return null;
    throw error;
  });
  if (place === null) return { problem: 'git is not installed' };
  const [top = '', bare, head = ''] = place.stdout.toString().split(/\r?\n/);
  const said = place.stderr.trim().split('\n')[0] ?? '';
  const isNone = /not a git repository/i.test(said) && !(await hasGitFolder(root));
  if (!isNone && (place.exitCode !== 0 || !isAbsolute(top))) {
    const old = await tooOld(git);
    if (old !== null) return { problem: old };
  }
  if (bare === undefined) {
    const problem = `git cannot use it as a repository (${printable(said)})`;
    return isNone ? { problem } : { problem, remedy: remedyIn(place.stderr) };
  }
  if (bare === 'true') return { problem: 'it is a bare repository' };
  const real = await realpath(root);
  // The repository's config can name any folder as its own.
  if (!isWithin(top, real)) return { problem: 'core.worktree names another folder' };
  const prefix = real === top ? '' : `${slashPath(top, real)}/`;
  if (place.exitCode !== 0) return { problem: 'it has no commit yet' };
  return { repository: createRepository(git, prefix), head };
}

/** Settings through the environment, which turn filters off, are known since git 2.31. */
async function tooOld(git: Git): Promise<string | null> {
  const version = await git.text(['--version']);
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(version) ?? [];
  const isOld = Number(major) < 2 || (Number(major) === 2 && Number(minor) < 31);
  return isOld ? `git ${major}.${minor} is older than 2.31` : null;
}

async function hasGitFolder(root: string): Promise<boolean> {
  return (await orMissing(lstat(join(root, '.git')), null)) !== null;
}

/** Git's own, which it writes on a line of its own, as `git config --global --add safe.directory …`. */
function remedyIn(said: string): string {
  const command = /^\s*(git config .*)$/m.exec(said)?.[1]?.trim();
  return command === undefined
    ? 'Run git status there: it says what is wrong.'
    : printable(command);
}

function createRepository(git: Git, prefix: string): Repository {
  const trees = new Map<string, Promise<Tree>>();
  const contents = new Map<string, Promise<FileState>>();
  const blob = blobReader(git, async (oid) => {
    const { exitCode, stdout, stderr } = await git.attempt(['cat-file', 'blob', oid]);
    if (exitCode === 0) return stdout;
    if (/lazy fetching|promisor/.test(stderr)) throw notFetched(oid);
    return git.run(['cat-file', 'blob', oid]);
  });
  return {
    git,
    prefix,
    head: () => git.text(['rev-parse', '--verify', 'HEAD^{commit}']),
    tree: (commit) =>
      remembered(trees, keptTrees, commit, async () => {
        const place = prefix === '' ? commit : `${commit}:${prefix.slice(0, -1)}`;
        const listed = await git.attempt(['ls-tree', '-r', '-z', '--full-tree', place]);
        if (listed.exitCode === 0) return parseTree(listed.stdout);
        if (prefix === '') await git.run(['cat-file', '-e', `${commit}^{tree}`]);
        return nothing;
      }),
    content: ({ oid }, path) =>
      remembered(contents, keptContents, `${oid} ${path}`, async () =>
        stateOf(await blob(oid), path),
      ),
    blob,
    bases: new Map(),
  };
}

function notFetched(oid: string): BlueprintError {
  return new BlueprintError({
    code: 'git-object-missing',
    message: `The file is not in this partial clone (object ${oid.slice(0, 12)}), and nothing is fetched here`,
    fix: 'Have git fetch it: git sparse-checkout add its folder, or git fetch --refetch.',
  });
}

function parseTree(listing: Buffer): Tree {
  const tree = new Map<string, TreeEntry>();
  for (const line of listIn(listing)) {
    const { words, path } = parseEntry(line);
    const [mode = '', , oid = ''] = words;
    tree.set(path, { mode, oid });
  }
  return tree;
}

/** The oldest goes when there are too many; what fails is asked again. */
export function remembered<T>(
  known: Map<string, Promise<T>>,
  most: number,
  key: string,
  load: () => Promise<T>,
): Promise<T> {
  const found = known.get(key);
  if (found !== undefined) return found;
  const [oldest] = known.keys();
  if (known.size >= most && oldest !== undefined) known.delete(oldest);
  const loaded = load();
  known.set(key, loaded);
  loaded.catch(() => known.delete(key));
  return loaded;
}

/**
 * The file of a commit at a path; folders count as absent. @throws BlueprintError `path-unsafe` for a path
 * that is, or passes through, a link or a submodule
 */
export async function readFromTree(
  repository: Repository,
  commit: string,
  path: string,
): Promise<FileState> {
  const entry = entryAt(await repository.tree(commit), path);
  return entry === null ? absent : repository.content(entry, path);
}

/** Null where there is no file, or none that is text. */
export async function fileBefore(
  { content }: Repository,
  path: string,
  entry: TreeEntry | undefined,
): Promise<FileBefore | null> {
  if (entry === undefined || entry.mode === '120000' || entry.mode === '160000') return null;
  const { content: text, encoding = 'utf-8' } = await content(entry, path);
  return text === null ? null : { path, text, encoding };
}

/** The entry of a regular file, or null. @throws BlueprintError as `readFromTree` */
export function entryAt(tree: Tree, path: string): TreeEntry | null {
  checkSpelling(path);
  for (const parent of foldersAbove(path)) {
    const entry = tree.get(parent);
    if (entry === undefined) continue;
    refuseSpecial(path, entry);
    return null;
  }
  const entry = tree.get(path);
  if (entry === undefined) return null;
  refuseSpecial(path, entry);
  return entry;
}

function refuseSpecial(path: string, { mode }: TreeEntry): void {
  if (mode === '120000')
    throw unsafe(path, 'is or passes through a symbolic link of the repository');
  if (mode === '160000') throw unsafe(path, 'lies in a submodule');
}
