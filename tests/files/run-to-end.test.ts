import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { runToEnd, type Program } from '../../src/files/run-to-end.ts';

const run = (code: string, over: Partial<Program> = {}) =>
  runToEnd({
    file: process.execPath,
    args: ['-e', code],
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'] ?? '' },
    timeoutMs: 60_000,
    mostBytes: 1_000_000,
    ...over,
  });
const sleeper = 'setTimeout(() => {}, 600_000)';

test('what a program said, and its exit code', async () => {
  const end = await run(
    "process.stdout.write('out'); process.stderr.write('err'); process.exitCode = 3",
  );
  expect({ ...end, stdout: end.stdout.toString(), stderr: end.stderr.toString() }).toEqual({
    exitCode: 3,
    stdout: 'out',
    stderr: 'err',
    problem: null,
    startFault: null,
  });
});

test('it is given its input, or none', async () => {
  const echo = 'process.stdin.pipe(process.stdout)';
  expect((await run(echo, { input: 'x'.repeat(300_000) })).stdout.length).toBe(300_000);
  expect((await run(echo)).stdout.length).toBe(0);
});

test('one that does not take its input comes to its own end', async () => {
  const end = await run('process.exit(4)', { input: 'x'.repeat(5_000_000) });
  expect(end).toMatchObject({ exitCode: 4, problem: null });
});

test('one that takes too long is ended with all that it started', async () => {
  const code = `const { pid } = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(sleeper)}]);
    process.stdout.write(String(pid)); ${sleeper}`;
  const end = await run(code, { timeoutMs: 1_500 });
  expect(end).toMatchObject({ exitCode: null, problem: 'it took over 1.5 s' });
  const pid = end.stdout.toString();
  expect(pid).toMatch(/^\d+$/);
  await expect
    .poll(
      () => {
        try {
          // One that ended and was not asked for its end yet is no process any more.
          return (
            execFileSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' }).trim()[0] ?? 'Z'
          );
        } catch {
          return 'Z';
        }
      },
      { timeout: 20_000 },
    )
    .toBe('Z');
});

test('one that says too much is ended', async () => {
  // A loop that never waits would keep for itself what a slow reader has no room for.
  const endless = "(function say() { process.stdout.write('x'.repeat(100_000), say); })()";
  const end = await run(endless);
  expect(end).toMatchObject({ exitCode: null, problem: 'it said more than 1000000 bytes' });
  expect(end.stdout.length).toBeLessThanOrEqual(1_000_000);
});

test('an interrupt ends it', async () => {
  const abort = new AbortController();
  const ending = run(sleeper, { signal: abort.signal });
  setTimeout(() => abort.abort(), 200);
  expect(await ending).toMatchObject({ exitCode: null, problem: 'it was interrupted' });
});

test.each([
  ['a program that is not there', { file: '/nonexistent/program' }, 'ENOENT'],
  ['a folder that is not there', { cwd: '/nonexistent/folder' }, 'ENOENT'],
  ['a word that no program can be given', { args: ['a\0b'] }, /null bytes/],
])('%s: why it could not be started', async (_, over, fault) => {
  const { exitCode, startFault } = await run('', over);
  expect(exitCode).toBeNull();
  expect(startFault).toMatch(fault);
});

test('one that a signal ends has no exit code', async () => {
  const end = await run("process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 60_000)");
  expect(end).toMatchObject({ exitCode: null, problem: null, startFault: null });
});
