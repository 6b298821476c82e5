import { randomUUID } from 'node:crypto';
import {
  endFamily,
  endFamilyNow,
  familyOf,
  familyVariable,
  type Member,
} from '../../../files/process-family.ts';
import {
  forgetGroup,
  groupOptions,
  rememberGroup,
  signalGroup,
  type ProgramStart,
} from '../../../files/process-group.ts';

/** Its folder is of this run alone: what still works there when it is over is ended. */
export interface Program extends ProgramStart {
  /** Ends it and all that it started. */
  readonly signal: AbortSignal;
  readonly onOutput: (text: string) => void;
  /** At each piece of output, whichever stream it is on. */
  readonly onActivity: () => void;
}

export interface ProgramEnd {
  /** Null when it was ended by a signal, or never started. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Why it could not be started, as `EACCES`. */
  readonly startProblem: string | null;
  readonly tooMuchOutput: boolean;
  /** The end of what it wrote to stderr. */
  readonly stderr: string;
  /** Its beginning: the cause stands there when a long stack follows. */
  readonly stderrStart: string;
  /** It stopped reading before the whole input was written. */
  readonly inputCut: boolean;
}

/** More output than this, in bytes, is no reply; event streams are many times the reply's own size. */
const maxOutputBytes = 64 * 1024 * 1024;
const maxStderr = 8_000;
/** From SIGTERM to SIGKILL, in ms: shorter than what a call that was ended may take. */
const graceMs = 1_000;
/** How long a process that was not found may hold the output open after the program's end, in ms. */
const drainMs = 1_000;

/**
 * Runs a program in a process group of its own to its end, and leaves nothing behind of what it started,
 * whatever that ignores, in the group or not, however the program ended. Bytes that are no UTF-8 become
 * replacement characters.
 * @throws what `onOutput` or `onActivity` throw
 */
export async function runProgram(program: Program): Promise<ProgramEnd> {
  const { execa } = await import('execa');
  const marks = { mark: randomUUID(), folder: program.cwd };
  const child = execa(program.path, program.args, {
    cwd: program.cwd,
    env: { ...program.environment, [familyVariable]: marks.mark },
    ...groupOptions,
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const { pid } = child;
  if (pid !== undefined) rememberGroup(pid, () => endFamilyNow(pid, marks));
  const kill = (signal: NodeJS.Signals): void => {
    if (pid !== undefined) signalGroup(pid, signal);
  };

  let bytes = 0;
  let tooMuchOutput = false;
  let inputCut = false;
  let stderr = '';
  let stderrStart = '';
  let thrown: { error: unknown } | null = null;
  let force: NodeJS.Timeout | undefined;
  let family: Member[] = [];
  let ending: Promise<void> | undefined;
  const endAll = (): Promise<void> => {
    ending ??= pid === undefined ? Promise.resolve() : endFamily(pid, marks, family);
    return ending;
  };
  let drain: NodeJS.Timeout | undefined;

  const guarded = (work: () => void): void => {
    if (thrown !== null || tooMuchOutput || program.signal.aborted) return;
    try {
      work();
    } catch (error) {
      thrown = { error };
      void endAll();
    }
  };
  const decoder = new TextDecoder();
  child.stdout.on('data', (chunk: Uint8Array) => {
    bytes += chunk.byteLength;
    if (bytes > maxOutputBytes) {
      tooMuchOutput = true;
      void endAll();
    }
    guarded(() => {
      program.onActivity();
      program.onOutput(decoder.decode(chunk, { stream: true }));
    });
  });
  const errorDecoder = new TextDecoder();
  child.stderr.on('data', (chunk: Uint8Array) => {
    const text = errorDecoder.decode(chunk, { stream: true });
    stderr = (stderr + text).slice(-maxStderr);
    stderrStart += text.slice(0, maxStderr - stderrStart.length);
    guarded(program.onActivity);
  });
  // A program that answers without reading all of its input closes the pipe.
  child.stdin.on('error', () => {
    inputCut = true;
  });
  child.stdin.end(program.input);
  child.once('exit', () => {
    // What it leaves running would hold the output open, and outlive the call.
    void endAll();
    drain = setTimeout(() => {
      child.stdout.destroy();
      child.stderr.destroy();
    }, drainMs);
  });

  const stop = (): void => {
    // Who left the group is found by its parents, as long as they live.
    if (pid !== undefined) family = familyOf(pid, marks);
    kill('SIGTERM');
    force = setTimeout(() => void endAll(), graceMs);
  };
  if (program.signal.aborted) stop();
  else program.signal.addEventListener('abort', stop, { once: true });
  try {
    const result = await child;
    guarded(() => program.onOutput(decoder.decode()));
    if (thrown !== null) throw (thrown as { error: unknown }).error;
    const { exitCode = null, signal = null } = result;
    return {
      exitCode,
      signal: signal ?? null,
      startProblem: pid === undefined ? (result.code ?? 'unknown') : null,
      tooMuchOutput,
      stderr,
      stderrStart,
      inputCut,
    };
  } finally {
    program.signal.removeEventListener('abort', stop);
    clearTimeout(force);
    clearTimeout(drain);
    await endAll();
    if (pid !== undefined) forgetGroup(pid);
  }
}
