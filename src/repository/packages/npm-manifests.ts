import { dependenciesOf, readManifest, testScript } from './package-json.ts';
import type { ProjectView } from '../../files/project-view.ts';

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
  const manifests = [...project.files].filter(
    (path) => /(?:^|\/)package\.json$/.test(path) && !testData.test(path),
  );
  const folders = manifests.map((path) => path.replace(/\/?package\.json$/, '')).sort();
  return Promise.all(
    folders.map(async (folder) => {
      const manifest = await readManifest(project, folder);
      const script = await testScript(project, folder);
      return { folder, name: manifest.name ?? null, script, asks: dependenciesOf(manifest) };
    }),
  );
}

const testData = /(?:^|\/)(?:__)?(?:fixtures?|testdata|templates?)(?:__)?\//;
