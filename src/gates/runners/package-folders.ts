import { posix } from 'node:path';

/** The folder of a path; `''` is the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The folder that a relative path leads to from another; `''` is the root. */
export function folderFrom(folder: string, path: string): string {
  const place = posix.join(folder, path).replace(/\/$/, '');
  return place === '.' ? '' : place;
}

/** Whether a path is a folder, or below it; `''` is the root. */
export function isBelow(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

/** The innermost of some folders that a path is in. */
export function innermost(path: string, folders: Iterable<string>): string | null {
  let found: string | null = null;
  for (const folder of folders)
    if (isBelow(path, folder) && folder.length >= (found ?? '').length) found = folder;
  return found;
}

/**
 * Of several runs those whose tests may be changed by some files: the innermost around each, and those that
 * need one of these. All, where no file is known or none is in a run's folder.
 * @param needs folders that a run depends on.
 */
export function changedRuns<Run extends { readonly folder: string }>(
  runs: readonly Run[],
  touched: readonly string[],
  needs: (run: Run) => readonly string[],
): Run[] {
  const folders = runs.map(({ folder }) => folder);
  const changed = new Set(touched.flatMap((path) => innermost(path, folders) ?? []));
  if (changed.size === 0) return [...runs];
  for (let size = 0; size !== changed.size;) {
    size = changed.size;
    for (const run of runs)
      if (needs(run).some((need) => changed.has(innermost(need, folders) ?? need)))
        changed.add(run.folder);
  }
  return runs.filter(({ folder }) => changed.has(folder));
}

/** A runner's name with the folder where it is not the root. */
export function runnerIn(runner: string, folder: string): string {
  return folder === '' ? runner : `${runner} in ${folder}`;
}
