import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll } from 'vitest';
import { trusted } from './trusted.ts';
import { untested } from './untested.ts';

/** The built program; another build than dist/ may be tried by this variable. */
export const program = resolve(process.env['BLUEPRINT_TEST_PROGRAM'] ?? 'dist/main.js');

/** Longer than any command of these tests takes: only a hang gets here. */
const hangMs = 150_000;

export interface CliOptions {
  /** The folder to work in. */
  readonly cwd: string;
  /** All of the environment beside PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>;
  /** What comes through stdin; without it stdin is empty. */
  readonly input?: string | Uint8Array;
  /** `closed` as by `<&-` of a shell, or `open`: a pipe through which nothing comes. */
  readonly stdin?: 'closed' | 'open';
}

export interface CliResult {
  /** Null when a signal ended the process. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly pid: number;
  readonly ended: Promise<CliResult>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts the built program with a home of its own and an environment that holds no keys. */
export function startCli(args: readonly string[], options: CliOptions): RunningCli {
  if (!existsSync(program)) throw new Error(`${program} is not built: npm run build`);
  const { cwd, env = {}, input, stdin } = options;
  const closed = stdin === 'closed';
  const [command, given] = closed
    ? ['/bin/sh', ['-c', 'exec "$@" <&-', 'sh', process.execPath, program, ...args]]
    : [process.execPath, [program, ...args]];
  const child = execa(command, given, {
    cwd,
    env: { PATH: process.env['PATH'], HOME: homeOf(cwd), ...untested, ...trusted, ...env },
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
    timeout: hangMs,
    killSignal: 'SIGKILL',
    ...(input === undefined
      ? { stdin: stdin === 'open' ? ('pipe' as const) : ('ignore' as const) }
      : { input }),
  });
  return {
    pid: child.pid ?? 0,
    kill: (signal) => void child.kill(signal),
    ended: child.then((result) => {
      if (result.timedOut)
        throw new Error(
          `blueprint ${args.join(' ')} did not end:\n${String(result.stdout)}\n${String(result.stderr)}`,
        );
      return {
        exitCode: result.exitCode ?? null,
        signal: result.signal ?? null,
        stdout: String(result.stdout),
        stderr: String(result.stderr),
      };
    }),
  };
}

/** Runs the built program to its end. */
export function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return startCli(args, options).ended;
}

/** Beside the project, so that it is no part of it. */
function homeOf(cwd: string): string {
  return join(dirname(cwd), 'home');
}

/** The one JSON document that stdout must be. @throws when it is anything else. */
export function jsonOf(result: CliResult): Record<string, unknown> {
  try {
    return JSON.parse(result.stdout) as Record<string, unknown>;
  } catch {
    throw new Error(`stdout is not one JSON document:\n${result.stdout}\n--\n${result.stderr}`);
  }
}

/** Makes project folders, each with a home beside it, and removes them when the file's tests are over. */
export function projects(): (
  files?: Readonly<Record<string, string | Uint8Array>>,
) => Promise<string> {
  const made: string[] = [];
  afterAll(async () => {
    for (const folder of made) await rm(folder, { recursive: true, force: true });
  });
  return async (files = {}) => {
    const folder = await mkdtemp(join(tmpdir(), 'blueprint-e2e-'));
    made.push(folder);
    const root = join(folder, 'project');
    await mkdir(root);
    await mkdir(join(folder, 'home'));
    await writeFiles(root, files);
    return root;
  };
}

export async function writeFiles(
  root: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

/** Every file below a folder with the hash of its content; links with their target, and not followed. */
export async function treeOf(root: string): Promise<Record<string, string>> {
  const tree: Record<string, string> = {};
  // By their types, as a list of names alone goes into folders behind links.
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const named = entries.map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return { entry, path, name: relative(root, path) };
  });
  named.sort((one, other) => (one.name < other.name ? -1 : 1));
  for (const { entry, path, name } of named) {
    if (entry.isSymbolicLink()) tree[name] = `→ ${await readlink(path)}`;
    else if (entry.isFile())
      tree[name] = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
  }
  return tree;
}

/** Every file below a folder with its text. */
export async function textsOf(root: string): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    texts[path.slice(root.length + 1)] = await readFile(path, 'utf8');
  }
  return texts;
}
