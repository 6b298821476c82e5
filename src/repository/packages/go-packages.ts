import { posix } from 'node:path';
import { innermost } from '../../files/slash-paths.ts';
import { goModules, type GoModule } from './go-modules.ts';
import { otherFolders, type ProjectPackage, type Surveyed } from './project-package.ts';

/** The modules of Go, in the workspaces of go.work. */
export async function goPackagesIn({ view }: Surveyed): Promise<ProjectPackage[]> {
  const { modules, workspaces } = await goModules(view);
  const folders = modules.map(({ folder }) => folder);
  const tested = new Set<string>();
  const programs = new Map<string, string[]>();
  for (const path of view.files) {
    const isMain = /(?:^|\/)main\.go$/.test(path);
    if (!isMain && !path.endsWith('_test.go')) continue;
    const folder = innermost(path, folders);
    if (folder === null) continue;
    if (isMain) programs.set(folder, [...(programs.get(folder) ?? []), path]);
    else tested.add(folder);
  }
  return modules.map((module): ProjectPackage => {
    const { folder, path } = module;
    const workspace = workspaces.find((one) => one.modules.includes(module));
    return {
      folder,
      name: path === '' ? null : path,
      ecosystem: 'go',
      manifest: posix.join(folder, 'go.mod'),
      workspaceRoot: workspace?.folder ?? null,
      dependsOn: otherFolders(folder, neededBy(module, modules, workspace?.modules ?? [])),
      scripts: {},
      runners: tested.has(folder) ? ['go test'] : [],
      sourceRoots: [folder],
      entryPoints: (programs.get(folder) ?? []).map((one) => posix.relative(folder, one)).sort(),
      problem: path === '' ? 'it names no module' : null,
    };
  });
}

/** Those that it puts in the place of others, and those of its workspace that it asks for. */
function neededBy(
  { replacedBy, asks }: GoModule,
  modules: readonly GoModule[],
  siblings: readonly GoModule[],
): string[] {
  const replaced = modules.filter(({ folder }) => replacedBy.includes(folder));
  const asked = siblings.filter(({ path }) => asks.includes(path));
  return [...replaced, ...asked].map(({ folder }) => folder);
}
