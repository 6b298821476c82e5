import type { FileChanges } from '../../domain/bundle.ts';
import { foldersAbove } from '../../domain/safe-path.ts';
import { foldedPath } from './places.ts';

/** What a folder holds that git takes for a repository, beside its `HEAD`. */
const parts = new Set([
  'head',
  'objects',
  'refs',
  'config',
  'config.worktree',
  'commondir',
  'hooks',
  'info',
  'packed-refs',
  'worktrees',
  'modules',
]);

/**
 * Changed files that stand in a folder which git takes for a repository, a bare one: git that is run below it
 * takes its `config`, which names commands. By `is_git_directory` in git's setup.c: `HEAD`, and either
 * `objects` and `refs` or a `commondir` that names where they are.
 * @param files all files before; asked for where a name fits alone.
 */
export async function repositoryFiles(
  changes: FileChanges,
  files: () => Promise<ReadonlySet<string>>,
): Promise<Set<string>> {
  const candidates = new Map<string, Set<string>>();
  for (const [path, content] of changes) {
    if (content === null) continue;
    const names = foldedPath(path).split('/');
    for (const [depth, name] of names.entries()) {
      if (!parts.has(name)) continue;
      const folder = names.slice(0, depth).join('/');
      candidates.set(folder, (candidates.get(folder) ?? new Set()).add(path));
    }
  }
  if (candidates.size === 0) return new Set();
  const there = new Set<string>();
  const add = (path: string): void => {
    const key = foldedPath(path);
    for (const place of [...foldersAbove(key), key]) there.add(place);
  };
  for (const path of await files()) if (changes.get(path) !== null) add(path);
  for (const [path, content] of changes) if (content !== null) add(path);
  const found = new Set<string>();
  for (const [folder, paths] of candidates) {
    const has = (name: string): boolean => there.has(folder === '' ? name : `${folder}/${name}`);
    if (!has('head') || !(has('commondir') || (has('objects') && has('refs')))) continue;
    for (const path of paths) found.add(path);
  }
  return found;
}
