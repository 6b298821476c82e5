import { changedRuns } from './changed-runs.ts';
import { folderOf, innermost, isBelow } from '../../files/slash-paths.ts';
import { baseName } from '../../files/slash-paths.ts';
import type { RunnerInput } from './runner.ts';

/** One run of a tool for one of its projects. */
export interface ManifestRun {
  /** `''` is the root. */
  readonly folder: string;
  /** The manifest, or where there is none a test file. */
  readonly from: string;
  /** Test files below it, sorted. */
  readonly tests: readonly string[];
}

/**
 * Where a tool is to be run: in each folder with a manifest that has tests below it, of which those that hold
 * a changed file.
 * @param whole a manifest stands for all manifests below it, as those of builds do.
 * @param orRoot where no tests are below a manifest, the root is the folder of all.
 */
export function manifestRuns(
  { project, touched }: Pick<RunnerInput, 'project' | 'touched'>,
  manifest: RegExp,
  tests: readonly string[],
  { whole, orRoot = false }: { readonly whole: boolean; readonly orRoot?: boolean },
): ManifestRun[] {
  if (tests.length === 0) return [];
  const manifests = [...project.files].filter((path) => manifest.test(baseName(path))).sort();
  const folders = [...new Set(manifests.map((path) => folderOf(path)))].sort();
  const chosen = whole ? folders.filter((folder) => !isWithinOther(folder, folders)) : folders;
  const runs = chosen.flatMap((folder): ManifestRun[] => {
    const own = tests.filter((path) => innermost(path, chosen) === folder);
    const from = manifests.find((path) => folderOf(path) === folder) ?? folder;
    return own.length === 0 ? [] : [{ folder, from, tests: [...own].sort() }];
  });
  const [first] = [...tests].sort();
  if (runs.length === 0 && orRoot && first !== undefined)
    return [{ folder: '', from: first, tests: [...tests].sort() }];
  return changedRuns(runs, touched, () => []);
}

function isWithinOther(folder: string, folders: readonly string[]): boolean {
  return folders.some((other) => other !== folder && isBelow(folder, other));
}
