import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startChatServer } from '../helpers/loopback/chat-server.ts';
import type { LoopbackServer, ReplyUsage } from '../helpers/loopback/server.ts';
import { runHere as runCli } from '../helpers/in-process.ts';
import { jsonOf, projects } from '../helpers/run-cli.ts';
import { adderReply, brief, stageOf, taskOf } from './conversation.ts';

const createProject = projects();

/** USD per million tokens: a reply of 300 tokens costs 0.6 USD, and what is asked hardly anything. */
const price = { input: 10, cachedInput: 1, output: 2_000 };
const usage: Required<Pick<ReplyUsage, 'input' | 'cachedInput' | 'output'>> = {
  input: 100,
  cachedInput: 50,
  output: 25,
};
const perCall = 0.0005 + 0.00005 + 0.05;

async function setup(more: object = {}) {
  const server = await startChatServer((request) => ({ text: adderReply(request), usage }));
  const roles = ['architect', 'parser', 'boilerplate', 'coder', 'reviewer'];
  const cwd = await createProject({
    'brief.md': brief,
    'blueprint.config.json': JSON.stringify({
      providers: { workshop: { kind: 'openai-compatible', baseUrl: server.url, keyless: true } },
      roles: Object.fromEntries(roles.map((role) => [role, ['workshop/some-model']])),
      prices: { 'workshop/some-model': price },
      executor: { maxOutputTokens: 300 },
      ...more,
    }),
  });
  return { server, options: { cwd } };
}

const stages = (server: LoopbackServer): string[] =>
  server.requests.map((request) => `${stageOf(request)} ${taskOf(request) ?? ''}`.trim());

interface CostJson {
  readonly total: { calls: number; usd: number; tokens: Record<string, number> };
  readonly useful: { usd: number };
  readonly wasted: { usd: number };
  readonly avoided: { calls: number };
  readonly byTask: readonly { name: string; calls: number }[];
}

describe.concurrent('a budget', () => {
  test('stops a run, which goes on with a higher one and asks for nothing twice', async () => {
    const { server, options } = await setup();
    try {
      expect(await runCli(['new', 'brief.md'], options)).toMatchObject({ exitCode: 0 });
      const planned = server.requests.length;

      const stopped = await runCli(['run', 'adder', '--budget', '0.85', '--json'], options);
      expect(stopped, stopped.stderr).toMatchObject({ exitCode: 4 });
      const report = jsonOf(stopped);
      expect(report).toMatchObject({
        exitCode: 4,
        unavailable: [{ error: { code: 'budget-reached' } }],
      });
      const first = server.requests.length - planned;
      expect(first).toBeGreaterThan(0);
      expect(report['cost']).toMatchObject({ total: { calls: first } });
      const paid = (report['cost'] as CostJson).total.usd;
      expect(paid).toBeCloseTo(first * perCall, 6);
      expect(paid).toBeLessThanOrEqual(0.85);

      const resumed = await runCli(['run', 'adder', '--budget', '100'], options);
      expect(resumed, resumed.stderr).toMatchObject({ exitCode: 0 });
      expect(resumed.stdout).toMatch(/Cost of this run: \$\d/);
      expect(stages(server)).toEqual([
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
      ]);

      const cost = jsonOf(
        await runCli(['cost', 'adder', '--json'], options),
      ) as unknown as CostJson;
      const asked = server.requests.length;
      expect(cost.total.calls).toBe(asked);
      expect(cost.total.usd).toBeCloseTo(asked * perCall, 6);
      expect(cost.total.tokens).toMatchObject({
        input: asked * usage.input,
        cachedInput: asked * usage.cachedInput,
        output: asked * usage.output,
      });
      expect(cost.useful.usd).toBeCloseTo(cost.total.usd, 6);
      expect(cost.wasted.usd).toBe(0);
      expect(cost.byTask.map(({ name, calls }) => `${name} ${calls}`).sort()).toEqual([
        'T1 2',
        'T2 4',
        'T3 1',
        'planning 3',
      ]);

      const shown = await runCli(['cost'], options);
      expect(shown.stdout).toMatch(/adder +10 +1000 +500 +250 +\$0\.5055 +\$0\.00/);
      expect((await runCli(['cost', 'adder'], options)).stdout).toContain('Useful: $0.5055');
    } finally {
      await server.close();
    }
  });

  test('of the feature counts what earlier commands have cost', async () => {
    const { server, options } = await setup({ budget: { feature: 100 } });
    try {
      expect(await runCli(['new', 'brief.md'], options)).toMatchObject({ exitCode: 0 });
      const before = server.requests.length;
      const config = join(options.cwd, 'blueprint.config.json');
      const written = JSON.parse(await readFile(config, 'utf8')) as Record<string, unknown>;
      const budget = { feature: before * perCall + 0.5 };
      await writeFile(config, JSON.stringify({ ...written, budget }));
      const run = await runCli(['run', 'adder'], options);
      expect(run, run.stderr).toMatchObject({ exitCode: 4 });
      expect(run.stdout).toContain('The budget of the feature is reached: $0.15');
      expect(server.requests).toHaveLength(before);
    } finally {
      await server.close();
    }
  });

  test('ends planning too, and the same command goes on', async () => {
    const { server, options } = await setup();
    try {
      const stopped = await runCli(['new', 'brief.md', '--budget', '0.01'], options);
      expect(stopped).toMatchObject({ exitCode: 4, stdout: '' });
      expect(stopped.stderr).toContain('error[budget-reached]');
      expect(server.requests).toHaveLength(0);
      const made = await runCli(['new', 'brief.md', '--budget', '1000'], options);
      expect(made, made.stderr).toMatchObject({ exitCode: 0 });
      expect(stages(server)).toEqual(['spec', 'plan', 'refine']);
    } finally {
      await server.close();
    }
  });

  test('refuses a model of unknown price, and reports one as unknown', async () => {
    const { server, options } = await setup({ prices: {} });
    try {
      const refused = await runCli(['new', 'brief.md', '--budget', '1'], options);
      expect(refused).toMatchObject({ exitCode: 2 });
      expect(refused.stderr).toMatch(/error\[price-unknown\].*workshop\/some-model/);
      expect(refused.stderr).toContain('allowUnpriced');
      expect(server.requests).toHaveLength(0);
      expect(await runCli(['new', 'brief.md'], options)).toMatchObject({ exitCode: 0 });
      const cost = await runCli(['cost', 'adder'], options);
      expect(cost.stdout).toContain('adder: unknown in 3 calls');
      expect(cost.stdout).not.toMatch(/\$0\.00 in/);
    } finally {
      await server.close();
    }
  });

  test.each(['-1', 'much'])('of «%s» is refused', async (amount) => {
    const { server, options } = await setup();
    try {
      const refused = await runCli(['new', 'brief.md', `--budget=${amount}`], options);
      expect(refused).toMatchObject({ exitCode: 2 });
      expect(refused.stderr).toContain('--budget');
    } finally {
      await server.close();
    }
  });
});
