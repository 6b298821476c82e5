import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Replaced by the build. */
declare const BLUEPRINT_VERSION: string;

const argv = process.argv.slice(2);
const interrupt = new AbortController();
/** What goes on when the command's own outcome is told. */
const lasts: Promise<void>[] = [];

async function main(): Promise<number> {
  // Help pages are written by the build, from the same parser: showing one loads nothing.
  if (argv.length <= 2 && (argv.at(-1) === '--help' || argv.at(-1) === '-h')) {
    const page = builtPage(argv.length === 1 ? 'help.txt' : `help/${argv[0] ?? ''}.txt`);
    if (page !== null) return print(page);
  }
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-v'))
    return print(`${BLUEPRINT_VERSION}\n`);
  try {
    // First, as packages ask for it too, and would fail with words that tell nobody anything.
    const cwd = await workingFolder();
    const { runCli } = await import('./cli/run-cli.ts');
    const { stdin, stdout, stderr, env } = process;
    const packageRoot = fileURLToPath(new URL('..', import.meta.url));
    return await runCli({
      argv,
      cwd,
      version: BLUEPRINT_VERSION,
      stdin,
      stdout,
      stderr,
      env,
      signal: interrupt.signal,
      packageRoot,
      onInterrupt,
      beforeEnd: (last) => void lasts.push(last),
    });
  } catch (error) {
    const { reportError } = await import('./cli/report-error.ts');
    return reportError(error, {
      json: argv.includes('--json'),
      interrupted: interrupt.signal.aborted,
      ...process,
    });
  }
}

async function workingFolder(): Promise<string> {
  try {
    return process.cwd();
  } catch (cause) {
    // What is loaded to say so asks for it again.
    process.chdir('/');
    const { BlueprintError } = await import('./domain/errors.ts');
    throw new BlueprintError({
      code: 'folder-not-found',
      message: 'The folder that this command was started in is gone',
      fix: 'Go to one that exists.',
      cause,
    });
  }
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function builtPage(name: string): string | null {
  if (!/^[a-z/-]+\.txt$/.test(name)) return null;
  try {
    return readFileSync(fileURLToPath(new URL(name, import.meta.url)), 'utf8');
  } catch {
    return null;
  }
}

/** Who gets the next Ctrl-C; the program itself when nobody asked for it. */
const takers: (() => void)[] = [];

function onInterrupt(handler: () => void): () => void {
  takers.push(handler);
  return () => {
    const index = takers.lastIndexOf(handler);
    if (index !== -1) takers.splice(index, 1);
  };
}

// The first signal asks the work to stop and keep what it has; the second ends the process at once.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    const taker = signal === 'SIGINT' ? takers.pop() : undefined;
    if (taker !== undefined) return taker();
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort();
  });
}
// A reader that went away, as in `blueprint list | head -1`, is no fault, and no reason to leave work
// half-done: it goes on in silence, and ends with its own exit code. What could not be written for another
// reason, as to a full disk, is told at the end: the work itself is kept elsewhere.
let unwritten: NodeJS.ErrnoException | null = null;
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') unwritten ??= error;
  });
}

const exitCode = await main();
process.exitCode = exitCode;
await Promise.all(lasts);
// Output through a pipe is asynchronous: end when it is written, not before.
await written(process.stdout);
if (unwritten !== null) {
  const { outputNotWritten } = await import('./cli/report-error.ts');
  process.exitCode = outputNotWritten(unwritten, exitCode, process.stderr);
}
await written(process.stderr);
process.exit();

/** When all that was given to the stream is written, or cannot be. */
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    // The error of a write comes one turn after it.
    stream.write('', () => setImmediate(resolve));
  });
}
