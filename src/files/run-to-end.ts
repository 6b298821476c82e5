import { spawn } from 'node:child_process';
import { messageOf } from '../domain/errors.ts';
import { errnoOf } from './file-problem.ts';
import { groupOptions, signalGroup } from './process-group.ts';

export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** All of it. */
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly input?: string | Uint8Array | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
  /** Of its output and of its errors, each, in bytes. */
  readonly mostBytes: number;
}

export interface ProgramEnd {
  /** Null when it was ended, or never started. */
  readonly exitCode: number | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Why it was ended; null where it ended by itself. */
  readonly problem: string | null;
  /** Why it could not be started, as `ENOENT`. */
  readonly startFault: string | null;
}

const { detached, windowsHide } = groupOptions;

/**
 * Runs a program to its end, in a process group of its own: what it started ends with it, and all of them where
 * it takes too long, says too much, or the signal is aborted. It never rejects.
 */
export function runToEnd(program: Program): Promise<ProgramEnd> {
  const { file, args, cwd, env, input, signal, timeoutMs, mostBytes } = program;
  const [stdout, stderr] = [collected(mostBytes), collected(mostBytes)];
  return new Promise((resolve) => {
    let problem: string | null = null;
    const finish = (exitCode: number | null, startFault: string | null = null): void => {
      clearTimeout(clock);
      signal?.removeEventListener('abort', abort);
      resolve({ exitCode, stdout: stdout.all(), stderr: stderr.all(), problem, startFault });
    };
    let pid: number | undefined;
    const end = (why: string | null): void => {
      problem ??= why;
      if (pid !== undefined) signalGroup(pid, 'SIGKILL');
    };
    const abort = (): void => end('it was interrupted');
    const clock = setTimeout(() => end(`it took over ${timeoutMs / 1000} s`), timeoutMs);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      const stdin = input === undefined ? 'ignore' : 'pipe';
      const child = spawn(file, args, {
        cwd,
        env,
        detached,
        windowsHide,
        stdio: [stdin, 'pipe', 'pipe'],
      });
      pid = child.pid;
      for (const [pipe, into] of [
        [child.stdout, stdout],
        [child.stderr, stderr],
      ] as const)
        pipe?.on('data', (piece: Buffer) => {
          if (!into.take(piece)) end(`it said more than ${mostBytes} bytes`);
        });
      // One that reads no more has its reasons, which its end tells.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(input);
      child.once('error', (error) => {
        if (child.pid === undefined) finish(null, errnoOf(error) ?? error.message);
      });
      child.once('close', (exitCode) => {
        // Where there are no groups, the number of one that has ended may be another's.
        if (detached) end(null);
        finish(problem === null ? exitCode : null);
      });
    } catch (error) {
      finish(null, errnoOf(error) ?? messageOf(error));
    }
  });
}

function collected(mostBytes: number) {
  const pieces: Buffer[] = [];
  let length = 0;
  return {
    /** @returns whether there is room */
    take(piece: Buffer): boolean {
      length += piece.length;
      if (length > mostBytes) return false;
      pieces.push(piece);
      return true;
    },
    all: () => Buffer.concat(pieces),
  };
}
