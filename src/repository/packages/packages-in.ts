import type { ProjectView } from '../../files/project-view.ts';
import { cargoPackagesIn } from './cargo-packages.ts';
import { goPackagesIn } from './go-packages.ts';
import { gradlePackagesIn } from './gradle-packages.ts';
import { mavenPackagesIn } from './maven-packages.ts';
import { npmPackagesIn } from './npm-packages.ts';
import { compareFolders, foldersIn, type ProjectPackage } from './project-package.ts';
import { pythonPackagesIn } from './python-packages.ts';

const readers = [
  npmPackagesIn,
  pythonPackagesIn,
  goPackagesIn,
  cargoPackagesIn,
  mavenPackagesIn,
  gradlePackagesIn,
];

/** The packages of a project by their manifests, outer folders first. A broken manifest makes one without a name. */
export async function packagesIn(view: ProjectView): Promise<ProjectPackage[]> {
  const surveyed = { view, folders: foldersIn(view) };
  const found: ProjectPackage[] = [];
  for (const read of readers) for (const one of await read(surveyed)) found.push(one);
  return found.sort((a, b) => compareFolders(a.folder, b.folder));
}
