import { posix } from 'node:path';

/** A script of a package.json that a package manager runs without being told to. */
export interface InstallScript {
  readonly name: string;
  readonly command: string;
  /** The script that calls it; null: it runs by its own name. */
  readonly by: string | null;
}

/** Source: docs.npmjs.com/cli/v11/using-npm/scripts; `pnpm:devPreinstall`: pnpm.io/scripts. */
const lifecycle = [
  'preinstall',
  'install',
  'postinstall',
  'prepublish',
  'preprepare',
  'prepare',
  'postprepare',
  'prepublishOnly',
  'prepack',
  'postpack',
  'publish',
  'postpublish',
  'preuninstall',
  'uninstall',
  'postuninstall',
  'dependencies',
  'pnpm:devPreinstall',
];

const mostScripts = 100;
const call = /\b(?:npm|pnpm|yarn|bun|npm-run-all|run-s|run-p)\s+([^;&|()<>]+)/g;
const noScript = /^(?:run|run-script|-.*)$/;

/** The commands of a manifest by their names. */
export function scriptCommands({ scripts }: { readonly scripts?: unknown }): Map<string, string> {
  const named = typeof scripts === 'object' && scripts !== null ? scripts : {};
  return new Map(
    Object.entries(named).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}

/** Those that run at an install or when it is published, with the scripts that they call. */
export function installScripts(manifest: { readonly scripts?: unknown }): InstallScript[] {
  const commands = scriptCommands(manifest);
  const found = new Map<string, InstallScript>();
  const open: { name: string; by: string | null }[] = lifecycle.map((name) => ({ name, by: null }));
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const { name, by } = next;
    const command = commands.get(name);
    if (command === undefined || found.has(name) || found.size >= mostScripts) continue;
    found.set(name, { name, command, by });
    for (const called of calledBy(command))
      for (const each of [`pre${called}`, called, `post${called}`])
        open.push({ name: each, by: by ?? name });
  }
  return [...found.values()];
}

/** Scripts of package.json that a command of a shell runs, and words that could name one. */
export function calledBy(command: string): string[] {
  const called = [...command.matchAll(call)].flatMap(([, names = '']) =>
    names.split(/[\s"'`]+/).filter((name) => name !== '' && !noScript.test(name)),
  );
  return called.slice(0, mostScripts);
}

/** Paths that a command may start, from the root of the project; with the usual endings left out or there. */
export function filesNamedIn(command: string, folder: string): string[] {
  const words = command.split(/[\s;&|<>()'"`=,]+/).filter((word) => /^[\w.@/-]+$/.test(word));
  return words.slice(0, mostScripts).flatMap((word) => {
    const path = posix.normalize(posix.join(folder, word)).replace(/\/$/, '');
    if (path.startsWith('..')) return [];
    const inFolder = path === '.' ? 'index' : `${path}/index`;
    return [path, ...endings.flatMap((ending) => [`${path}${ending}`, `${inFolder}${ending}`])];
  });
}

const endings = ['.js', '.cjs', '.mjs', '.ts', '.cts', '.mts', '.json'];
