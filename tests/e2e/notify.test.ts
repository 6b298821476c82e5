import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startChatServer } from '../helpers/loopback/chat-server.ts';
import { runHere as runCli } from '../helpers/in-process.ts';
import { jsonOf, projects, startCli } from '../helpers/run-cli.ts';
import { adderReply, brief, stageOf } from './conversation.ts';

const createProject = projects();

/** Writes what it got beside itself, and something to its stdout that nobody must see. */
const notifier = `
import { appendFileSync, readFileSync } from 'node:fs';
const got = { notice: JSON.parse(readFileSync(0, 'utf8')), env: process.env, args: process.argv.slice(2) };
appendFileSync(new URL('told.jsonl', import.meta.url), JSON.stringify(got) + '\\n');
console.log('words of the notifier');
`;

interface Told {
  readonly notice: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

async function toldIn(cwd: string): Promise<Told[]> {
  const text = await readFile(join(cwd, 'told.jsonl'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Told);
}

const command = [process.execPath, 'told.mjs', 'with $HOME', ''];

/** A project with features that rules planned: to run one takes no model. */
async function byRules(
  notify: object,
  features: readonly string[],
  files: Readonly<Record<string, string>> = {},
) {
  const cwd = await createProject({
    'brief.md': brief,
    'told.mjs': notifier,
    'blueprint.config.json': JSON.stringify({ notify }),
    ...files,
  });
  for (const feature of features) {
    const made = await runCli(['new', 'brief.md', '--name', feature, '--quiet'], { cwd });
    expect(made, made.stderr).toMatchObject({ exitCode: 0 });
  }
  return cwd;
}

/** A project whose models answer at a server of this machine. */
async function withServer(reply: Parameters<typeof startChatServer>[0]) {
  const server = await startChatServer(reply);
  const roles = ['architect', 'parser', 'boilerplate', 'coder', 'reviewer'];
  const cwd = await createProject({
    'brief.md': brief,
    'told.mjs': notifier,
    'blueprint.config.json': JSON.stringify({
      providers: { workshop: { kind: 'openai-compatible', baseUrl: server.url, keyless: true } },
      roles: Object.fromEntries(roles.map((role) => [role, ['workshop/some-model']])),
      prices: { 'workshop/some-model': { input: 10, output: 2_000 } },
      notify: { command },
    }),
  });
  const made = await runCli(['new', 'brief.md'], { cwd });
  expect(made, made.stderr).toMatchObject({ exitCode: 0 });
  expect(await toldIn(cwd)).toEqual([]);
  return { server, cwd };
}

const usage = { input: 100, output: 25 };

describe.concurrent('notify.command', () => {
  test('is told of a run that stopped and of one that is done, but not where nothing was done', async () => {
    const { server, cwd } = await withServer((request) => ({ text: adderReply(request), usage }));
    const env = { OPENAI_API_KEY: 'sk-0123456789abcdefghij', DISPLAY: ':7', OTHER: 'x' };
    const run = (...args: string[]) => runCli(['run', 'adder', ...args], { cwd, env });
    try {
      expect(await run('--dry-run')).toMatchObject({ exitCode: 0 });
      expect(await run('--concurency', '2')).toMatchObject({ exitCode: 2 });
      expect(await runCli(['run', 'subtractor'], { cwd, env })).toMatchObject({ exitCode: 2 });
      expect(await toldIn(cwd)).toEqual([]);

      expect(await run('--budget', '0.14', '--set', 'executor.maxOutputTokens=256')).toMatchObject({
        exitCode: 4,
      });
      const shown = await run('--json');
      expect(shown, shown.stderr).toMatchObject({ exitCode: 0 });
      expect(jsonOf(shown)).toMatchObject({ exitCode: 0 });
      expect(shown.stderr).not.toContain('words of the notifier');
      expect(await run()).toMatchObject({ exitCode: 0 });

      const told = await toldIn(cwd);
      expect(told.map(({ notice }) => notice)).toMatchObject([
        { command: 'run', feature: 'adder', id: null, outcome: 'budget', exitCode: 4 },
        { command: 'run', feature: 'adder', id: null, outcome: 'done', exitCode: 0 },
      ]);
      const [, done] = told;
      expect(done?.notice['message']).toMatch(
        /^run adder: done\. 3 of 3 tasks settled\. Cost of this run: \$\d+\.\d+ in \d+ calls$/,
      );
      const { cost } = jsonOf(shown) as { cost: { total: object } };
      expect(cost.total).toMatchObject(done?.notice['cost'] as object);
      expect(done?.env).toMatchObject({
        BLUEPRINT_MESSAGE: done?.notice['message'],
        DISPLAY: ':7',
      });
      expect(done?.env).not.toHaveProperty('OPENAI_API_KEY');
      expect(done?.env).not.toHaveProperty('OTHER');
      expect(done?.args).toEqual(['with $HOME', '']);
    } finally {
      await server.close();
    }
  });

  test('is told of a run that Ctrl-C ended', async () => {
    let arrived = (): void => undefined;
    const asked = new Promise<void>((resolve) => (arrived = resolve));
    const { server, cwd } = await withServer((request) => {
      if (stageOf(request) !== 'execute') return adderReply(request);
      arrived();
      return { text: adderReply(request), cut: 'hang' };
    });
    try {
      const running = startCli(['run', 'adder'], { cwd });
      await asked;
      running.kill('SIGINT');
      expect(await running.ended).toMatchObject({ exitCode: 130 });
      const [told, ...others] = await toldIn(cwd);
      expect(others).toEqual([]);
      expect(told?.notice).toMatchObject({ outcome: 'interrupted', exitCode: 130 });
      expect(told?.notice['message']).toMatch(
        /^run adder: Interrupted\. To go on: blueprint run adder\./,
      );
    } finally {
      await server.close();
    }
  });

  test('that fails, is missing or cannot be started changes nothing but a line', async () => {
    const cwd = await byRules({}, ['one', 'two', 'three']);
    const warningsOf = async (feature: string, failing: readonly string[]) => {
      const env = { BLUEPRINT_NOTIFY_COMMAND: JSON.stringify(failing) };
      const run = await runCli(['run', feature, '--json'], { cwd, env });
      expect(run.exitCode).toBe(3);
      expect(jsonOf(run)).toMatchObject({ exitCode: 3 });
      return run.stderr.split('\n').filter((line) => line.startsWith('warning: nobody'));
    };
    const ends = 'console.error("no route"); process.exit(7)';
    expect(await warningsOf('one', [process.execPath, '-e', ends])).toEqual([
      'warning: nobody was told by notify.command: ended with exit code 7: no route',
    ]);
    expect(await warningsOf('two', ['no-such-notifier'])).toEqual([
      'warning: nobody was told by notify.command: no-such-notifier is not on PATH',
    ]);
    expect(await warningsOf('three', [process.execPath, 'a\0b'])).toHaveLength(1);
  });
});

describe.concurrent('notify.desktop', () => {
  const fake = `#!/bin/sh\nprintf '%s\\n' "$@" >> "$(dirname "$0")/shown.txt"\n`;

  test.skipIf(process.platform === 'darwin' || process.platform === 'win32')(
    'shows what took long, where there is a display and a program',
    async () => {
      const features = ['short', 'dark', 'shown'];
      const notify = { desktop: true, command };
      const cwd = await byRules(notify, features, { 'bin/notify-send': fake });
      const bin = join(cwd, 'bin');
      await chmod(join(bin, 'notify-send'), 0o755);
      const env = { DISPLAY: ':0', PATH: `${bin}:${process.env['PATH'] ?? ''}` };
      const shown = () => readFile(join(bin, 'shown.txt'), 'utf8').catch(() => null);
      const checks = async (more: Record<string, string>) => {
        const doctor = await runCli(['doctor', '--json', '--no-tests'], { cwd, env: more });
        const { checks: all } = jsonOf(doctor) as { checks: { name: string }[] };
        return all.find(({ name }) => name === 'notify.desktop');
      };
      expect(await checks(env)).toMatchObject({ ok: true, detail: join(bin, 'notify-send') });
      expect(await checks({})).toMatchObject({ ok: false, minor: true });

      const soon = { BLUEPRINT_NOTIFY_AFTER_SECONDS: '0' };
      await runCli(['run', 'short'], { cwd, env });
      const dark = await runCli(['run', 'dark'], { cwd, env: soon });
      expect(dark.stderr).not.toContain('nobody was told');
      expect(await shown()).toBeNull();
      const run = await runCli(['run', 'shown'], { cwd, env: { ...env, ...soon } });
      expect(run.exitCode).toBe(3);
      expect(await shown()).toMatch(
        /^--app-name=blueprint\n--\nblueprint\nrun shown: needs your review\. 0 of \d tasks settled; T1.*\n$/,
      );
      expect((await toldIn(cwd)).map(({ notice }) => notice['feature'])).toEqual(features);
    },
  );
});
