import type { ProjectView } from '../../files/project-view.ts';
import { goModules, type GoModule } from '../../repository/packages/go-modules.ts';
import { changedRuns } from './changed-runs.ts';

export interface GoRun {
  readonly folder: string;
  readonly isWorkspace: boolean;
  readonly modules: readonly GoModule[];
}

/**
 * Where `go test` is to run: in each workspace for its modules, and in each module that is in none. With
 * changed files known, those that hold one, or stand on a module that does.
 */
export async function goRuns(project: ProjectView, touched: readonly string[]): Promise<GoRun[]> {
  const { modules, workspaces } = await goModules(project);
  const used = new Set(workspaces.flatMap((workspace) => workspace.modules));
  const runs = [
    ...workspaces.map((workspace) => ({ ...workspace, isWorkspace: true })),
    ...modules
      .filter((module) => !used.has(module))
      .map((module) => ({ folder: module.folder, isWorkspace: false, modules: [module] })),
  ];
  return changedRuns(runs, touched, (run) => run.modules.flatMap(({ replacedBy }) => replacedBy));
}
