import { innermost } from '../../files/slash-paths.ts';

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
