import { posix } from 'node:path';
import {
  isSourceOfProject,
  otherFolders,
  type ProjectPackage,
  type Surveyed,
} from './project-package.ts';
import { cargoManifests, cargoPathsOf, cargoWorkspaceAbove } from './cargo-manifests.ts';

/** The packages of Cargo, in its workspaces. */
export async function cargoPackagesIn({ view, folders }: Surveyed): Promise<ProjectPackage[]> {
  const manifests = await cargoManifests(view);
  return [...manifests].flatMap(([folder, manifest]): ProjectPackage[] => {
    const path = posix.join(folder, 'Cargo.toml');
    // The root of a workspace need be no package.
    if (manifest.package === undefined || !isSourceOfProject(path)) return [];
    const isRoot = manifest.workspace !== undefined;
    const needed = cargoPathsOf(folder, manifests).filter((other) => manifests.has(other));
    const source = posix.join(folder, 'src');
    const programs = ['src/lib.rs', 'src/main.rs'].filter((one) =>
      view.files.has(posix.join(folder, one)),
    );
    return [
      {
        folder,
        name: manifest.package.name ?? null,
        ecosystem: 'cargo',
        manifest: path,
        workspaceRoot: isRoot ? folder : cargoWorkspaceAbove(folder, manifests),
        dependsOn: otherFolders(folder, needed),
        scripts: {},
        // Its tests may stand in any of its files, and in their documentation.
        runners: ['cargo test'],
        sourceRoots: [folders.has(source) ? source : folder],
        entryPoints: programs,
        problem: manifest.isBroken ? 'it is no valid TOML' : null,
      },
    ];
  });
}
