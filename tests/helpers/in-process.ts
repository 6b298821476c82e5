import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { reportError } from '../../src/cli/report-error.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import type { CliOptions, CliResult } from './run-cli.ts';
import { trusted } from './trusted.ts';
import { untested } from './untested.ts';

/** The program in this process, from its sources: quick, and within reach of a fault. */
export async function runHere(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const { cwd, env = {}, input } = options;
  const said = { stdout: '', stderr: '' };
  const into = (name: 'stdout' | 'stderr'): NodeJS.WriteStream =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        said[name] += chunk.toString();
        done();
      },
    }) as unknown as NodeJS.WriteStream;
  const [stdout, stderr] = [into('stdout'), into('stderr')];
  const all = {
    PATH: process.env['PATH'],
    HOME: join(cwd, '../home'),
    ...untested,
    ...trusted,
    ...env,
  };
  const stdin = new PassThrough();
  stdin.end(input ?? '');
  const lasts: Promise<void>[] = [];
  const exitCode = await runCli({
    argv: args,
    cwd,
    version: '0.0.0',
    stdin: stdin as unknown as typeof process.stdin,
    stdout: stdout as typeof process.stdout,
    stderr: stderr as typeof process.stderr,
    env: all,
    signal: new AbortController().signal,
    packageRoot: resolve('.'),
    onInterrupt: () => () => undefined,
    beforeEnd: (last) => void lasts.push(last),
  }).catch((error: unknown) =>
    reportError(error, {
      json: args.includes('--json'),
      interrupted: false,
      stdout,
      stderr,
      env: all,
    }),
  );
  await Promise.all(lasts);
  return { exitCode, signal: null, ...said };
}

/** What a command of this process still holds is held by nobody: as if its process had ended. */
export async function endProcess(root: string): Promise<void> {
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory() && /^\..+\.\d+-\d+-\d+-\w{6}$/.test(entry.name)) {
      const path = join(entry.parentPath, entry.name);
      await rename(path, path.replace(/-\d+(-\d+-\w{6})$/, '-1$1'));
    }
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if (/\.\d+-\d+-\d+-\d+\.tmp$/.test(entry.name))
      await rename(path, path.replace(/-\d+(-\d+-\d+\.tmp)$/, '-1$1'));
    if (!/\.(?:json|lock|new|heir)$/.test(entry.name)) continue;
    const text = await readFile(path, 'utf8');
    if (text.startsWith('{"pid":'))
      await writeFile(path, text.replace(/"started":"\d+"/, '"started":"1"'));
  }
}
