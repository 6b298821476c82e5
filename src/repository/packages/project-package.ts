import type { ProjectView } from '../../files/project-view.ts';
import { baseName, folderOf } from '../../files/slash-paths.ts';
import { kindOf } from '../file-kind.ts';

export type Ecosystem = 'npm' | 'python' | 'go' | 'cargo' | 'maven' | 'gradle';

/** What a manifest says is one: it is named, depended on and tested as a whole. */
export interface ProjectPackage {
  /** `''` is the root; else without a slash at its end. */
  readonly folder: string;
  /** Null where its manifest names none, or is broken. */
  readonly name: string | null;
  readonly ecosystem: Ecosystem;
  readonly manifest: string;
  /** The folder of the workspace (multi-module build) that it is a member of, its own where it is the root of one. */
  readonly workspaceRoot: string | null;
  /** Folders of the project's packages that its manifest asks for, sorted; not what those ask for. */
  readonly dependsOn: readonly string[];
  /** What its manifest gives to be run, by name. */
  readonly scripts: Readonly<Record<string, string>>;
  /** Programs that run its tests, as `vitest`, `pytest`, `go test`. */
  readonly runners: readonly string[];
  /** Folders that its imports are looked up from, the first before the others; its own where nothing else is said. */
  readonly sourceRoots: readonly string[];
  /** What it gives to those who use it, as its manifest writes it: files, modules, `name: target`. */
  readonly entryPoints: readonly string[];
  /** What is the matter with its manifest; else null. */
  readonly problem: string | null;
}

/** A project whose packages are read. */
export interface Surveyed {
  readonly view: ProjectView;
  /** Those that hold files, at any depth. */
  readonly folders: ReadonlySet<string>;
}

/** Manifests of one name that make packages of the project: none that is installed, or data of tests. */
export function manifestsIn({ files }: ProjectView, name: RegExp): string[] {
  return [...files]
    .filter((path) => name.test(baseName(path)) && isSourceOfProject(path))
    .sort((a, b) => compareFolders(folderOf(a), folderOf(b)) || (a < b ? -1 : 1));
}

const testData = /(?:^|\/)(?:__)?(?:fixtures?|testdata|templates?)(?:__)?\//;

/** Neither installed, nor generated, nor data of tests. */
export function isSourceOfProject(path: string): boolean {
  const kind = kindOf(path);
  return kind !== 'vendored' && kind !== 'generated' && !testData.test(path);
}

/** Outer folders before those in them. */
export function compareFolders(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** The package that a file belongs to: the innermost around it; of several in one folder the first. */
export function packageOf(
  path: string,
  packages: readonly ProjectPackage[],
): ProjectPackage | null {
  const byFolder =
    known.get(packages) ?? new Map(packages.toReversed().map((one) => [one.folder, one]));
  known.set(packages, byFolder);
  for (let at = folderOf(path); ; at = folderOf(at)) {
    const found = byFolder.get(at);
    if (found !== undefined || at === '') return found ?? null;
  }
}

/** Asked for each file of a project, of the same packages. */
const known = new WeakMap<readonly ProjectPackage[], ReadonlyMap<string, ProjectPackage>>();

/** All folders that hold files, at any depth; `''` is the root. */
export function foldersIn({ files }: ProjectView): ReadonlySet<string> {
  const folders = new Set(['']);
  for (const path of files)
    for (let at = folderOf(path); !folders.has(at); at = folderOf(at)) folders.add(at);
  return folders;
}

/** Sorted, each once, without the package itself. */
export function otherFolders(folder: string, found: Iterable<string>): string[] {
  return [...new Set(found)].filter((other) => other !== folder).sort(compareFolders);
}
