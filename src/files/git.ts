import { devNull } from 'node:os';
import { delimiter, isAbsolute } from 'node:path';
import { BlueprintError, InterruptedError } from '../domain/errors.ts';
import { toSingleLine } from '../domain/text.ts';
import { runToEnd, type ProgramEnd } from './run-to-end.ts';

export interface GitOptions {
  /** Absolute: the folder that paths are relative to. */
  readonly cwd: string;
  /** Of it git gets the few variables that it needs, and none of git's own. */
  readonly env: NodeJS.ProcessEnv;
}

export interface GitCall {
  readonly input?: string | Uint8Array;
  /** On top of git's own environment, as GIT_INDEX_FILE. */
  readonly env?: Readonly<Record<string, string>>;
  /** Settings as `name=value`, after those that make git harmless. */
  readonly config?: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

export interface GitAnswer {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs git in one folder, where nothing of the repository's own config can start a program. */
export interface Git {
  /** @throws BlueprintError `git-failed` unless it exits with 0, `git-missing`; InterruptedError */
  run(args: readonly string[], call?: GitCall): Promise<Buffer>;
  /** As `run`, its output as text without the final newline. */
  text(args: readonly string[], call?: GitCall): Promise<string>;
  /** As `run`, its output as the list that an option `-z` makes it. */
  list(args: readonly string[], call?: GitCall): Promise<string[]>;
  /** Whatever the exit code. @throws BlueprintError `git-missing`; InterruptedError */
  attempt(args: readonly string[], call?: GitCall): Promise<GitAnswer>;
}

const timeoutMs = 120_000;
const mostBytes = 512 * 1024 * 1024;

/** All that a repository's config can make git start, or reach, set to nothing. */
const harmless = [
  `core.hooksPath=${devNull}`,
  'core.fsmonitor=false',
  `core.attributesFile=${devNull}`,
  'core.sshCommand=false',
  'core.gitProxy=',
  'core.alternateRefsCommand=',
  'core.askPass=',
  'core.editor=false',
  'core.pager=cat',
  'core.quotePath=false',
  'core.warnAmbiguousRefs=false',
  // What is committed survives a power cut.
  'core.fsync=committed',
  'credential.helper=',
  'diff.external=',
  'commit.gpgSign=false',
  'tag.gpgSign=false',
  'log.showSignature=false',
  'submodule.recurse=false',
  'gc.auto=0',
  'maintenance.auto=false',
  // A partial clone would fetch what it lacks.
  'protocol.allow=never',
];

const inherited = [
  'HOME',
  'USERPROFILE',
  'XDG_CONFIG_HOME',
  'HOMEDRIVE',
  'HOMEPATH',
  'SYSTEMROOT',
  'TEMP',
  'TMP',
  'TMPDIR',
  'PATHEXT',
  'NODE_V8_COVERAGE',
];

/** The one way to git: no hook, filter, signature, prompt, network or pager, a time limit, own group. */
export function createGit({ cwd, env }: GitOptions): Git {
  const attempt = async (args: readonly string[], call: GitCall = {}): Promise<GitAnswer> => {
    const isAborted = (): boolean => call.signal?.aborted === true;
    if (isAborted()) throw new InterruptedError();
    const config = [...harmless, ...(call.config ?? [])].flatMap((setting) => ['-c', setting]);
    const end = await runToEnd({
      file: 'git',
      args: ['--no-pager', ...config, ...args],
      cwd,
      env: { ...environmentOf(env), ...call.env },
      input: call.input,
      signal: call.signal,
      timeoutMs,
      mostBytes,
    });
    if (isAborted()) throw new InterruptedError();
    const { exitCode, stdout, stderr } = end;
    if (exitCode === null) throw notRun(args, end);
    return { exitCode, stdout, stderr: stderr.toString() };
  };
  const run = async (args: readonly string[], call?: GitCall): Promise<Buffer> => {
    const { exitCode, stdout, stderr } = await attempt(args, call);
    if (exitCode === 0) return stdout;
    throw new BlueprintError({
      code: 'git-failed',
      message: `git ${args[0] ?? ''} failed (${exitCode}): ${toSingleLine(stderr.trim(), 500)}`,
      target: cwd,
      fix: 'Run git status there: it says what is wrong with the repository.',
    });
  };
  return {
    attempt,
    run,
    list: async (args, call) => listIn(await run(args, call)),
    text: async (args, call) => (await run(args, call)).toString().replace(/\r?\n$/, ''),
  };
}

/** The parts of an output that ends each with NUL. */
export function listIn(output: Buffer): string[] {
  return output.toString().split('\0').slice(0, -1);
}

/** A line of `ls-tree` or `ls-files --stage`: words, a tab, a path. */
export function parseEntry(line: string): { words: string[]; path: string } {
  const tab = line.indexOf('\t');
  return { words: line.slice(0, tab).split(' '), path: line.slice(tab + 1) };
}

/** A file of the user's index, with what they told git to take for granted of its checkout. */
export interface IndexEntry {
  readonly path: string;
  readonly mode: string;
  readonly oid: string;
  /** `0`, or a side of a merge. */
  readonly stage: string;
  /** Not checked out, as by a sparse checkout, or left alone where it stands all the same. */
  readonly skipsWorktree: boolean;
  readonly assumedUnchanged: boolean;
}

/** The user's index below the folder (git-ls-files, «-v»). */
export async function listIndex(git: Git, call?: GitCall): Promise<IndexEntry[]> {
  const lines = await git.list(['ls-files', '-z', '-v', '--stage'], call);
  return lines.map((line) => {
    const { words, path } = parseEntry(line);
    const [tag = '', mode = '', oid = '', stage = ''] = words;
    const skipsWorktree = tag.toUpperCase() === 'S';
    const assumedUnchanged = tag !== tag.toUpperCase();
    return { path, mode, oid, stage, skipsWorktree, assumedUnchanged };
  });
}

function environmentOf(env: NodeJS.ProcessEnv): Record<string, string> {
  const own: Record<string, string> = {
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_CONFIG_COUNT: '0',
    LC_ALL: 'C',
    // A folder of the project on the path could hold a program named git.
    PATH: (env['PATH'] ?? '').split(delimiter).filter(isAbsolute).join(delimiter),
  };
  for (const name of inherited) {
    const value = env[name];
    if (value !== undefined) own[name] = value;
  }
  return own;
}

function notRun(args: readonly string[], { problem, startFault }: ProgramEnd): BlueprintError {
  if (startFault === 'ENOENT')
    return new BlueprintError({
      code: 'git-missing',
      message: 'git is not installed, or not on PATH',
      fix: 'Install git 2.30 or newer, or set workspace.kind to folder.',
    });
  const why = problem ?? startFault ?? 'a signal ended it';
  return new BlueprintError({
    code: 'git-failed',
    message: `git ${args[0] ?? ''} was ended: ${toSingleLine(why, 300)}`,
    fix: 'Run git status in the project: it says what is wrong with the repository.',
  });
}
