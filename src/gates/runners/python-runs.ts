import { posix } from 'node:path';
import type { ProjectView } from '../../files/project-view.ts';
import { innermost, isBelow } from '../../files/slash-paths.ts';
import { pythonManifests, pythonNeeds } from '../../repository/packages/python-manifests.ts';
import { globPattern } from '../../text/glob.ts';
import { changedRuns } from './changed-runs.ts';
import { pytestConfig } from './pytest-config.ts';

export interface PythonRun {
  /** `''` is the root. */
  readonly folder: string;
  readonly files: readonly string[];
  /** Folders below it that have runs of their own. */
  readonly apart: readonly string[];
}

/**
 * Where Python's tests are to be run: each file in the innermost folder around it that has a manifest,
 * unless settings at the root name it as a test of the root. With changed files known, runs that hold one,
 * or depend on one that does.
 */
export async function pythonRuns(
  project: ProjectView,
  tests: readonly string[],
  touched: readonly string[],
): Promise<PythonRun[]> {
  const manifests = await pythonManifests(project);
  const testpaths = (await pytestConfig(project, ''))?.testpaths ?? [];
  const byFolder = new Map<string, string[]>();
  for (const path of tests) {
    const isOfRoot = testpaths.some((one) => fitsPath(path, one));
    const folder = isOfRoot ? '' : (innermost(path, manifests.keys()) ?? '');
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), path]);
  }
  const runs = [...byFolder].sort().map(([folder, files]) => ({
    folder,
    files,
    apart:
      folder === '' && testpaths.length > 0
        ? []
        : [...byFolder.keys()].filter((other) => other !== folder && isBelow(other, folder)).sort(),
  }));
  return changedRuns(runs, touched, ({ folder }) => pythonNeeds(folder, manifests));
}

/** Whether a path is below one that settings name, perhaps with wild cards. */
function fitsPath(path: string, named: string): boolean {
  const plain = posix.normalize(named).replace(/\/$/, '');
  return plain === '.' || globPattern(`${plain}/**`).test(path);
}
