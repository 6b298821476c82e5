import { constants } from 'node:fs';
import { access, open, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { chosenVersion } from './chosen-version.ts';

export interface Managers {
  /**
   * Asks a version manager; null when it fails or prints nothing.
   * @param more what its stand-in sets for it
   */
  ask(
    path: string,
    args: readonly string[],
    more?: Readonly<Record<string, string>>,
  ): Promise<string | null>;
  /** The user's environment, and the folder by which managers choose. */
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly root: string;
}

/** Managers whose shims are scripts of this form: `exec "/path/to/pyenv" exec …`. */
const scriptShim =
  /exec\s+"?([^"\s]*\/)?(pyenv|rbenv|nodenv|goenv|jenv|phpenv|plenv|asdf)"?\s+exec\b/;

/**
 * The program that a version manager's stand-in would start: itself when it is none, null when the manager
 * has no such program, so that the search goes on.
 * @param path an executable file, absolute.
 */
export async function behindShim(path: string, managers: Managers): Promise<string | null> {
  const { ask, env, root } = managers;
  const name = basename(path);
  const real = await realpath(path);
  const target = basename(real);
  // The stand-ins of snap work with its own daemon, which no sandbox reaches.
  if (target === 'snap' && name !== 'snap') return null;
  if (target === 'volta-shim') return ask(join(dirname(path), 'volta'), ['which', name]);
  if (target === 'mise' && name !== 'mise') return ask(real, ['which', name]);
  if (await isRustup(path, real)) return ask(join(dirname(path), 'rustup'), ['which', name]);
  const script = await firstBytes(real);
  const manager = scriptShim.exec(script);
  if (manager === null) return path;
  const [, folder, program = ''] = manager;
  const exports = Object.fromEntries(
    [...script.matchAll(exported)].map(([, key = '', value = '']) => [key, value]),
  );
  // Shims stand beside the folder of versions.
  const home = exports[`${program.toUpperCase()}_ROOT`] ?? dirname(dirname(path));
  const bin = await chosenVersion(program, home, root, { ...env, ...exports });
  if (bin !== null && (await isProgram(join(bin, name)))) return join(bin, name);
  const found = await ask(
    folder === undefined ? program : folder + program,
    ['which', name],
    exports,
  );
  // One that does not know its own stand-ins takes them for programs of the system.
  return found === null || scriptShim.test(await firstBytes(found)) ? null : found;
}

/** As `export PYENV_ROOT="/home/ann/.pyenv"`: where the manager has its versions, if not below home. */
const exported = /^export (\w+_ROOT)="([^"$`\\]+)"$/gm;

/** `cargo` and its like are links to rustup, hard ones on some machines. */
async function isRustup(path: string, real: string): Promise<boolean> {
  if (basename(path) === 'rustup') return false;
  if (basename(real) === 'rustup') return true;
  const rustup = await stat(join(dirname(path), 'rustup')).catch(() => null);
  if (rustup === null) return false;
  const own = await stat(real);
  return own.ino === rustup.ino && own.dev === rustup.dev;
}

/** Enough of a script to know it by; of binaries too, where it says nothing. */
export async function firstBytes(path: string, length = 1_024): Promise<string> {
  await using file = await open(path).catch(() => null);
  if (file === null) return '';
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
  return buffer.toString('latin1', 0, bytesRead);
}

export async function isProgram(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => null);
  if (info?.isFile() !== true) return false;
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
