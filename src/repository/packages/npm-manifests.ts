import type { ProjectView } from '../../files/project-view.ts';
import { dependenciesOf, npmManifests, scriptsOf } from './package-json.ts';

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
  return (await npmManifests(project)).map(({ folder, manifest }) => ({
    folder,
    name: manifest?.name ?? null,
    script: scriptsOf(manifest)['test'] ?? null,
    asks: manifest === null ? new Set() : dependenciesOf(manifest),
  }));
}
