import type { ProjectView } from '../../files/project-view.ts';
import { isBelow } from '../../files/slash-paths.ts';
import {
  cargoManifests,
  cargoPathsOf,
  cargoWorkspaceAbove,
} from '../../repository/packages/cargo-manifests.ts';
import { changedRuns } from './changed-runs.ts';

export interface CargoRun {
  /** `''` is the root. */
  readonly folder: string;
  readonly isWorkspace: boolean;
}

/**
 * Where `cargo test` is to run: in each workspace, and in each package that is in none. With changed files
 * known, those that hold one, or depend by a path on one that does.
 */
export async function cargoRuns(
  project: ProjectView,
  touched: readonly string[],
): Promise<CargoRun[]> {
  const manifests = await cargoManifests(project);
  const runs = [...manifests].flatMap(([folder, manifest]): CargoRun[] => {
    if (manifest.workspace !== undefined) return [{ folder, isWorkspace: true }];
    if (manifest.package === undefined) return [];
    if (manifest.package.workspace !== undefined) return [];
    return cargoWorkspaceAbove(folder, manifests) === null ? [{ folder, isWorkspace: false }] : [];
  });
  const needs = (run: CargoRun): string[] => {
    const within = run.isWorkspace
      ? [...manifests.keys()].filter((folder) => isBelow(folder, run.folder))
      : [run.folder];
    return within.flatMap((folder) => cargoPathsOf(folder, manifests));
  };
  return changedRuns(runs, touched, needs);
}
