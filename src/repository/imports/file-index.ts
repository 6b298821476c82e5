import { baseName, folderOf } from '../../files/slash-paths.ts';

/** The files of a project by what imports name them by; made once, so that a look-up costs no walk. */
export interface FileIndex {
  readonly files: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
  /** Those directly in a folder, sorted. */
  inFolder(folder: string): readonly string[];
  /** Those of a name, sorted. */
  named(name: string): readonly string[];
  /** Folders of a name, sorted. */
  foldersNamed(name: string): readonly string[];
}

export function fileIndex(files: ReadonlySet<string>): FileIndex {
  const byFolder = new Map<string, string[]>();
  const byName = new Map<string, string[]>();
  const folders = new Set(['']);
  for (const path of [...files].sort()) {
    const folder = folderOf(path);
    push(byFolder, folder, path);
    push(byName, baseName(path), path);
    for (let at = folder; !folders.has(at); at = folderOf(at)) folders.add(at);
  }
  const foldersByName = new Map<string, string[]>();
  for (const folder of [...folders].sort()) push(foldersByName, baseName(folder), folder);
  return {
    files,
    folders,
    inFolder: (folder) => byFolder.get(folder) ?? [],
    named: (name) => byName.get(name) ?? [],
    foldersNamed: (name) => foldersByName.get(name) ?? [],
  };
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** Whether a path is another one, or ends with it at a slash. */
export function endsWithPath(path: string, end: string): boolean {
  return path === end || path.endsWith(`/${end}`);
}

/** The path that shares most of its folders with another; of equals the first. */
export function nearestTo(from: string, paths: readonly string[]): string | null {
  let best: string | null = null;
  let most = -1;
  for (const path of paths) {
    const shared = sharedFolders(from, path);
    if (shared > most) {
      best = path;
      most = shared;
    }
  }
  return best;
}

function sharedFolders(a: string, b: string): number {
  const first = a.split('/');
  const second = b.split('/');
  let shared = 0;
  while (shared < first.length - 1 && first[shared] === second[shared]) shared += 1;
  return shared;
}
