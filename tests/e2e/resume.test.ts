import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { claim } from '../../src/files/claim.ts';
import { currentProcess } from '../../src/files/process-identity.ts';
import { runHere } from '../helpers/in-process.ts';
import { startAnthropicServer } from '../helpers/loopback/anthropic-server.ts';
import type { LoopbackServer, ReceivedRequest, Reply } from '../helpers/loopback/server.ts';
import {
  jsonOf,
  projects,
  startCli,
  textsOf,
  treeOf,
  type CliOptions,
  type CliResult,
} from '../helpers/run-cli.ts';
import { adderReply, brief, stageOf, taskOf } from './conversation.ts';

const createProject = projects();

/** A server that stops in the middle of its reply the first time that it gets a request. */
interface Stalling {
  readonly server: LoopbackServer;
  /** Requests that got their whole reply, in order, as `stage task`. */
  readonly answered: readonly string[];
  /** Resolves with the next request whose reply stalls. */
  stalled(): Promise<string>;
}

async function stallingServer(): Promise<Stalling> {
  const met = new Set<string>();
  const answered: string[] = [];
  const stalls: string[] = [];
  let wake = (): void => undefined;
  const server = await startAnthropicServer((request: ReceivedRequest): Reply => {
    const name = `${stageOf(request)} ${taskOf(request) ?? ''}`.trim();
    const text = adderReply(request);
    if (met.has(request.prompt)) {
      answered.push(name);
      return text;
    }
    met.add(request.prompt);
    stalls.push(name);
    wake();
    return { text, cut: 'hang' };
  });
  return {
    server,
    answered,
    async stalled() {
      for (;;) {
        const next = stalls.shift();
        if (next !== undefined) return next;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}

const calls = [
  'spec',
  'plan',
  'refine',
  'execute T1',
  'review T1',
  'execute T2',
  'review T2',
  'correct T2',
  'review T2',
  'review-task T3',
];

const envOf = (server: LoopbackServer): Record<string, string> => ({
  ANTHROPIC_API_KEY: 'sk-ant-x',
  ANTHROPIC_BASE_URL: server.url,
});

/** Starts the command and interrupts it in each of its calls, until it comes to its own end. */
async function interruptedInEveryCall(
  args: readonly string[],
  options: CliOptions,
  stalling: Stalling,
): Promise<{ ended: CliResult[]; last: CliResult }> {
  const ended: CliResult[] = [];
  for (;;) {
    const running = startCli(args, options);
    const first = await Promise.race([running.ended, stalling.stalled()]);
    if (typeof first !== 'string') return { ended, last: first };
    running.kill('SIGINT');
    ended.push(await running.ended);
  }
}

/**
 * Starts the command and kills it in its next call: in the middle of the reply when the call is new, else
 * as soon as the reply is kept. @returns its result when it came to its own end; null when it was killed.
 */
async function killedInNextCall(
  args: readonly string[],
  options: CliOptions,
  stalling: Stalling,
): Promise<CliResult | null> {
  const kept = await keptReplies(options.cwd);
  let over = false;
  const running = startCli(args, options);
  const ended = running.ended.finally(() => (over = true));
  const first = await Promise.race([
    ended,
    stalling.stalled(),
    until(async () => over || (await keptReplies(options.cwd)) > kept),
  ]);
  running.kill('SIGKILL');
  const result = await ended;
  if (result.signal === 'SIGKILL') return null;
  // It may have come to its end while it was being killed.
  return typeof first === 'object' ? first : result;
}

async function keptReplies(cwd: string): Promise<number> {
  const names = await readdir(join(cwd, 'features/adder/calls')).catch(() => []);
  return names.filter((name) => /^[0-9a-f]+\.json$/.test(name)).length;
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(2);
}

/** The files that a feature's work comes down to, without what says when and in which run. */
async function outcome(cwd: string): Promise<Record<string, string>> {
  const texts = await textsOf(join(cwd, 'features/adder'));
  const lasting = Object.entries(texts).filter(([path]) =>
    /^(brief\.md|spec\.md|tasks\.json|workspace\/.*)$/.test(path),
  );
  const timeless = (text: string): string =>
    text.replace(/"(createdAt|updatedAt|at|run|signature|commit)": "[^"]*"/g, '"$1": "…"');
  return Object.fromEntries(lasting.map(([path, text]) => [path, timeless(text)]));
}

/** What the work comes down to when nothing interrupts it. */
async function undisturbed(): Promise<Record<string, string>> {
  const server = await startAnthropicServer(adderReply);
  try {
    const cwd = await createProject({ 'brief.md': brief });
    const env = envOf(server);
    expect(await runHere(['new', 'brief.md'], { cwd, env })).toMatchObject({ exitCode: 0 });
    expect(await runHere(['run', 'adder'], { cwd, env })).toMatchObject({ exitCode: 0 });
    return await outcome(cwd);
  } finally {
    await server.close();
  }
}

/** What is there can be read: state is replaced whole, never written in place. */
async function expectWholeFiles(cwd: string): Promise<void> {
  const texts = await textsOf(cwd);
  const whole = Object.keys(texts).filter((path) =>
    /(tasks|outcome|prompt)\.json$|calls\/\w+\.json$/.test(path),
  );
  for (const path of whole)
    expect(() => JSON.parse(texts[path] ?? '') as unknown, path).not.toThrow();
}

/**
 * Until the program has its own answers to signals: before, they end it. Node itself catches SIGINT from
 * the start, so the last one that the program asks for, SIGHUP, is looked at (proc_pid_status(5)).
 */
async function untilCaught(pid: number): Promise<void> {
  for (;;) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const caught = BigInt(`0x${/^SigCgt:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
    if ((caught & 1n) !== 0n) return;
    await sleep(20);
  }
}

// Some thirty processes, one after the other: a minute and more on a busy machine.
describe.concurrent('stopped in the middle of every call', { timeout: 240_000 }, () => {
  let asIfNothingHappened: Record<string, string> = {};
  beforeAll(async () => {
    asIfNothingHappened = await undisturbed();
  });

  // What is killed there is below, twice in each call.
  test('by Ctrl-C, it ends in the same state and repeats no finished call', async () => {
    const stalling = await stallingServer();
    try {
      const cwd = await createProject({ 'brief.md': brief });
      const options = { cwd, env: envOf(stalling.server) };
      const planning = await interruptedInEveryCall(['new', 'brief.md'], options, stalling);
      expect(planning.last, planning.last.stderr).toMatchObject({ exitCode: 0 });
      const work = await interruptedInEveryCall(['run', 'adder'], options, stalling);
      expect(work.last, work.last.stderr).toMatchObject({ exitCode: 0 });

      const ended = [...planning.ended, ...work.ended];
      expect(ended).toHaveLength(calls.length);
      for (const result of ended) {
        expect(result).toMatchObject({ exitCode: 130, signal: null, stdout: '' });
        expect(result.stderr).toContain('error[interrupted]');
      }
      expect(stalling.answered).toEqual(calls);
      expect(await outcome(cwd)).toEqual(asIfNothingHappened);
    } finally {
      await stalling.server.close();
    }
  });

  test('killed at any moment, it leaves no half-written file and ends in the same state', async () => {
    const server = await startAnthropicServer(adderReply);
    try {
      const cwd = await createProject({ 'brief.md': brief });
      const options = { cwd, env: envOf(server) };
      for (const args of [
        ['new', 'brief.md'],
        ['run', 'adder'],
      ]) {
        for (let kills = 0; ; kills++) {
          const running = startCli(args, options);
          // Longer each time, so that the command comes to its end.
          const more = process.env['BLUEPRINT_ALL_FAULTS'] === undefined ? 800 : 150;
          const timer = setTimeout(
            () => running.kill('SIGKILL'),
            150 + Math.random() * more * kills,
          );
          const { signal, exitCode, stderr } = await running.ended.finally(() =>
            clearTimeout(timer),
          );
          await expectWholeFiles(cwd);
          if (signal === 'SIGKILL') continue;
          // Killed after the list was kept, before it was told: it then says that it is planned.
          if (args[0] === 'new' && exitCode === 2)
            expect(stderr).toContain('error[feature-exists]');
          else expect(exitCode, stderr).toBe(0);
          break;
        }
      }
      expect(await outcome(cwd)).toEqual(asIfNothingHappened);
    } finally {
      await server.close();
    }
  });

  test('killed twenty times and more, it pays for no finished call twice, and its cost adds up', async () => {
    const stalling = await stallingServer();
    try {
      const cwd = await createProject({
        'brief.md': brief,
        'blueprint.config.json': JSON.stringify({
          prices: { 'anthropic/*': { input: 10, output: 2_000 } },
        }),
      });
      const options = { cwd, env: envOf(stalling.server) };
      const folder = join(cwd, 'features/adder');
      const begun = { new: join(folder, 'brief.md'), run: join(folder, 'leases/T1.json') };
      let kills = 0;
      for (const args of [
        ['new', 'brief.md'],
        ['run', 'adder'],
      ] as const) {
        const running = startCli(args, options);
        await until(() => existsSync(begun[args[0]]));
        running.kill('SIGKILL');
        expect(await running.ended).toMatchObject({ signal: 'SIGKILL' });
        kills += 1;
        for (;;) {
          const last = await killedInNextCall(args, options, stalling);
          // Planned already, and killed before it could say so.
          const told = args[0] === 'new' && last?.stderr.includes('error[feature-exists]') === true;
          if (last !== null) expect(told ? 0 : last.exitCode, last.stderr).toBe(0);
          if (last !== null) break;
          kills += 1;
        }
      }
      expect(kills).toBeGreaterThanOrEqual(20);
      expect(stalling.answered).toEqual(calls);
      expect(await outcome(cwd)).toEqual(asIfNothingHappened);

      // The server counts 20 tokens in and 5 out for each reply that it has finished.
      const charged = (stalling.answered.length * (20 * 10 + 5 * 2_000)) / 1_000_000;
      const cost = jsonOf(await runHere(['cost', 'adder', '--json'], options)) as unknown as {
        total: { calls: number; usd: number };
        wasted: { usd: number };
        avoided: { calls: number; usd: number };
      };
      expect(cost.total.calls).toBe(stalling.answered.length);
      expect(cost.total.usd).toBeCloseTo(charged, 9);
      expect(cost.wasted.usd).toBe(0);
      expect(cost.avoided.calls).toBeGreaterThanOrEqual(calls.length);
      expect(cost.avoided.usd).toBeCloseTo((cost.avoided.calls / calls.length) * charged, 9);
      const shown = await runHere(['cost', 'adder'], options);
      expect(shown.stdout).toMatch(new RegExp(`${cost.avoided.calls} calls`));
    } finally {
      await stalling.server.close();
    }
  });

  test('an interrupted run leaves its task to be done, and says how to go on', async () => {
    const stalling = await stallingServer();
    try {
      const server = await startAnthropicServer(adderReply);
      const cwd = await createProject({ 'brief.md': brief });
      await runHere(['new', 'brief.md'], { cwd, env: envOf(server) });
      await server.close();
      const running = startCli(['run', 'adder'], { cwd, env: envOf(stalling.server) });
      expect(await stalling.stalled()).toBe('execute T1');
      running.kill('SIGINT');
      const result = await running.ended;
      expect(result.stderr).toContain('Interrupted. To go on: blueprint run adder');
      const { tasks } = JSON.parse(
        await readFile(join(cwd, 'features/adder/tasks.json'), 'utf8'),
      ) as { tasks: { status: string }[] };
      expect(tasks.map(({ status }) => status)).toEqual(['pending', 'pending', 'pending']);

      const json = startCli(['run', 'adder', '--json'], { cwd, env: envOf(stalling.server) });
      expect(await stalling.stalled()).toBe('review T1');
      json.kill('SIGTERM');
      const told = await json.ended;
      expect(told.exitCode).toBe(130);
      expect(jsonOf(told)).toMatchObject({ error: { code: 'interrupted' } });
    } finally {
      await stalling.server.close();
    }
  });

  test('a command that waits for its brief ends at once', async () => {
    const cwd = await createProject();
    for (const args of [
      ['new', '-'],
      ['new', '-', '--json'],
    ]) {
      const waiting = startCli(args, { cwd, stdin: 'open' });
      await untilCaught(waiting.pid);
      waiting.kill('SIGINT');
      const { exitCode, stdout, stderr } = await waiting.ended;
      expect(exitCode).toBe(130);
      expect(stdout + stderr).toContain('interrupted');
      expect(stdout + stderr).not.toContain('internal');
    }
    expect(await treeOf(cwd)).toEqual({});
  });

  test('a second Ctrl-C ends a command at once that waits for another process', async () => {
    const server = await startAnthropicServer(adderReply);
    const cwd = await createProject({ 'brief.md': brief });
    const env = envOf(server);
    await runHere(['new', 'brief.md'], { cwd, env });
    await server.close();
    const tasksFile = join(cwd, 'features/adder/tasks.json');
    const before = await readFile(tasksFile, 'utf8');
    const held = await claim(
      join(cwd, 'features/adder/tasks.lock'),
      { self: currentProcess(), now: () => new Date(), staleMs: 60_000 },
      '',
    );
    if (!('claim' in held)) throw new Error('The lock is not free');
    const waiting = startCli(['task', 'set-status', 'adder', 'T1', 'skipped'], { cwd });
    // The lease is taken just before the lock is waited for.
    while (!existsSync(join(cwd, 'features/adder/leases/T1.json'))) await sleep(20);
    // Again and again, as the system joins signals that come too close.
    const pressing = setInterval(() => waiting.kill('SIGINT'), 200);
    const result = await waiting.ended.finally(() => clearInterval(pressing));
    expect(result).toMatchObject({ exitCode: 130, stdout: '', stderr: '' });
    expect(await readFile(tasksFile, 'utf8')).toBe(before);

    await held.claim.release();
    const later = await runHere(['task', 'set-status', 'adder', 'T1', 'skipped'], { cwd });
    expect(later).toMatchObject({ exitCode: 0 });
  });
});
