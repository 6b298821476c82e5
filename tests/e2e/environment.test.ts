import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { runHere as runCli } from '../helpers/in-process.ts';
import { startAnthropicServer } from '../helpers/loopback/anthropic-server.ts';
import { startOpenAiServer } from '../helpers/loopback/openai-server.ts';
import type { Handler, LoopbackServer } from '../helpers/loopback/server.ts';
import { jsonOf, program, projects, treeOf, writeFiles } from '../helpers/run-cli.ts';
import { adderReply, brief, stageOf } from './conversation.ts';
import { plannedFiles } from './planned-feature.ts';

const createProject = projects();
const run = promisify(execFile);

const envOf = (url: string): Record<string, string> => ({
  ANTHROPIC_API_KEY: 'sk-ant-x',
  ANTHROPIC_BASE_URL: url,
});

async function served(
  handler: Handler,
  work: (server: LoopbackServer) => Promise<void>,
): Promise<void> {
  const server = await startAnthropicServer(handler);
  try {
    await work(server);
  } finally {
    await server.close();
  }
}

const statuses = async (cwd: string, slug: string): Promise<string[]> => {
  const text = await readFile(join(cwd, 'features', slug, 'tasks.json'), 'utf8');
  return (JSON.parse(text) as { tasks: { status: string }[] }).tasks.map(({ status }) => status);
};

describe.concurrent('a provider that', () => {
  test('falls silent is given up after the configured time', () =>
    served(
      () => ({ text: 'FILE: docs/design.md', cut: 'hang' }),
      async (server) => {
        const cwd = await createProject({
          ...plannedFiles,
          'blueprint.config.json': '{ "calls": { "idleMs": 3000, "retries": 1 } }',
        });
        const result = await runCli(['run', 'links'], { cwd, env: envOf(server.url) });
        expect(result.exitCode).toBe(5);
        expect(result.stdout).toContain('T1 could not be run: ');
        expect(result.stdout).toContain('was silent for 3 s');
        expect(result.stdout).toContain('calls.idleMs');
        expect(result.stderr).toMatch(/timeout; try 2 in/);
        expect(server.requests.length).toBeGreaterThan(0);
        expect(await statuses(cwd, 'links')).toEqual(Array(4).fill('pending'));
      },
    ));

  test('never comes to an end is given up after the whole time', () =>
    served(
      () => ({
        status: 200,
        headers: { 'content-type': 'text/event-stream' },
        chunks: Array(2_000).fill('event: ping\ndata: {"type": "ping"}\n\n') as string[],
        end: 'hang',
      }),
      async (server) => {
        const cwd = await createProject({
          ...plannedFiles,
          'blueprint.config.json': '{ "calls": { "timeoutMs": 3000, "retries": 0 } }',
        });
        const result = await runCli(['run', 'links', '--json'], { cwd, env: envOf(server.url) });
        expect(result.exitCode).toBe(5);
        expect(jsonOf(result)).toMatchObject({
          exitCode: 5,
          unavailable: [{ task: 'T1', error: { code: 'model-timeout' } }],
        });
      },
    ));

  test('refuses connections is tried again, then told with its address', async () => {
    const cwd = await createProject({
      'brief.md': brief,
      'blueprint.config.json': '{ "calls": { "retries": 1 } }',
    });
    const url = `http://127.0.0.1:${await freePort()}`;
    const result = await runCli(['new', 'brief.md'], { cwd, env: envOf(url) });
    expect(result).toMatchObject({ exitCode: 5, stdout: '' });
    expect(result.stderr).toMatch(/network; try 2 in/);
    expect(result.stderr).toContain('error[model-network] ');
    expect(result.stderr).toMatch(/\n {2}fix: \S/);
    expect(await treeOf(cwd)).not.toHaveProperty('features/adder/tasks.json');
  });

  test('rejects the key is not asked again, and the key is not shown', () =>
    served(
      () => ({
        error: { status: 401, type: 'authentication_error', message: 'bad sk-ant-x9y8z7w6' },
      }),
      async (server) => {
        const cwd = await createProject({ 'brief.md': brief });
        const env = { ...envOf(server.url), ANTHROPIC_API_KEY: 'sk-ant-x9y8z7w6' };
        const result = await runCli(['new', 'brief.md'], { cwd, env });
        expect(result.exitCode).toBe(5);
        expect(result.stderr).toContain('error[model-auth] ');
        expect(result.stderr).toContain('ANTHROPIC_API_KEY');
        expect(result.stderr).not.toContain('x9y8z7w6');
        expect(server.requests).toHaveLength(1);
      },
    ));

  test('cannot answer is stood in for by the next of the role', async () => {
    const other = await startOpenAiServer(adderReply);
    try {
      await served(
        () => ({ error: { status: 401, type: 'authentication_error', message: 'no' } }),
        async (server) => {
          const cwd = await createProject({ 'brief.md': brief });
          const env = {
            ...envOf(server.url),
            OPENAI_API_KEY: 'sk-x',
            OPENAI_BASE_URL: other.url,
          };
          const made = await runCli(['new', 'brief.md'], { cwd, env });
          expect(made, made.stderr).toMatchObject({ exitCode: 0 });
          expect(made.stderr).toMatch(/anthropic\/\S+ could not answer \(auth\); asking openai\//);
          expect((await runCli(['run', 'adder'], { cwd, env })).exitCode).toBe(0);
        },
      );
    } finally {
      await other.close();
    }
  });
});

describe.concurrent('a model that answers prose where JSON was asked for', () => {
  const prose = 'Certainly! I would plan three tasks.';

  test('once: it is told why, and asked again', () => {
    let asked = 0;
    return served(
      (request) => (stageOf(request) === 'plan' && asked++ === 0 ? prose : adderReply(request)),
      async (server) => {
        const cwd = await createProject({ 'brief.md': brief });
        const made = await runCli(['new', 'brief.md'], { cwd, env: envOf(server.url) });
        expect(made.exitCode).toBe(0);
        expect(asked).toBe(2);
        const plans = server.requests.filter((request) => stageOf(request) === 'plan');
        expect(plans[1]?.prompt).toContain(prose);
        expect(plans[1]?.prompt).toContain('It holds no JSON object');
      },
    );
  });

  test('twice, while planning: an error, the reply is kept, and the command goes on from there', () => {
    let sober = false;
    return served(
      (request) => (stageOf(request) === 'plan' && !sober ? prose : adderReply(request)),
      async (server) => {
        const cwd = await createProject({ 'brief.md': brief });
        const options = { cwd, env: envOf(server.url) };
        const made = await runCli(['new', 'brief.md'], options);
        expect(made).toMatchObject({ exitCode: 5, stdout: '' });
        expect(made.stderr).toContain('error[model-malformed] ');
        expect(made.stderr).toMatch(/\n {2}fix: \S/);
        const kept = join(cwd, 'features/adder/partial/plan/plan-reply.txt');
        expect(await readFile(kept, 'utf8')).toBe(prose);
        expect(await treeOf(cwd)).not.toHaveProperty('features/adder/tasks.json');

        sober = true;
        expect((await runCli(['new', 'brief.md'], options)).exitCode).toBe(0);
        const specs = server.requests.filter((request) => stageOf(request) === 'spec');
        expect(specs).toHaveLength(1);
      },
    );
  });

  test('ever again, while refining: the list stands, with a warning', () =>
    served(
      (request) => (stageOf(request) === 'refine' ? prose : adderReply(request)),
      async (server) => {
        const cwd = await createProject({ 'brief.md': brief });
        const made = await runCli(['new', 'brief.md'], { cwd, env: envOf(server.url) });
        expect(made.exitCode).toBe(0);
        expect(made.stderr).toContain('The task list stands unrefined');
        expect(await statuses(cwd, 'adder')).toHaveLength(3);
      },
    ));

  test('ever again, while reviewing: the work waits for a person', () =>
    served(
      (request) => (stageOf(request) === 'review' ? prose : adderReply(request)),
      async (server) => {
        const cwd = await createProject({ 'brief.md': brief });
        const options = { cwd, env: envOf(server.url) };
        await runCli(['new', 'brief.md'], options);
        const result = await runCli(['run', 'adder'], options);
        expect(result.exitCode).toBe(3);
        expect(result.stdout).toContain('Waits for you: T1');
        expect(await statuses(cwd, 'adder')).toEqual(['needs_review', 'pending', 'pending']);
      },
    ));

  test('ever again, instead of files: the task fails, the replies are kept, exit code 1', () =>
    served(
      (request) => (stageOf(request) === 'execute' ? prose : adderReply(request)),
      async (server) => {
        const cwd = await createProject({ 'brief.md': brief });
        const options = { cwd, env: envOf(server.url) };
        await runCli(['new', 'brief.md'], options);
        const result = await runCli(['run', 'adder'], options);
        expect(result.exitCode).toBe(1);
        expect(await statuses(cwd, 'adder')).toEqual(['failed', 'pending', 'pending']);
        for (const attempt of [1, 2]) {
          const kept = join(cwd, `features/adder/partial/T1/${attempt}/raw-reply.txt`);
          expect(await readFile(kept, 'utf8')).toBe(prose);
        }
        const next = await runCli(['status'], { cwd });
        expect(next.stdout).toContain('failed: T1');
      },
    ));
});

/** Runs the work with a small file system mounted on a new project folder. */
async function onSmallDisk(
  skip: (reason: string) => void,
  work: (cwd: string) => Promise<void>,
): Promise<void> {
  const cwd = await createProject();
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', cwd]);
  } catch {
    return skip('a file system may not be mounted here');
  }
  try {
    await work(cwd);
  } finally {
    await run('umount', ['--lazy', cwd]);
  }
}

/** Takes all that is left of a disk; what was begun then meets its end. */
async function fill(cwd: string): Promise<void> {
  const block = Buffer.alloc(4096);
  const chunks: Buffer[] = [];
  for (;;) {
    try {
      await writeFile(join(cwd, `filler-${chunks.length}`), block);
      chunks.push(block);
    } catch {
      return;
    }
  }
}

describe.concurrent('a disk that', () => {
  test('is full: nothing that was there is lost or cut, and the command goes on later', ({
    skip,
  }) =>
    onSmallDisk(skip, async (cwd) => {
      await writeFiles(cwd, { 'brief.md': brief, ...plannedFiles });
      await fill(cwd);
      const before = await treeOf(cwd);
      for (const args of [
        ['new', 'brief.md'],
        ['run', 'links'],
        ['task', 'set-status', 'links', 'T1', 'done'],
        ['task', 'add', 'links', '--title', 'x'],
        ['init', '--yes'],
      ]) {
        const result = await runCli(args, { cwd });
        expect(result, args.join(' ')).toMatchObject({ exitCode: 5, stdout: '' });
        expect(result.stderr).toContain('error[disk-full] Cannot write ');
        expect(result.stderr).toContain('fix: Free some space');
        const after = await treeOf(cwd);
        for (const path of Object.keys(before)) expect(after[path], path).toBe(before[path]);
        // A file without content takes no space, so a journal may be there, but nothing half-written.
        const fresh = Object.keys(after).filter((path) => !(path in before));
        expect(fresh.filter((path) => !path.endsWith('journal.jsonl'))).toEqual([]);
      }
      for (const path of Object.keys(before).filter((name) => name.startsWith('filler-')))
        await run('rm', [join(cwd, path)]);
      expect((await runCli(['new', 'brief.md'], { cwd })).exitCode).toBe(0);
      expect((await runCli(['run', 'links'], { cwd })).exitCode).toBe(3);
    }));

  test('is read-only: reading works, writing is refused with the reason', ({ skip }) =>
    onSmallDisk(skip, async (cwd) => {
      await writeFiles(cwd, { 'brief.md': brief, ...plannedFiles });
      await run('mount', ['-o', 'remount,ro', cwd]);
      const before = await treeOf(cwd);
      for (const args of [['list'], ['show', 'links'], ['status'], ['run', 'links', '--dry-run']])
        expect((await runCli(args, { cwd })).exitCode, args.join(' ')).toBe(0);
      for (const args of [
        ['new', 'brief.md'],
        ['run', 'links'],
        ['task', 'add', 'links', '--title', 'x'],
        ['init', '--yes'],
      ]) {
        const result = await runCli(args, { cwd });
        expect(result, args.join(' ')).toMatchObject({ exitCode: 5, stdout: '' });
        expect(result.stderr).toContain('error[file-not-writable] Cannot write ');
        expect(result.stderr).toContain('the file system is read-only');
      }
      expect(await treeOf(cwd)).toEqual(before);
    }));
});

/** A port where nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('a folder that was deleted under the command is told as such', async () => {
  const cwd = await createProject();
  const result = await run(
    '/bin/sh',
    [
      '-c',
      'mkdir gone && cd gone && rmdir ../gone && "$@" list 2>&1; echo "exit $?"',
      'sh',
      process.execPath,
      program,
    ],
    { cwd },
  );
  expect(result.stdout).toContain('exit 2');
  expect(result.stdout).toContain('error[folder-not-found] ');
});
