import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, posix } from 'node:path';
import { isWithin, slashPath } from '../files/contained-path.ts';
import { isFile, isFolder } from '../files/is-there.ts';
import { personalFolder } from '../files/secret-files.ts';
import { linksOn } from './link-steps.ts';
import type { HostPackages, InstalledEntry, Lead, PackageCache } from './runners/runner.ts';

/** Where package managers keep what they have fetched, absolute; these need not be there. */
export type PackageHomes = Readonly<Partial<Record<PackageHome, string>>>;

/** `user`: the user's own, which holds other things too. */
type PackageHome = 'cargo' | 'go' | 'maven' | 'gradle' | 'nuget' | 'deno' | 'gems' | 'user';

const places: Readonly<Record<PackageCache, readonly [PackageHome, string]>> = {
  cargo: ['cargo', 'registry'],
  go: ['go', 'pkg/mod'],
  maven: ['maven', 'repository'],
  mavenWrapper: ['maven', 'wrapper/dists'],
  gradle: ['gradle', 'caches'],
  gradleWrapper: ['gradle', 'wrapper/dists'],
  nuget: ['nuget', ''],
  denoRemote: ['deno', 'remote'],
  denoNpm: ['deno', 'npm'],
  gems: ['gems', ''],
};

/** The homes that the user's environment names, or the managers' own. */
export function packageHomes(env: NodeJS.ProcessEnv): PackageHomes {
  const home = env['HOME'] ?? '/nonexistent';
  const cache = env['XDG_CACHE_HOME'] ?? join(home, '.cache');
  return {
    cargo: env['CARGO_HOME'] ?? join(home, '.cargo'),
    go: env['GOPATH'] ?? join(home, 'go'),
    maven: join(home, '.m2'),
    gradle: env['GRADLE_USER_HOME'] ?? join(home, '.gradle'),
    nuget: env['NUGET_PACKAGES'] ?? join(home, '.nuget/packages'),
    deno: env['DENO_DIR'] ?? join(cache, 'deno'),
    gems: env['GEM_HOME'] ?? join(home, '.local/share/gem/ruby'),
    user: home,
  };
}

/**
 * What is installed on the host for a project. Links are followed to what a package manager would have made
 * them for, and to nothing else: they may have come with the project.
 * @param root the project's folder on the host, absolute.
 * @param committed links that are part of the project's history, by path: a package manager made none of them,
 * and whoever wrote the project did.
 */
export function hostPackages(
  root: string,
  homes: PackageHomes,
  committed: () => Promise<ReadonlySet<string>> = async () => new Set(),
): HostPackages {
  const real = (path: string): Promise<string | null> => realpath(path).catch(() => null);
  const refused = new Map<string, string>();
  let links: Promise<ReadonlySet<string>> | undefined;
  /** Whoever is shown one of these is shown everything. */
  const holdsAll = (folder: string): boolean =>
    [root, ...Object.values(homes)].some((place) => isWithin(folder, place));

  const isCommitted = async (place: string): Promise<boolean> => {
    links ??= committed();
    const [known, own] = [await links, await real(root)];
    if (known.size === 0 || own === null) return false;
    const passed = (await linksOn(place)).map((link) =>
      slashPath(isWithin(own, link) ? own : root, link),
    );
    return passed.some((link) => known.has(link));
  };

  /** Why a folder outside of the project is not shown to its tests, though something in the project leads there. */
  const refusalOf = async (place: string, found: string): Promise<string | null> => {
    if (holdsAll(found)) return 'it leads to a folder that holds more than packages';
    if (isPersonal(found, homes.user)) return 'it leads to a folder for settings or secrets';
    if (!(await isTrusted(found, root))) return 'it leads to another user’s folder';
    const own = await real(root);
    if (own !== null && isWithin(own, found)) return null;
    return (await isCommitted(place)) ? 'it leads out of the project by a committed link' : null;
  };
  const refuse = (path: string, why: string): void => {
    refused.set(path, why);
  };

  const folder = async (path: string): Promise<string | null> => {
    const place = join(root, path);
    const found = (await isFolder(place)) ? await real(place) : null;
    const own = await real(root);
    if (found === null || own === null) return null;
    if (found === join(own, path)) return found;
    const why =
      (await refusalOf(place, found)) ??
      ((await isMadeFor(path, found)) ? null : 'it leads to something else');
    if (why === null) return found;
    refuse(path, why);
    return null;
  };

  const leadOf = async (place: string, tops: readonly Top[]): Promise<Lead> => {
    const found = await real(place);
    if (found === null) return { kind: 'nowhere' };
    // A package that asks for itself, as those do whose tests import it by its name.
    if (found === tops[0]?.at) return { kind: 'own', path: '' };
    for (const { at, path } of tops)
      if (found !== at && isWithin(at, found))
        return { kind: 'own', path: posix.join(path, slashPath(at, found)) };
    const outside = await packageAround(found);
    const why = outside === null ? 'it leads to no package' : await refusalOf(place, outside);
    if (outside === null || why !== null) {
      refuse(slashPath(root, place), why ?? '');
      return { kind: 'nowhere' };
    }
    return { kind: 'outside', folder: outside, within: slashPath(outside, found) };
  };

  return {
    root,
    refused,
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
    async cache(of) {
      const [home, below] = places[of];
      const at = homes[home];
      return at === undefined ? null : existing(join(at, below));
    },
  };
}

/** Hidden folders of a home that hold installed programs and packages; the others hold what is nobody's to read. */
const installations =
  /^\.(?:local|cache|pyenv|virtualenvs|venvs?|nvm|fnm|n|volta|asdf|nodenv|bun|deno|yarn|npm|npm-global|pnpm|pnpm-store|conda|rye|uv|hatch|rbenv|rustup|sdkman)$/;

function isPersonal(folder: string, home: string | undefined): boolean {
  if (folder.split('/').some((name) => personalFolder.test(name))) return true;
  if (home === undefined || !isWithin(home, folder)) return false;
  const [first = ''] = slashPath(home, folder).split('/');
  return first.startsWith('.') && !installations.test(first);
}

/** Whether a folder is this user's, root's, or that of the project's owner. */
async function isTrusted(folder: string, root: string): Promise<boolean> {
  const [found, own] = await Promise.all(
    [folder, root].map((path) => stat(path).catch(() => null)),
  );
  return [0, process.getuid?.() ?? 0, own?.uid].includes(found?.uid);
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
