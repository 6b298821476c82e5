import { readFileSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errnoOf } from '../../src/files/file-problem.ts';
import { runNotifier } from '../../src/notify/run-notifier.ts';
import { temporaryFolder } from '../state/fixtures.ts';

const never = new AbortController().signal;
/** Only a hang gets here. */
const longMs = 60_000;

interface Given {
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

/** Has node run this program in a folder of its own. */
async function notify(source: string, given: Given = {}) {
  const cwd = await temporaryFolder();
  const { input = '', environment = {}, deadlineMs = longMs, signal = never } = given;
  const args = ['--input-type=module', '-e', source];
  const start = { path: process.execPath, args, cwd, environment, input };
  return { cwd, problem: await runNotifier(start, { deadlineMs, signal }) };
}

/** Not so of one that has ended and that nobody has waited for. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch (error) {
    return errnoOf(error) === 'ENOENT' && process.platform !== 'linux';
  }
}

/** Until the file is there; only a hang of the test ends it otherwise. */
async function written(path: string): Promise<string> {
  for (;;) {
    const text = await readFile(path, 'utf8').catch(() => '');
    if (text.endsWith('\n')) return text;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('a notifier', () => {
  test('gets its input and its environment, and nothing else', async () => {
    const source = `
      import { readFileSync, writeFileSync } from 'node:fs';
      console.log('not for anybody');
      writeFileSync('got.json', JSON.stringify({ input: readFileSync(0, 'utf8'), env: process.env }));
    `;
    const environment = { BLUEPRINT_MESSAGE: 'run shop: done' };
    const { cwd, problem } = await notify(source, { input: '{"é":1}\n', environment });
    expect(problem).toBeNull();
    const got = JSON.parse(await readFile(join(cwd, 'got.json'), 'utf8')) as { env: object };
    expect(got).toMatchObject({ input: '{"é":1}\n', env: environment });
    expect(got.env).not.toHaveProperty('PATH');
  });

  test('need not read what it is given', async () => {
    const { problem } = await notify('process.exit(0)', { input: 'x'.repeat(1_000_000) });
    expect(problem).toBeNull();
  });

  test.each([
    ['ends with an exit code', 'process.exit(3)', 'ended with exit code 3'],
    [
      'says why, in a line that drives no terminal',
      String.raw`console.error('no \x1b[31mserver\nat all'); process.exit(1)`,
      'ended with exit code 1: no \\u{1b}[31mserver at all',
    ],
    ['is ended by a signal', `process.kill(process.pid, 'SIGTERM')`, 'was ended by SIGTERM'],
  ])('that %s', async (_, source, says) => {
    expect((await notify(source)).problem).toBe(says);
  });

  test('that cannot be started', async () => {
    const cwd = await temporaryFolder();
    const path = join(cwd, 'broken');
    await writeFile(path, '#!/no/such/interpreter\n');
    await chmod(path, 0o755);
    const start = { path, args: [], cwd, environment: {}, input: '{}' };
    expect(await runNotifier(start, { deadlineMs: longMs, signal: never })).toMatch(
      /^could not be started \(ENOENT\)$/,
    );
  });

  test('that hangs, deaf to SIGTERM, is ended with what it started', async () => {
    const cwd = await temporaryFolder();
    const script = `trap '' TERM; sleep 1000 & echo $$ $! > pids; wait`;
    const environment = { PATH: process.env['PATH'] ?? '' };
    const start = { path: '/bin/sh', args: ['-c', script], cwd, environment, input: '' };
    const problem = await runNotifier(start, { deadlineMs: 2_000, signal: never });
    expect(problem).toBe('did not end within 2 s, and was ended');
    const pids = (await written(join(cwd, 'pids'))).split(' ').map(Number);
    await expect.poll(() => pids.map(isAlive), { timeout: longMs }).toEqual([false, false]);
  });

  test('leaves what plays on, and is not waited for', async () => {
    const source = `
      import { spawn } from 'node:child_process';
      import { writeFileSync } from 'node:fs';
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
      child.unref();
      writeFileSync('pid', child.pid + '\\n');
      process.exit(0);
    `;
    const { cwd, problem } = await notify(source);
    const pid = Number(await written(join(cwd, 'pid')));
    expect([problem, isAlive(pid)]).toEqual([null, true]);
    process.kill(pid);
  });

  test('is ended by an interruption while it works, of which nothing is said', async () => {
    const controller = new AbortController();
    const cwd = await temporaryFolder();
    const source = `require('node:fs').writeFileSync('begun', 'yes\\n'); setInterval(() => {}, 1000)`;
    const start = { path: process.execPath, args: ['-e', source], cwd, environment: {}, input: '' };
    const ended = runNotifier(start, { deadlineMs: longMs, signal: controller.signal });
    await written(join(cwd, 'begun'));
    controller.abort();
    expect(await ended).toBeNull();
  });

  test('works after an interruption that came before', async () => {
    const { cwd, problem } = await notify(
      `import { writeFileSync } from 'node:fs'; writeFileSync('told', 'yes\\n');`,
      { signal: AbortSignal.abort() },
    );
    expect([problem, await readFile(join(cwd, 'told'), 'utf8')]).toEqual([null, 'yes\n']);
  });
});
