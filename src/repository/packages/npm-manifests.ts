import type { ProjectView } from '../../files/project-view.ts';
import { folderOf } from '../../files/slash-paths.ts';
import { dependenciesOf, readManifest, testScript } from './package-json.ts';
import { manifestsIn } from './project-package.ts';

/** A folder with a package.json: '' for the root, else without a slash at its end. */
export interface NpmPackage {
  readonly folder: string;
  readonly name: string | null;
  /** Its `test` script, or null when there is none that does something. */
  readonly script: string | null;
  /** Names of the packages that it asks for. */
  readonly asks: ReadonlySet<string>;
}

/** All packages of a project, the root first. What is data of tests is none. */
export async function npmPackages(project: ProjectView): Promise<NpmPackage[]> {
  const folders = manifestsIn(project, /^package\.json$/).map((path) => folderOf(path));
  return Promise.all(
    folders.map(async (folder) => {
      const manifest = await readManifest(project, folder);
      const script = await testScript(project, folder);
      return { folder, name: manifest.name ?? null, script, asks: dependenciesOf(manifest) };
    }),
  );
}
