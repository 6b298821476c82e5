import { posix } from 'node:path';
import { pathsEnding } from '../../files/by-ending.ts';
import type { ProjectView } from '../../files/project-view.ts';
import { baseName, folderFrom, folderOf, innermost } from '../../files/slash-paths.ts';

export interface GoModule {
  /** `''` is the root. */
  readonly folder: string;
  /** What import paths of its packages begin with. */
  readonly path: string;
  /** Its packages stand in it. */
  readonly vendored: boolean;
  /** Paths of the modules that it asks for. */
  readonly asks: readonly string[];
  /** Folders that it puts in the place of modules. */
  readonly replacedBy: readonly string[];
}

export interface GoWorkspace {
  /** Of its go.work; `''` is the root. */
  readonly folder: string;
  /** Those of its modules that are there. */
  readonly modules: readonly GoModule[];
}

export interface GoModules {
  /** Sorted by folder. */
  readonly modules: readonly GoModule[];
  /** Those that have a module, sorted by folder. */
  readonly workspaces: readonly GoWorkspace[];
}

/** Folders of which go takes no notice. */
const ignored = /(?:^|\/)(?:testdata|vendor|[._][^/]*)(?:\/|$)/;

/** What the go.mod and go.work files of a project say. */
export async function goModules(project: ProjectView): Promise<GoModules> {
  const paths = pathsEnding(project.files, ['mod', 'work']).filter(
    (path) => ['go.mod', 'go.work'].includes(baseName(path)) && !ignored.test(folderOf(path)),
  );
  const modules = new Map<string, GoModule>();
  const uses = new Map<string, string[]>();
  for (const path of paths.sort()) {
    const folder = folderOf(path);
    const text = ((await project.read(path)) ?? '').replace(/^\ufeff/, '').replace(/\/\/.*$/gm, '');
    if (baseName(path) === 'go.work') uses.set(folder, usedBy(text));
    else modules.set(folder, moduleIn(folder, text, project));
  }
  const workspaces = [...uses].flatMap(([folder, used]) => {
    const found = used.flatMap((use) => modules.get(folderFrom(folder, use)) ?? []);
    return found.length > 0 ? [{ folder, modules: found }] : [];
  });
  return { modules: [...modules.values()], workspaces };
}

function moduleIn(folder: string, text: string, { files }: ProjectView): GoModule {
  const [, path = ''] = /^[ \t]*module[ \t]+"?([^\s"]+)/m.exec(text) ?? [];
  return {
    folder,
    path,
    vendored: files.has(posix.join(folder, 'vendor/modules.txt')),
    asks: wordsAfter('require', text).filter((word) => !/^v\d/.test(word)),
    replacedBy: [...text.matchAll(/=>\s+"?(\.{1,2}\/[^\s"]*)/g)].map(([, to = '']) =>
      folderFrom(folder, to),
    ),
  };
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
export function importPathOf(folder: string, module: GoModule): string {
  return posix.join(module.path, posix.relative(`/${module.folder}`, `/${folder}`));
}

/** Folders that a go.work uses. */
function usedBy(text: string): string[] {
  return wordsAfter('use', text);
}

/** What a directive names, in one line each or in a block. */
function wordsAfter(directive: string, text: string): string[] {
  const block = new RegExp(`^[ \\t]*${directive}[ \\t]*\\(([^()]*)\\)`, 'gm');
  const line = new RegExp(`^[ \\t]*${directive}[ \\t]+([^\\s(].*)$`, 'gm');
  return [...text.matchAll(block), ...text.matchAll(line)]
    .flatMap(([, words = '']) => words.split(/\s+/))
    .map((word) => word.replaceAll('"', ''))
    .filter((word) => word !== '');
}
