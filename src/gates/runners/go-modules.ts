import { posix } from 'node:path';
import { changedRuns, folderFrom, folderOf, innermost } from './package-folders.ts';
import { baseName, type ProjectView } from './runner.ts';

export interface GoModule {
  /** `''` is the root. */
  readonly folder: string;
  /** What import paths of its packages begin with. */
  readonly path: string;
  /** Its packages stand in it. */
  readonly vendored: boolean;
}

export interface GoRun {
  readonly folder: string;
  readonly isWorkspace: boolean;
  readonly modules: readonly GoModule[];
}

/** Folders of which go takes no notice. */
const ignored = /(?:^|\/)(?:testdata|vendor|[._][^/]*)(?:\/|$)/;

/**
 * Where `go test` is to run: in each workspace for its modules, and in each module that is in none. With
 * changed files known, those that hold one, or stand on a module that does.
 */
export async function goRuns(project: ProjectView, touched: readonly string[]): Promise<GoRun[]> {
  const paths = [...project.files].filter((path) => !ignored.test(folderOf(path)));
  const texts = new Map<string, string>();
  for (const path of paths.filter((one) => ['go.mod', 'go.work'].includes(baseName(one))).sort())
    texts.set(path, (await project.read(path)) ?? '');
  const modules = new Map<string, GoModule>();
  for (const [path, text] of texts) {
    if (baseName(path) !== 'go.mod') continue;
    const folder = folderOf(path);
    const [, name = ''] = /^\s*module\s+"?([^\s"]+)/m.exec(text) ?? [];
    const vendored = project.files.has(posix.join(folder, 'vendor/modules.txt'));
    modules.set(folder, { folder, path: name, vendored });
  }
  const runs: GoRun[] = [];
  const used = new Set<string>();
  for (const [path, text] of texts) {
    if (baseName(path) !== 'go.work') continue;
    const folder = folderOf(path);
    const found = usedBy(text).flatMap((use) => modules.get(folderFrom(folder, use)) ?? []);
    for (const module of found) used.add(module.folder);
    if (found.length > 0) runs.push({ folder, isWorkspace: true, modules: found });
  }
  for (const [folder, module] of modules)
    if (!used.has(folder)) runs.push({ folder, isWorkspace: false, modules: [module] });
  const needs = (run: GoRun): string[] =>
    run.modules.flatMap(({ folder }) =>
      replacedBy(texts.get(posix.join(folder, 'go.mod')) ?? '').map((to) => folderFrom(folder, to)),
    );
  return changedRuns(runs, touched, needs);
}

/** The module that a file belongs to. */
export function moduleOf(path: string, modules: readonly GoModule[]): GoModule | null {
  const folder = innermost(
    path,
    modules.map((module) => module.folder),
  );
  return modules.find((module) => module.folder === folder) ?? null;
}

/** The import path of a folder's package. */
export function packageOf(folder: string, module: GoModule): string {
  return posix.join(module.path, posix.relative(`/${module.folder}`, `/${folder}`));
}

/** Folders that a go.work uses, in one line each or in a block. */
function usedBy(text: string): string[] {
  const plain = text.replace(/\/\/.*$/gm, '');
  const blocks = [...plain.matchAll(/^\s*use\s*\(([^)]*)\)/gm)].map(([, block = '']) => block);
  const lines = [...plain.matchAll(/^\s*use\s+([^\s(]+)\s*$/gm)].map(([, line = '']) => line);
  return [...blocks.flatMap((block) => block.split(/\s+/)), ...lines]
    .map((path) => path.replaceAll('"', ''))
    .filter((path) => path !== '');
}

/** Folders that a go.mod puts in the place of modules. */
function replacedBy(text: string): string[] {
  return [...text.matchAll(/=>\s+"?(\.{1,2}\/[^\s"]*)/g)].map(([, path = '']) => path);
}
