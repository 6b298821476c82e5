import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { isSystem, neededBy } from './installation.ts';
import { behindShim, isProgram, type Managers } from './shims.ts';

export interface HostOptions {
  /** The user's: PATH, HOME and what version managers read. */
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** Absolute; version managers choose by it. */
  readonly root: string;
}

/** The programs of this machine, as a sandbox that shares its folders may use them. */
export interface HostPrograms {
  /** Absolute, behind any version manager's stand-in; null when there is none. */
  find(name: string): Promise<string | null>;
  /** What must be shown beside the system's folders so that a program can run. */
  neededBy(path: string): Promise<string[]>;
  /** The common toolchains outside the system's folders, for commands that start others. */
  toolchains(): Promise<{ readonly folders: readonly string[]; readonly path: string }>;
}

const toolchainNames = [
  'python3',
  'python',
  'node',
  'cargo',
  'rustc',
  'go',
  'ruby',
  'java',
  'mvn',
  'gradle',
  'dotnet',
  'deno',
  'bun',
  'php',
];
const systemPath = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/local/sbin', '/usr/sbin', '/sbin'];

export function createHostPrograms({ env, root }: HostOptions): HostPrograms {
  // Relative entries of PATH are passed over: a file of the project must not pass for a program.
  const folders = [...new Set((env['PATH'] ?? '').split(delimiter).filter(isAbsolute))];
  const home = env['HOME'] ?? '/nonexistent';
  const known = new Map<string, Promise<Found | null>>();
  let tools: ReturnType<HostPrograms['toolchains']> | undefined;

  const ask: Managers['ask'] = async (path, args, more = {}) => {
    const { execa } = await import('execa');
    const { stdout, failed } = await execa(path, args, {
      cwd: root,
      // A toolchain that is missing must not be fetched by being asked for.
      env: { ...env, ...more, RUSTUP_AUTO_INSTALL: '0' },
      extendEnv: false,
      reject: false,
      timeout: 10_000,
    });
    const answer = stdout.trim();
    return !failed && isAbsolute(answer) && (await isProgram(answer)) ? answer : null;
  };

  const search = async (name: string): Promise<Found | null> => {
    if (name === '' || name.includes('/')) return null;
    for (const folder of folders) {
      const candidate = join(folder, name);
      if (!(await isProgram(candidate))) continue;
      const path = isSystem(candidate)
        ? candidate
        : await behindShim(candidate, { ask, env, root });
      if (path !== null) return { path, folder };
    }
    return null;
  };
  const find = (name: string): Promise<Found | null> => {
    const found = known.get(name) ?? search(name);
    known.set(name, found);
    return found;
  };
  const findPath = async (name: string) => (await find(name))?.path ?? null;
  const shown = new Map<string, Promise<string[]>>();
  const needed = (path: string): Promise<string[]> => {
    const found = shown.get(path) ?? neededBy(path, home, findPath);
    shown.set(path, found);
    return found;
  };

  const collect = async () => {
    const found = (await Promise.all(toolchainNames.map(find))).filter((one) => one !== null);
    const outside = found.filter(({ path }) => !isSystem(path));
    const all = await Promise.all(outside.map(({ path }) => needed(path)));
    // In the order of the user's PATH, with each stand-in's folder replaced by what stands behind it.
    const path = folders.flatMap((folder) => [
      ...(isSystem(folder) ? [folder] : []),
      ...outside.filter((one) => one.folder === folder).map((one) => dirname(one.path)),
    ]);
    return {
      folders: [...new Set(all.flat())],
      path: [...new Set([...path, ...systemPath])].join(delimiter),
    };
  };

  return { find: findPath, neededBy: needed, toolchains: () => (tools ??= collect()) };
}

interface Found {
  readonly path: string;
  /** The folder of PATH in which it, or its stand-in, stands. */
  readonly folder: string;
}
