import { describe, expect, test } from 'vitest';
import { runHere } from '../helpers/in-process.ts';
import { jsonOf, program, projects, runCli } from '../helpers/run-cli.ts';
import { plannedFiles } from './planned-feature.ts';

const createProject = projects();

/** What makes many programs print colours, but not into a pipe. */
const colourful = { TERM: 'xterm-256color', COLORTERM: 'truecolor', FORCE_COLOR: '3' };

/** Commands that load most of the program and its packages. */
const loading = new Set(['new', 'run', 'diff', 'doctor', 'models']);

const isPlain = (text: string): boolean => !text.includes('\u001b');

/** Commands in the order of a session, with their exit code and a field of their document. */
const session: readonly { args: string[]; exitCode: number; has: object }[] = [
  { args: ['init'], exitCode: 3, has: { written: [] } },
  { args: ['init', '--yes'], exitCode: 0, has: { written: expect.arrayContaining([]) } },
  {
    args: ['new', 'features/links/brief.md', '--name', 'other'],
    exitCode: 0,
    has: { feature: 'other', document: { schemaVersion: 2 } },
  },
  { args: ['list'], exitCode: 0, has: { features: [{ feature: 'links' }, { feature: 'other' }] } },
  { args: ['status'], exitCode: 0, has: { features: [{ ready: ['T1'] }, { feature: 'other' }] } },
  { args: ['status', 'links'], exitCode: 0, has: { features: [{ feature: 'links' }] } },
  { args: ['next'], exitCode: 0, has: { next: { feature: 'links', task: { id: 'T1' } } } },
  { args: ['show', 'links'], exitCode: 0, has: { feature: 'links', states: { T1: 'ready' } } },
  { args: ['show', 'links', 'T1'], exitCode: 0, has: { state: 'ready', task: { id: 'T1' } } },
  { args: ['show', 'links', '--spec'], exitCode: 0, has: { feature: 'links' } },
  { args: ['show', 'links', 'T1', '--prompt'], exitCode: 0, has: { task: 'T1', leftOut: [] } },
  { args: ['run', 'links', '--dry-run'], exitCode: 0, has: { dryRun: true } },
  { args: ['run', 'links'], exitCode: 3, has: { exitCode: 3, unavailable: [] } },
  { args: ['diff', 'links', 'T1'], exitCode: 0, has: { files: ['docs/design.md'] } },
  { args: ['approve', 'links', 'T1'], exitCode: 0, has: { task: { status: 'done' } } },
  {
    args: ['reject', 'links', 'T2', '--feedback', 'No.', '--later'],
    exitCode: 0,
    has: { task: { status: 'pending' } },
  },
  {
    args: ['reject', 'links', 'T3', '--feedback', 'No.'],
    exitCode: 3,
    has: { task: { id: 'T3', status: 'pending' }, blockers: ['T2'] },
  },
  { args: ['diff', 'links'], exitCode: 0, has: { task: null, files: ['docs/design.md'] } },
  { args: ['task', 'add', 'links', '--title', 'More'], exitCode: 0, has: { task: { id: 'T5' } } },
  {
    args: ['task', 'edit', 'links', 'T5', '--title', 'Less'],
    exitCode: 0,
    has: { task: { title: 'Less' } },
  },
  {
    args: ['task', 'set-status', 'links', 'T5', 'skipped'],
    exitCode: 0,
    has: { from: 'pending', task: { status: 'skipped' } },
  },
  { args: ['task', 'remove', 'links', 'T5', '--force'], exitCode: 0, has: { task: { id: 'T5' } } },
  { args: ['doctor'], exitCode: 0, has: { ok: true } },
  {
    args: ['models'],
    exitCode: 0,
    has: { live: false, models: expect.arrayContaining([]) as unknown, rolesWithoutModel: [] },
  },
  {
    args: ['route-table'],
    exitCode: 0,
    has: { roles: expect.arrayContaining([]) as unknown, largeAboveTokens: { coder: 24_000 } },
  },
  { args: ['cost'], exitCode: 0, has: { currency: 'USD', total: { usd: 0 } } },
  { args: ['cost', 'links'], exitCode: 0, has: { feature: 'links', total: { usd: 0 } } },
  {
    args: ['export', 'preferences', 'links', '--format', 'openai'],
    exitCode: 0,
    has: { pairs: 0, lines: 0 },
  },
  { args: ['export', 'trace'], exitCode: 0, has: { calls: 0, withoutReply: 0 } },
];

const faults: readonly { args: string[]; code: string }[] = [
  { args: [], code: 'usage' },
  { args: ['bogus'], code: 'unknown-command' },
  { args: ['run'], code: 'usage' },
  { args: ['run', 'links', '--bogus'], code: 'unknown-option' },
  { args: ['run', 'links', '--concurrency'], code: 'usage' },
  { args: ['run', 'lnks'], code: 'feature-not-found' },
  { args: ['show', 'links', 'T9'], code: 'task-not-found' },
  { args: ['new', 'nofile.md'], code: 'brief-not-found' },
  { args: ['new', '-'], code: 'brief-empty' },
  { args: ['new', '-', '--name', '../x'], code: 'brief-empty' },
  { args: ['diff', 'links', 'T1'], code: 'no-work' },
  { args: ['approve', 'links', 'T1'], code: 'not-in-review' },
  { args: ['reject', 'links', 'T1', '-m', 'x'], code: 'not-in-review' },
  { args: ['task', 'edit', 'links', 'T1'], code: 'usage' },
  { args: ['task', 'add', 'links', '--title', ''], code: 'task-invalid' },
  { args: ['list', '-C', 'nowhere'], code: 'folder-not-found' },
  { args: ['demo', '.'], code: 'demo-folder-used' },
  { args: ['doctor', '--config', 'no.json'], code: 'config-not-found' },
  { args: ['cost', 'lnks'], code: 'feature-not-found' },
  { args: ['models', '--role', 'coder'], code: 'config-role-invalid' },
  { args: ['route-table', 'more'], code: 'usage' },
];

describe.concurrent('--json', () => {
  test('prints exactly one document, and nothing else, for every command', async () => {
    const cwd = await createProject(plannedFiles);
    for (const { args, exitCode, has } of session) {
      // What a package prints by itself, only a process of its own shows.
      const run = loading.has(args[0] ?? '') ? runCli : runHere;
      const result = await run([...args, '--json'], { cwd, env: colourful });
      const told = args.join(' ');
      expect(jsonOf(result), told).toMatchObject(has);
      expect(result.exitCode, `${told}\n${result.stderr}`).toBe(exitCode);
      expect(result.stdout.endsWith('\n') && isPlain(result.stdout + result.stderr), told).toBe(
        true,
      );
    }
  });

  test.for(faults)('prints the error as the document: $args', async ({ args, code }) => {
    const cwd = await createProject(plannedFiles);
    const result = await runHere([...args, '--json'], { cwd, env: colourful });
    expect(result).toMatchObject({ exitCode: 2, stderr: '' });
    const { error, ...more } = jsonOf(result);
    expect(more).toEqual({});
    expect(error).toMatchObject({ code, message: expect.any(String) as string });
    expect(
      Object.keys(error as object)
        .sort()
        .join(),
    ).toMatch(/^code(,fix)?,message(,others)?(,target)?$/);
  });

  test('keeps progress on stderr, which --quiet turns off', async () => {
    const cwd = await createProject(plannedFiles);
    const told = await runHere(['run', 'links', '--json'], { cwd });
    expect(told.stderr).toContain('T1   starts: Design the checker');
    const other = await createProject(plannedFiles);
    const quiet = await runHere(['run', 'links', '--json', '--quiet'], { cwd: other });
    expect(quiet).toMatchObject({ exitCode: 3, stderr: '' });
    expect(jsonOf(quiet)['settled']).toEqual(jsonOf(told)['settled']);
  });
});

describe.concurrent('output into a pipe', () => {
  test('holds no escape codes, whatever the environment says of colours', async () => {
    const cwd = await createProject(plannedFiles);
    for (const { args } of session) {
      const { stdout, stderr } = await runHere(args, { cwd, env: colourful });
      expect(isPlain(stdout + stderr), args.join(' ')).toBe(true);
      expect(stdout + stderr, args.join(' ')).not.toMatch(/undefined|\[object|NaN/);
    }
  });

  test('is the same with NO_COLOR and --no-color', async () => {
    const cwd = await createProject(plannedFiles);
    const [plain, noColor, flag] = await Promise.all([
      runCli(['show', 'links'], { cwd }),
      runCli(['show', 'links'], { cwd, env: { ...colourful, NO_COLOR: '1' } }),
      runCli(['show', 'links', '--no-color'], { cwd, env: colourful }),
    ]);
    expect(noColor).toEqual(plain);
    expect(flag).toEqual(plain);
  });

  test('errors stay on stderr, also when progress is quiet', async () => {
    const cwd = await createProject();
    const result = await runHere(['run', 'nothing', '--quiet'], { cwd });
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toContain('error[feature-not-found]');
  });

  test('a reader that goes away does not change the outcome of the work', async () => {
    const cwd = await createProject(plannedFiles);
    const shell = ['-c', '{ "$@" 2>&1; echo "exit $?" > code; } | head -n 1', 'sh'];
    const { execa } = await import('execa');
    await execa('/bin/sh', [...shell, process.execPath, program, 'run', 'links'], {
      cwd,
      env: { PATH: process.env['PATH'], HOME: cwd },
      extendEnv: false,
    });
    const { readFile } = await import('node:fs/promises');
    await expect
      .poll(() => readFile(`${cwd}/code`, 'utf8').catch(() => ''), {
        timeout: 30_000,
      })
      .toBe('exit 3\n');
    const status = jsonOf(await runHere(['status', '--json'], { cwd }));
    expect(status).toMatchObject({
      features: [{ needsReview: ['T1', 'T2', 'T3', 'T4'], inProgress: [] }],
    });
  });

  test('help and version go to stdout, with exit code 0', async () => {
    const cwd = await createProject();
    for (const args of [['--help'], ['-h'], ['help'], ['run', '--help'], ['task', '-h']]) {
      const result = await runCli(args, { cwd });
      expect(result, args.join(' ')).toMatchObject({ exitCode: 0, stderr: '' });
      expect(result.stdout).toMatch(/^blueprint /);
      expect(result.stdout).toContain('Options:');
    }
    const long = await runCli(['--help', '--quiet'], { cwd });
    expect(long.stdout).toBe((await runCli(['--help'], { cwd })).stdout);
    for (const args of [['--version'], ['-v'], ['list', '--version']])
      expect((await runCli(args, { cwd })).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
