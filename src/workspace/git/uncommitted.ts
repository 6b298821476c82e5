import { withoutFilters } from './quiet-filters.ts';
import type { Repository } from './repository.ts';

/**
 * Files and new folders of the project with changes that are not committed, sorted, as slash paths below it.
 * @param leftOut folders that are no part of the project
 */
export async function uncommitted(
  { git, prefix }: Repository,
  leftOut: readonly string[],
): Promise<string[]> {
  const options = ['--porcelain', '-z', '--no-renames', '--ignore-submodules=all'];
  const listed = await git.list(['status', ...options, '--', '.'], {
    env: await withoutFilters(git),
  });
  return listed
    .map((line) => line.slice(3 + prefix.length))
    .filter(
      (path) => !leftOut.some((folder) => path === `${folder}/` || path.startsWith(`${folder}/`)),
    )
    .sort();
}
