import { realpath } from 'node:fs/promises';
import { BlueprintError } from '../domain/errors.ts';
import { isWithin } from './contained-path.ts';
import { printable } from './file-problem.ts';
import { listIn, type Git } from './git.ts';

/** What git has to do with a folder. */
export type GitPlace =
  /** It is in a repository that does not ignore it. */
  | { readonly kind: 'known' }
  | { readonly kind: 'unknown' }
  /** Whether it is in a repository, git does not tell: why. */
  | { readonly kind: 'unusable'; readonly problem: string };

/** @param root the folder that git was made for, absolute */
export async function gitPlaceOf(git: Git, root: string): Promise<GitPlace> {
  try {
    const place = await git.attempt(['rev-parse', '--show-toplevel']);
    if (place.exitCode !== 0) {
      const said = place.stderr.trim().split('\n')[0] ?? '';
      return /not a git repository \(or any/i.test(said)
        ? { kind: 'unknown' }
        : { kind: 'unusable', problem: `git cannot use it as a repository (${printable(said)})` };
    }
    const top = place.stdout.toString().replace(/\r?\n$/, '');
    const real = await realpath(root);
    // The repository's config can name any folder as its own.
    if (!isWithin(top, real)) return { kind: 'unknown' };
    if (real === top) return { kind: 'known' };
    const ignored = await git.attempt(['-C', top, 'check-ignore', '-q', real]);
    return { kind: ignored.exitCode === 0 ? 'unknown' : 'known' };
  } catch (error) {
    if (error instanceof BlueprintError && error.code === 'git-missing')
      return { kind: 'unusable', problem: 'git is not installed' };
    throw error;
  }
}

export interface GitPath {
  /** A path with a slash at its end is a repository of its own. */
  readonly path: string;
  readonly isTracked: boolean;
  /** Not checked out, as by a sparse checkout. */
  readonly skipsWorktree: boolean;
}

/**
 * What git tracks below its folder, and what is there and not ignored, each once; null where git cannot say,
 * as of a broken index. An untracked `node_modules` is nobody's work, ignored or not.
 */
export async function listGitPaths(git: Git, signal: AbortSignal): Promise<GitPath[] | null> {
  const asked = ['ls-files', '-z', '-v', '--cached', '--others', '--exclude-standard'];
  const listed = await git.attempt(asked, { signal });
  if (listed.exitCode !== 0) return null;
  const found = new Map<string, GitPath>();
  for (const line of listIn(listed.stdout)) {
    const [tag, path] = [line.slice(0, 1), line.slice(2)];
    const isTracked = tag !== '?';
    if (!isTracked && path.split('/').includes('node_modules')) continue;
    found.set(path, { path, isTracked, skipsWorktree: tag.toUpperCase() === 'S' });
  }
  return [...found.values()];
}
