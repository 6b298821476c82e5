import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { InterruptedError } from '../../domain/errors.ts';
import { errnoOf } from '../../files/file-problem.ts';
import type { SandboxLimit, SandboxLimits } from '../sandbox.ts';
import { forgetGroup, groupOptions, rememberGroup } from '../../files/process-group.ts';
import { coverInherited } from './inherited-files.ts';

export interface WatchedCommand {
  /** Absolute. */
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** All of it. */
  readonly env: Readonly<Record<string, string>>;
  readonly limits: Pick<SandboxLimits, 'wallMs' | 'outputBytes'>;
  readonly signal: AbortSignal;
  /** Hears stdout as it comes. */
  readonly onOutput?: ((chunk: Uint8Array) => void) | undefined;
  /** Asked again and again while the command runs, and once after its end. */
  readonly reached: (pid: number, status: Status, last: boolean) => Promise<SandboxLimit | null>;
  /**
   * Ends the command and all that it started; called once, at its own end too, whatever that was.
   * @param exited it has ended by itself.
   */
  readonly end: (pid: number, status: Status, exited: boolean) => Promise<void>;
}

/** What was written to the file descriptors 3 and 4. */
export type Status = readonly [string, string];

export interface WatchedEnd {
  /** Null when it was ended by a signal, or never started. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly limit: SandboxLimit | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Of both, as they came. */
  readonly outputBytes: number;
  readonly status: Status;
  /** Why it could not be started, as `EACCES`. */
  readonly startFault: string | null;
  readonly durationMs: number;
}

const pollMs = 50;
/** How long a process that was not ended may hold the output open, in ms. */
const drainMs = 1_000;

/**
 * Runs a command in a process group of its own and watches its limits: who reaches one is ended. Returns
 * when nothing of it is left.
 * @throws InterruptedError when the signal ended it.
 */
export async function runWatched(command: WatchedCommand): Promise<WatchedEnd> {
  const { limits, signal } = command;
  if (signal.aborted) throw new InterruptedError();
  const started = performance.now();
  let child: ChildProcess;
  try {
    child = start(command);
  } catch (error) {
    return { ...neverStarted, startFault: faultOf(error), durationMs: performance.now() - started };
  }
  const { pid } = child;
  const finish = endOf(child);
  if (pid !== undefined) rememberGroup(pid);
  let limit: SandboxLimit | null = null;
  const status: [string, string] = ['', ''];
  let ended = false;
  let exited = false;
  let ending: Promise<void> | undefined;
  const end = (): Promise<void> => {
    ending ??= pid === undefined ? Promise.resolve() : command.end(pid, status, exited);
    return ending;
  };
  const reach = (name: SandboxLimit): void => {
    if (ended) return;
    limit ??= name;
    void end();
  };

  const output = captureOutput(limits.outputBytes, () => reach('output'));
  const [stdout, stderr, ...pipes] = child.stdio.slice(1, 5) as Readable[];
  stdout?.on('data', output.stdout);
  if (command.onOutput !== undefined) stdout?.on('data', command.onOutput);
  stderr?.on('data', output.stderr);
  pipes.forEach((pipe, index) =>
    pipe.on('data', (chunk: Buffer) => {
      // A few lines, of the sandbox itself.
      status[index === 0 ? 0 : 1] += chunk.toString('utf8', 0, 10_000);
    }),
  );
  const clock = setTimeout(() => reach('time'), limits.wallMs);
  const abort = (): void => void end();
  signal.addEventListener('abort', abort, { once: true });

  let drain: NodeJS.Timeout | undefined;
  let wake: (() => void) | undefined;
  child.once('exit', () => {
    exited = true;
    wake?.();
    void end();
    drain = setTimeout(() => {
      for (const stream of child.stdio) stream?.destroy();
    }, drainMs);
  });
  const watch = async (of: number): Promise<void> => {
    while (!exited && limit === null) {
      const found = await command.reached(of, status, false);
      if (found !== null) reach(found);
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
          setTimeout(resolve, pollMs).unref();
        });
    }
  };
  const watching = pid === undefined ? undefined : watch(pid);
  try {
    const { exitCode, endSignal, startFault } = await finish;
    ended = true;
    if (pid !== undefined) {
      await watching;
      limit ??= await command.reached(pid, status, true);
    }
    await end();
    if (signal.aborted) throw new InterruptedError();
    return {
      exitCode,
      signal: endSignal,
      limit,
      ...output.texts(),
      status,
      startFault,
      durationMs: performance.now() - started,
    };
  } finally {
    signal.removeEventListener('abort', abort);
    clearTimeout(clock);
    clearTimeout(drain);
    await end();
    if (pid !== undefined) forgetGroup(pid);
  }
}

/**
 * Not by execa: its work for the entries of `stdio` grows with their square, and one file that a terminal or a
 * build server leaves open under a high number makes hundreds of entries.
 */
function start({ file, args, cwd, env }: WatchedCommand): ChildProcess {
  const { detached, windowsHide } = groupOptions;
  const child = spawn(file, args, {
    cwd,
    env: { ...env },
    detached,
    windowsHide,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', ...coverInherited(5)],
  });
  // What can be read no more has ended.
  for (const stream of child.stdio) stream?.on('error', () => undefined);
  return child;
}

interface ChildEnd {
  readonly exitCode: number | null;
  readonly endSignal: string | null;
  readonly startFault: string | null;
}

/** When it has ended and its output is closed; never rejects. */
function endOf(child: ChildProcess): Promise<ChildEnd> {
  return new Promise((resolve) => {
    child.on('error', (error) => {
      if (child.pid === undefined)
        resolve({ exitCode: null, endSignal: null, startFault: faultOf(error) });
    });
    child.once('close', (exitCode, endSignal) =>
      resolve({ exitCode, endSignal, startFault: null }),
    );
  });
}

const neverStarted = {
  exitCode: null,
  signal: null,
  limit: null,
  stdout: '',
  stderr: '',
  outputBytes: 0,
  status: ['', ''],
} as const;

const faultOf = (error: unknown): string => errnoOf(error) ?? 'unknown';

/** Keeps both streams up to a number of bytes together, and tells when there is more. */
function captureOutput(maxBytes: number, tooMuch: () => void) {
  let left = maxBytes;
  const keep = (chunks: Uint8Array[]) => (chunk: Uint8Array) => {
    if (chunk.byteLength > left) tooMuch();
    const kept = chunk.byteLength > left ? chunk.subarray(0, left) : chunk;
    // What is dropped must not be held in memory by the part that is kept.
    if (kept.byteLength > 0) chunks.push(kept.byteLength < chunk.byteLength ? kept.slice() : kept);
    left -= kept.byteLength;
  };
  const out: Uint8Array[] = [];
  const err: Uint8Array[] = [];
  const text = (chunks: readonly Uint8Array[]): string =>
    new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(chunks));
  return {
    stdout: keep(out),
    stderr: keep(err),
    texts: () => ({ stdout: text(out), stderr: text(err), outputBytes: maxBytes - left }),
  };
}
