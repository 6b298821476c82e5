import { posix } from 'node:path';

/** The end of a path, without folders. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folder of a path; `''` is the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The folder that a relative path leads to from another; `''` is the root. */
export function folderFrom(folder: string, path: string): string {
  const place = posix.join(folder, path).replace(/\/$/, '');
  return place === '.' ? '' : place;
}

/** Whether a path is a folder, or below it; `''` is the root. */
export function isBelow(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

/** The innermost of some folders that a path is in. */
export function innermost(path: string, folders: Iterable<string>): string | null {
  let found: string | null = null;
  for (const folder of folders)
    if (isBelow(path, folder) && folder.length >= (found ?? '').length) found = folder;
  return found;
}

/** What stands innermost around some paths, each once, in the order of the paths. */
export function holdersOf<T extends { readonly folder: string }>(
  paths: Iterable<string>,
  all: readonly T[],
): T[] {
  const folders = new Set(all.map(({ folder }) => folder));
  const holding = new Set<string>();
  for (const path of paths) holding.add(innermost(path, folders) ?? '');
  return [...holding].flatMap((folder) => all.filter((one) => one.folder === folder));
}
