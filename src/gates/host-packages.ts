import type { Dirent } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, posix } from 'node:path';
import { isWithin, slashPath } from '../files/contained-path.ts';
import { isFile, isFolder } from '../files/is-there.ts';
import type { HostPackages, InstalledEntry, Lead } from './runners/runner.ts';

/**
 * What is installed on the host for a project. Links are followed to what a package manager would have made
 * them for, and to nothing else: they may have come with the project.
 * @param root the project's folder on the host, absolute.
 * @param homes of cargo and of Go, absolute; they need not be there.
 */
export function hostPackages(root: string, homes: { cargo: string; go: string }): HostPackages {
  const real = (path: string): Promise<string | null> => realpath(path).catch(() => null);
  /** Whoever is shown one of these is shown everything. */
  const holdsAll = (folder: string): boolean =>
    [root, homes.cargo, homes.go].some((place) => isWithin(folder, place));

  const folder = async (path: string): Promise<string | null> => {
    const place = join(root, path);
    const found = (await isFolder(place)) ? await real(place) : null;
    const own = await real(root);
    if (found === null || own === null) return null;
    if (found === join(own, path)) return found;
    if (holdsAll(found) || isWithin(found, own)) return null;
    return (await isMadeFor(path, found)) ? found : null;
  };

  const leadOf = async (place: string, tops: readonly Top[]): Promise<Lead> => {
    const found = await real(place);
    if (found === null) return { kind: 'nowhere' };
    for (const { at, path } of tops)
      if (found !== at && isWithin(at, found))
        return { kind: 'own', path: posix.join(path, slashPath(at, found)) };
    const outside = await packageAround(found);
    if (outside === null || holdsAll(outside)) return { kind: 'nowhere' };
    return { kind: 'outside', folder: outside, within: slashPath(outside, found) };
  };

  return {
    root,
    folder,
    async entries(path) {
      const [place, own] = [await folder(path), await real(root)];
      if (place === null || own === null) return [];
      // Packages that another checkout shares with this one lead to the packages of that one.
      const modules = topOf(path, place);
      const tops = [{ at: own, path: '' }, ...(modules === null ? [] : [modules])];
      const found = await readdir(place, { withFileTypes: true }).catch((): Dirent[] => []);
      const entry = async (one: Dirent): Promise<InstalledEntry> => ({
        name: one.name,
        isFolder: one.isDirectory(),
        lead: one.isSymbolicLink() ? await leadOf(join(place, one.name), tops) : null,
      });
      return Promise.all(found.map(entry));
    },
    cargoRegistry: () => existing(join(homes.cargo, 'registry')),
    goModules: () => existing(join(homes.go, 'pkg/mod')),
  };
}

/** A folder of the host, absolute, and what it is in the project. */
interface Top {
  readonly at: string;
  readonly path: string;
}

/** The folder that holds the node_modules which a path is in, as it is really called. */
function topOf(path: string, place: string): Top | null {
  const parts = path.split('/');
  const depth = parts.length - parts.indexOf('node_modules');
  if (depth > parts.length) return null;
  let at = place;
  for (let count = 0; count < depth; count++) at = dirname(at);
  return { at, path: parts.slice(0, parts.length - depth).join('/') };
}

/** Whether a folder elsewhere is what a path of the project would be linked to. */
async function isMadeFor(path: string, folder: string): Promise<boolean> {
  if (basename(path) === 'node_modules') return basename(folder) === 'node_modules';
  // Programs, and packages with a scope, of a node_modules that is itself a link.
  const [name, parent] = [basename(path), basename(dirname(folder))];
  if (/^(?:\.bin|@.+)$/.test(name) && name === basename(folder) && parent === 'node_modules')
    return true;
  if (path.split('/').includes('node_modules')) return isFile(join(folder, 'package.json'));
  const environment = /^(.*?)\/bin$/.exec(folder)?.[1] ?? folder;
  return isFile(join(environment, 'pyvenv.cfg'));
}

/** The nearest package that a file or folder belongs to. */
async function packageAround(place: string): Promise<string | null> {
  for (let folder = place; folder !== dirname(folder); folder = dirname(folder))
    if (await isFile(join(folder, 'package.json'))) return folder;
  return null;
}

async function existing(folder: string): Promise<string | null> {
  return (await isFolder(folder)) ? folder : null;
}
