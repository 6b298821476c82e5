import { folderFrom, folderOf } from '../../files/slash-paths.ts';
import type { FileIndex } from './file-index.ts';
import type { ImportPackage, ResolveClause } from './import-resolver.ts';

/** Relative modules, and absolute ones from the source roots, the package around the file, its own folder. */
export function pythonResolver(
  { files, folders }: FileIndex,
  packages: readonly ImportPackage[],
): ResolveClause {
  const own = packages.filter(({ ecosystem }) => ecosystem === 'python');
  const roots = new Set([
    ...own.flatMap(({ sourceRoots }) => sourceRoots),
    ...['', ...own.map(({ folder }) => folder)].flatMap((folder) => [
      folderFrom(folder, 'src'),
      folder,
    ]),
  ]);
  const moduleFile = (path: string): string | null =>
    [`${path}.py`, `${path}/__init__.py`, `${path}.pyi`, `${path}/__init__.pyi`].find((one) =>
      files.has(one),
    ) ?? null;
  const isPackage = (folder: string): boolean =>
    files.has(`${folder}/__init__.py`) || files.has(`${folder}/__init__.pyi`);

  /** Null where nothing of that name is there. A folder without an `__init__` is a package, too. */
  const taken = (path: string, names: readonly string[]): string[] | null => {
    const file = path === '' ? null : moduleFile(path);
    const isFolder = folders.has(path);
    if (file === null && !isFolder) return null;
    const inner = isFolder
      ? names.map((name) => moduleFile(folderFrom(path, name)))
      : names.map(() => null);
    const found = inner.filter((one) => one !== null);
    const isWhole = names.length > 0 && found.length === names.length;
    if (isWhole) return [...new Set(found)];
    if (file !== null) return [...new Set([file, ...found])];
    return found.length > 0 ? [...new Set(found)] : null;
  };
  /** The folder that holds the outermost package around a folder. */
  const aboveThePackage = (folder: string): string => {
    let at = folder;
    while (at !== '' && isPackage(at)) at = folderOf(at);
    return at;
  };
  return (from, { specifier, names }) => {
    const folder = folderOf(from);
    const [, dots = '', module = ''] = /^(\.*)(.*)$/.exec(specifier) ?? [];
    const path = module.replaceAll('.', '/');
    if (dots !== '') {
      const base = folderFrom(folder, dots.length === 1 ? '.' : '../'.repeat(dots.length - 1));
      return base.startsWith('..') ? [] : (taken(folderFrom(base, path), names) ?? []);
    }
    if (path === '') return [];
    for (const root of new Set([...roots, aboveThePackage(folder), folder])) {
      const found = taken(folderFrom(root, path), names);
      if (found !== null) return found;
    }
    return [];
  };
}
