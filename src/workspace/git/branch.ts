import { BlueprintError } from '../../domain/errors.ts';
import type { CommitNote } from '../workspace.ts';
import { remembered, type Repository } from './repository.ts';

/** A feature's branch as it is now. */
export interface Branch {
  readonly tip: string;
  /** The newest commit that the approved work stands on. */
  readonly base: string;
}

export const branchName = (slug: string): string => `blueprint/${slug}`;
const refOf = (slug: string): string => `refs/heads/${branchName(slug)}`;
const keptBases = 50;

/** What a feature's work stands on. */
export interface Tips {
  /** Null when there is none. */
  readonly branch: Branch | null;
  /** The commit that is checked out; null when HEAD names none. */
  readonly head: string | null;
}

/**
 * The feature's branch and what is checked out. The branch's base is what it was made on, or, where the
 * user merged it or moved it onto newer commits, what it now has in common with what is checked out.
 * @throws BlueprintError `workspace-branch-foreign` for a branch that somebody else made
 */
export async function readTips(repository: Repository, slug: string): Promise<Tips> {
  const listed = await repository.git.attempt(['show-ref', '--head', refOf(slug)]);
  const lines = listed.stdout.toString().split('\n');
  const [tip, head] = [refOf(slug), 'HEAD'].map((name) =>
    lines.find((line) => line.endsWith(` ${name}`))?.slice(0, -name.length - 1),
  );
  if (tip === undefined) return { branch: null, head: head ?? null };
  const { bases } = repository;
  const key = `${slug} ${tip} ${head}`;
  const base = await remembered(bases, keptBases, key, () => baseOf(repository, slug, tip));
  return { branch: { tip, base }, head: head ?? null };
}

/** The feature's branch; null when there is none. @throws BlueprintError as `readTips` */
export async function readBranch(repository: Repository, slug: string): Promise<Branch | null> {
  return (await readTips(repository, slug)).branch;
}

async function baseOf(repository: Repository, slug: string, tip: string): Promise<string> {
  const { git } = repository;
  const start = await startOf(repository, slug, tip);
  const common = await git.attempt(['merge-base', tip, 'HEAD']);
  const shared = common.stdout.toString().trim();
  const holds =
    shared !== '' &&
    (shared === start ||
      (await git.attempt(['merge-base', '--is-ancestor', start, shared])).exitCode === 0);
  return holds ? shared : start;
}

/** Whether the feature has approved work on a branch. */
export async function hasBranch({ git }: Pick<Repository, 'git'>, slug: string): Promise<boolean> {
  return (await git.attempt(['rev-parse', '--verify', '-q', refOf(slug)])).exitCode === 0;
}

/**
 * Whether the branch began on this machine. Its reflog says so: git writes it at home and takes none from a
 * clone. Where it is expired, a branch of that name at a remote is taken for where this one came from.
 */
export async function isMadeHere({ git }: Repository, slug: string): Promise<boolean> {
  const log = await git.attempt(['reflog', 'show', '--format=%gs', refOf(slug)]);
  const first = log.stdout.toString().trim().split('\n').at(-1) ?? '';
  if (log.exitCode === 0 && first !== '')
    return !/^(?:clone|branch: Created|fetch|pull|reset)/i.test(first);
  const remote = `refs/remotes/*/${branchName(slug)}`;
  return (await git.text(['for-each-ref', '--count=1', remote])) === '';
}

/** The commit that the branch was made on, as its own commits say. */
async function startOf({ git }: Repository, slug: string, tip: string): Promise<string> {
  const said = await git.text([
    'log',
    '--first-parent',
    '--max-count=1',
    `--grep=^Blueprint-Feature: ${slug}$`,
    '--format=%(trailers:key=Blueprint-Base,valueonly)',
    tip,
  ]);
  const base = said.trim();
  if (/^[0-9a-f]{40,64}$/.test(base)) return base;
  throw new BlueprintError({
    code: 'workspace-branch-foreign',
    message: `The branch ${branchName(slug)} holds no commit that blueprint made`,
    target: branchName(slug),
    fix: `Rename it (git branch -m ${branchName(slug)} NAME), or keep approved work in the feature's folder: workspace.kind "folder".`,
  });
}

/** The last commit of a task up to a tip; nothing where it has none. */
export async function commitOf(
  { git }: Repository,
  tip: string,
  note: Pick<CommitNote, 'task'> | undefined,
): Promise<{ commit?: string }> {
  if (note === undefined) return {};
  const found = await git.text([
    'log',
    '--first-parent',
    '--max-count=1',
    `--grep=^Blueprint-Task: ${note.task}$`,
    '--format=%H',
    tip,
  ]);
  const commit = found.trim();
  return commit === '' ? {} : { commit };
}

/**
 * Moves the branch to a commit, or makes it (`from` null). False when it is not where it was thought to be.
 * @throws BlueprintError `workspace-branch-checked-out`, `workspace-branch-blocked`
 */
export async function moveBranch(
  repository: Repository,
  slug: string,
  from: Branch | null,
  to: string,
  why: string,
): Promise<boolean> {
  const { git } = repository;
  const checkout = await git.text(['for-each-ref', '--format=%(worktreepath)', refOf(slug)]);
  if (checkout !== '')
    throw new BlueprintError({
      code: 'workspace-branch-checked-out',
      message: `The branch ${branchName(slug)} is checked out, and a checkout is never changed`,
      target: checkout,
      fix: 'Switch to another branch there (git switch -), then run the same command again.',
    });
  const old = from?.tip ?? '';
  const args = ['update-ref', '--create-reflog', '-m', `blueprint: ${why}`, refOf(slug), to, old];
  const moved = await git.attempt(args);
  if (moved.exitCode === 0) return true;
  const now = await git.attempt(['rev-parse', '--verify', '-q', refOf(slug)]);
  if (now.stdout.toString().trim() !== old) return false;
  throw new BlueprintError({
    code: 'workspace-branch-blocked',
    message: `git does not let the branch ${branchName(slug)} be written: ${moved.stderr.trim()}`,
    target: branchName(slug),
    fix: 'Remove what is in its way: a branch named «blueprint», or a lock file that a killed git left.',
  });
}
