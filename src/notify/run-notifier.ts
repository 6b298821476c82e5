import { toSingleLine } from '../domain/text.ts';
import {
  forgetGroup,
  groupOptions,
  rememberGroup,
  signalGroup,
  type ProgramStart,
} from '../files/process-group.ts';

/** How much of its stderr is kept, in characters: a line of it is shown. */
const maxStderr = 2_000;
/** How long what it left running may hold its stderr open, in ms. */
const drainMs = 100;

/**
 * Runs a program that tells somebody something, and ends it with its group when it takes longer than
 * `deadlineMs`, or when `signal` is aborted meanwhile. What it leaves running, as a player of a sound, goes on.
 * @returns why it did not do its part, in words that follow its name; null when it did, or was ended by the
 * signal
 */
export async function runNotifier(
  { path, args, cwd, environment, input }: ProgramStart,
  { deadlineMs, signal }: { readonly deadlineMs: number; readonly signal: AbortSignal },
): Promise<string | null> {
  const { execa } = await import('execa');
  const child = execa(path, args, {
    cwd,
    env: environment,
    ...groupOptions,
    stdin: 'pipe',
    stdout: 'ignore',
    stderr: 'pipe',
  });
  const { pid } = child;
  if (pid !== undefined) rememberGroup(pid);

  let endedBy: 'deadline' | 'signal' | null = null;
  const end = (by: typeof endedBy): void => {
    endedBy ??= by;
    if (pid !== undefined) signalGroup(pid, 'SIGKILL');
  };
  const deadline = setTimeout(() => end('deadline'), deadlineMs);
  const interrupt = (): void => end('signal');
  // After an interruption there is still something to tell.
  if (!signal.aborted) signal.addEventListener('abort', interrupt, { once: true });

  let stderr = '';
  const decoder = new TextDecoder();
  child.stderr.on('data', (chunk: Uint8Array) => {
    const text = decoder.decode(chunk, { stream: true });
    stderr += text.slice(0, maxStderr - stderr.length);
  });
  // It need not read what it is given.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  let drain: NodeJS.Timeout | undefined;
  child.once('exit', () => {
    drain = setTimeout(() => child.stderr.destroy(), drainMs);
  });
  try {
    const { exitCode, signal: endSignal, code } = await child;
    if (pid === undefined) return `could not be started (${code ?? 'unknown'})`;
    if (endedBy === 'signal') return null;
    if (endedBy === 'deadline') return `did not end within ${deadlineMs / 1_000} s, and was ended`;
    if (exitCode === 0) return null;
    const said = toSingleLine(stderr, 200);
    const how =
      exitCode === undefined
        ? `was ended by ${endSignal ?? 'a signal'}`
        : `ended with exit code ${exitCode}`;
    return said === '' ? how : `${how}: ${said}`;
  } finally {
    clearTimeout(deadline);
    clearTimeout(drain);
    signal.removeEventListener('abort', interrupt);
    if (pid !== undefined) forgetGroup(pid);
  }
}
