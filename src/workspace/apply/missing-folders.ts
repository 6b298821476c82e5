import { findFolder } from './held-folder.ts';

/** The folders above these files that do not exist, outer ones first. */
export async function missingFolders(root: string, paths: readonly string[]): Promise<string[]> {
  const known = new Map<string, boolean>();
  for (const path of paths) {
    const segments = path.split('/').slice(0, -1);
    for (let depth = 1; depth <= segments.length; depth++) {
      const folder = segments.slice(0, depth).join('/');
      if (!known.has(folder)) known.set(folder, await isThere(root, folder));
    }
  }
  // A file that goes in the same apply may stand in the place of one.
  return [...known].flatMap(([folder, there]) => (there ? [] : [folder])).sort();
}

async function isThere(root: string, folder: string): Promise<boolean> {
  const held = await findFolder(root, folder);
  await held?.close();
  return held !== null;
}
