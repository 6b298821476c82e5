import { posix } from 'node:path';
import { changedRuns, folderFrom, folderOf, innermost, isBelow } from './package-folders.ts';
import { pytestConfig } from './pytest-config.ts';
import { baseName, type ProjectView } from './runner.ts';

export interface PythonRun {
  /** `''` is the root. */
  readonly folder: string;
  readonly files: readonly string[];
  /** Folders below it that have runs of their own. */
  readonly apart: readonly string[];
}

const manifests =
  /^(?:pyproject\.toml|setup\.(?:py|cfg)|\.?pytest\.ini|tox\.ini|Pipfile|requirements[\w.-]*\.txt)$/;
const testFolder = /(?:^|\/)(?:tests?|testdata|fixtures|__fixtures__)(?:\/|$)/;

/**
 * Where Python's tests are to be run: each file in the innermost folder around it that has a manifest,
 * unless settings at the root name it as a test of the root. With changed files known, runs that hold one,
 * or depend on one that does.
 */
export async function pythonRuns(
  project: ProjectView,
  tests: readonly string[],
  touched: readonly string[],
): Promise<PythonRun[]> {
  const folders = new Map<string, string[]>();
  for (const path of [...project.files].sort()) {
    const folder = folderOf(path);
    if (!manifests.test(baseName(path)) || testFolder.test(folder)) continue;
    folders.set(folder, [...(folders.get(folder) ?? []), path]);
  }
  const testpaths = (await pytestConfig(project, ''))?.testpaths ?? [];
  const byFolder = new Map<string, string[]>();
  for (const path of tests) {
    const isOfRoot = testpaths.some((one) => fitsPath(path, one));
    const folder = isOfRoot ? '' : (innermost(path, folders.keys()) ?? '');
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), path]);
  }
  const runs = [...byFolder].sort().map(([folder, files]) => ({
    folder,
    files,
    apart:
      folder === '' && testpaths.length > 0
        ? []
        : [...byFolder.keys()].filter((other) => other !== folder && isBelow(other, folder)).sort(),
  }));
  const texts = new Map<string, string>();
  for (const [folder, paths] of folders)
    texts.set(folder, (await Promise.all(paths.map((path) => project.read(path)))).join('\n'));
  return changedRuns(runs, touched, ({ folder }) => neededBy(folder, texts));
}

/** Whether a path is below one that settings name, perhaps with `*`. */
function fitsPath(path: string, named: string): boolean {
  const plain = posix.normalize(named).replace(/\/$/, '');
  if (plain === '.') return true;
  const pattern = plain
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('**', '.*')
    .replace(/(?<!\.)\*/g, '[^/]*');
  return new RegExp(`^${pattern}(?:/|$)`).test(path);
}

/** Folders whose package a manifest asks for, by a path or by its name. */
function neededBy(folder: string, texts: ReadonlyMap<string, string>): string[] {
  const text = texts.get(folder) ?? '';
  const paths = [...text.matchAll(/\.{1,2}\/[\w./-]+/g)].map(([path]) => folderFrom(folder, path));
  const named = [...texts].flatMap(([other, manifest]) => {
    const name = /^\s*name\s*=\s*["']?([\w.-]+)/m.exec(manifest)?.[1];
    return other !== folder && name !== undefined && asksFor(text, name) ? [other] : [];
  });
  return [...paths, ...named];
}

function asksFor(text: string, name: string): boolean {
  const words = name.replace(/[-_.]+/g, '[-_.]+');
  return new RegExp(`(?:^|["'])${words}(?=["'\\s\\[=<>~!;@]|$)`, 'im').test(text);
}
