import { access, readFile, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { firstBytes, isProgram } from './shims.ts';

/** What every sandbox shows of the host: programs and libraries, nobody's data. */
export const systemFolders = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/nix/store'];

export const isBelow = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

export const isSystem = (path: string): boolean =>
  systemFolders.some((folder) => isBelow(path, folder));

/**
 * Folders and files outside the system's that a program needs to be shown: itself, what its links and its
 * first line lead to, and the installation that each of these belongs to. Never a home folder, nor a
 * folder that holds other things than one installation: of such a one the file alone.
 * @param path absolute.
 * @param find where a name on PATH leads, for `#!/usr/bin/env name`.
 */
export async function neededBy(
  path: string,
  home: string,
  find: (name: string) => Promise<string | null>,
): Promise<string[]> {
  const needed = new Set<string>();
  const seen = new Set<string>();
  const waiting = [path];
  for (let at = waiting.pop(); at !== undefined && seen.size < 64; at = waiting.pop()) {
    if (seen.has(at) || !isAbsolute(at)) continue;
    seen.add(at);
    if (!isSystem(at)) {
      const place = await installationOf(at, home);
      needed.add(place ?? at);
      const python = place === null ? null : await baseInterpreter(place);
      if (python !== null) waiting.push(python);
    }
    const link = await readlink(at).catch(() => null);
    const real = await realpath(at).catch(() => at);
    if (link !== null) waiting.push(resolve(dirname(at), link), real);
    else waiting.push(...(await interpreters(at, find)));
  }
  const all = [...needed];
  const existing = await Promise.all(all.map(exists));
  return all.filter(
    (one, index) =>
      existing[index] === true && !all.some((other) => other !== one && isBelow(one, other)),
  );
}

/** What the first line of a script names. */
async function interpreters(
  path: string,
  find: (name: string) => Promise<string | null>,
): Promise<string[]> {
  const line = /^#!\s*(\S+)(?:\s+(?:-S\s+)?(\S+))?/.exec(await firstBytes(path, 256));
  const [, program, argument] = line ?? [];
  if (program === undefined) return [];
  if (basename(program) !== 'env' || argument === undefined) return [program];
  const found = await find(argument);
  return found === null ? [] : [found];
}

/**
 * The interpreter that a Python virtual environment was made from. The environment may have come with a
 * project, and name anything.
 */
async function baseInterpreter(place: string): Promise<string | null> {
  const text = await readFile(join(place, 'pyvenv.cfg'), 'utf8').catch(() => '');
  const base = /^home\s*=\s*(\/.*?)\s*$/m.exec(text)?.[1];
  return base === undefined ? null : interpreterOf(base);
}

const pythonName = /^(?:python|pypy)[\d.]*t?$/;
const mostLinks = 16;

/**
 * The Python of a folder of programs, by its path there; null where a link from it leads to anything that is not
 * called so, or at its end stands no program of the machine.
 */
export async function interpreterOf(folder: string): Promise<string | null> {
  for (const name of ['python3', 'python']) {
    let at = join(folder, name);
    let links = 0;
    while (pythonName.test(basename(at)) && links < mostLinks) {
      const link = await readlink(at).catch(() => null);
      if (link === null) break;
      at = resolve(dirname(at), link);
      links += 1;
    }
    const isOwn = pythonName.test(basename(at)) && links < mostLinks && (await isProgram(at));
    if (isOwn && !(await firstBytes(at, 2)).startsWith('#!')) return join(folder, name);
  }
  return null;
}

/** Files and folders that only the top of an installation holds. */
const ownMarks = ['pyvenv.cfg', 'conda-meta', 'VERSION'];
/** Folders that an installation has beside its programs; so has ~/.local, which is none. */
const commonMarks = ['lib', 'lib64', 'libexec', 'include', 'node_modules'];

async function installationOf(path: string, home: string): Promise<string | null> {
  const modules = path.indexOf(`${sep}node_modules${sep}`);
  const folder = dirname(path);
  const top =
    modules !== -1
      ? path.slice(0, modules + `${sep}node_modules`.length)
      : /^s?bin$/.test(basename(folder))
        ? dirname(folder)
        : folder;
  const inHome = isBelow(top, home);
  if (top === sep || isBelow(home, top)) return null;
  const depth = top.slice(inHome ? home.length : 0).split(sep).length - 1;
  if (modules !== -1) return top;
  if (await holdsOne(top, ownMarks)) return top;
  const shared = inHome ? depth < 3 : depth < 2;
  return !shared && (await holdsOne(top, commonMarks)) ? top : null;
}

async function holdsOne(folder: string, names: readonly string[]): Promise<boolean> {
  const found = await Promise.all(names.map((name) => exists(join(folder, name))));
  return found.includes(true);
}

export const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
