import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { loadConfig, type ConfigFlags } from '../../src/config/load-config.ts';
import type { ResolvedConfig } from '../../src/config/resolved-config.ts';
import { BlueprintError } from '../../src/domain/errors.ts';
import { formatModelRef } from '../../src/domain/model-role.ts';
import { temporaryFolder } from '../state/fixtures.ts';

async function load(
  set: ConfigFlags['set'],
  file: unknown = {},
  env: NodeJS.ProcessEnv = {},
  others: Omit<ConfigFlags, 'set'> = {},
): Promise<ResolvedConfig> {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, 'blueprint.config.json'), JSON.stringify(file));
  const flags = { ...others, ...(set !== undefined && { set }) };
  return loadConfig({ cwd, env, flags: { trust: true, ...flags }, home: '/nowhere' });
}

async function problems(...args: Parameters<typeof load>) {
  const error: unknown = await load(...args).catch((thrown: unknown) => thrown);
  if (!(error instanceof BlueprintError)) throw new Error('The config was accepted');
  return [error.toJSON(), ...error.others];
}

describe('a value is read as its key takes it', () => {
  it.each<[string, (config: ResolvedConfig) => unknown, unknown]>([
    ['executor.concurrency=7', ({ executor }) => executor.concurrency, 7],
    ['budget.run=.5', ({ budget }) => budget.run, 0.5],
    ['budget.run=null', ({ budget }) => budget.run, null],
    ['budget.roles.coder=1', ({ budget }) => budget.roles, { coder: 1 }],
    ['pipeline.ask=no', ({ pipeline }) => pipeline.ask, false],
    ['pipeline.ask=true', ({ pipeline }) => pipeline.ask, true],
    ['sandbox.image=42', ({ sandbox }) => sandbox.image, '42'],
    ['gates=paths,syntax', ({ gates }) => gates.run, ['paths', 'syntax']],
    ['gates.run=["tests"]', ({ gates }) => gates.run, ['tests']],
    [
      'gates.tests.command=npm test -- --x=1',
      ({ gates }) => gates.testCommand,
      'npm test -- --x=1',
    ],
    ['strategy=tournament', ({ strategy }) => strategy.default, 'tournament'],
    ['strategy.types.code=ensemble', ({ strategy }) => strategy.types, { code: 'ensemble' }],
    ['tournament.weights.clarity=1', ({ tournament }) => tournament.weights.clarity, 1],
    [
      'workspace.identity={"name":"A","email":"a@b"}',
      ({ workspace }) => workspace.identity,
      { name: 'A', email: 'a@b' },
    ],
    [
      'roles.coder=openai/gpt-5.6,anthropic/x',
      ({ roles }) => roles.coder.models.map(formatModelRef),
      ['openai/gpt-5.6', 'anthropic/x'],
    ],
    [
      'roles.coder={"models":["openai/s"],"large":["openai/l"]}',
      ({ roles }) => roles.coder.large.map(formatModelRef),
      ['openai/l'],
    ],
    [
      'models.openai/gpt-5.6-sol.timeoutMs=5000',
      ({ models }) => models.get('openai/gpt-5.6-sol'),
      { timeoutMs: 5_000 },
    ],
    [
      'prices.openai/gpt-5.6={"input":1,"output":2}',
      ({ prices }) => prices.get('openai/gpt-5.6'),
      { input: 1, output: 2 },
    ],
    ['limits.openai.concurrency=2', ({ limits }) => limits.get('openai'), { concurrency: 2 }],
    [
      'providers.lab={"baseUrl":"http://127.0.0.1:1/v1","keyless":true}',
      ({ providers }) => providers.get('lab')?.baseUrl,
      'http://127.0.0.1:1/v1',
    ],
    [
      'providers.openai.baseUrl=http://127.0.0.1:1',
      ({ providers }) => providers.get('openai')?.baseUrl,
      'http://127.0.0.1:1',
    ],
    [
      'critics.docs.charter=Is it documented?',
      ({ tournament }) => tournament.critics.at(-1)?.charter,
      'Is it documented?',
    ],
    ['gates.setup=npm ci', ({ gates }) => gates.setup, { run: 'npm ci', reads: null }],
    ['gates.prepare=npm ci', ({ gates }) => gates.setup, { run: 'npm ci', reads: null }],
    [
      'gates.setup={"run":"make a","reads":["src/**"]}',
      ({ gates }) => gates.setup,
      { run: 'make a', reads: ['src/**'] },
    ],
    ['gates.tests.timeoutMs=5', ({ gates }) => gates.testsTimeoutMs, 5],
  ])('%s', async (text, read, value) => {
    expect(read(await load([text]))).toEqual(value);
  });
});

describe('flags are above the environment, which is above the file', () => {
  it('key by key, and of the same key the last one counts', async () => {
    const file = {
      executor: { concurrency: 4, attempts: 5 },
      gates: { prepare: 'x', run: ['tests'] },
    };
    const { executor, gates } = await load(
      ['executor.concurrency=8', 'executor.concurrency=9', 'gates=syntax'],
      file,
      { BLUEPRINT_CONCURRENCY: '6', BLUEPRINT_ATTEMPTS: '3' },
    );
    expect(executor).toMatchObject({ concurrency: 9, attempts: 3 });
    expect(gates).toMatchObject({ run: ['syntax'], setup: { run: 'x', reads: null } });
  });

  it('an option of its own is above --set', async () => {
    const { executor, roles } = await load(
      ['executor.concurrency=8', 'roles.coder=openai/a'],
      {},
      {},
      { options: { concurrency: '2' }, role: ['coder=openai/b'] },
    );
    expect(executor.concurrency).toBe(2);
    expect(roles.coder).toMatchObject({ models: [{ model: 'b' }], source: 'flag' });
  });

  it('a strategy in short form is for every task, one in full form adds to what is there', async () => {
    const file = { strategy: { default: 'single', types: { code: 'tournament' } } };
    expect((await load(['strategy=ensemble'], file)).strategy).toEqual({
      default: 'ensemble',
      types: {},
      categories: {},
    });
    expect((await load(['strategy.default=ensemble'], file)).strategy).toMatchObject({
      default: 'ensemble',
      types: { code: 'tournament' },
    });
    expect((await load(['strategy.types.code=single'], { strategy: 'ensemble' })).strategy).toEqual(
      {
        default: 'ensemble',
        types: { code: 'single' },
        categories: {},
      },
    );
  });

  it('a large list alone adds to a list in short form', async () => {
    const { roles } = await load(['roles.coder.large=openai/l'], {
      roles: { coder: ['openai/s'] },
    });
    expect(roles.coder).toMatchObject({ models: [{ model: 's' }], large: [{ model: 'l' }] });
  });

  it('values from code are taken as they are, text among them as from the command line', async () => {
    const { executor, gates, roles } = await load({
      'executor.concurrency': 2,
      gates: ['paths'],
      'roles.coder': 'openai/x',
    });
    expect(executor.concurrency).toBe(2);
    expect(gates.run).toEqual(['paths']);
    expect(roles.coder.models).toMatchObject([{ model: 'x' }]);
  });
});

describe('what is wrong names the key, the nearest one and what is allowed', () => {
  test.each<[string, string, RegExp, RegExp]>([
    ['executor.concurency=2', 'config-unknown-key', /^executor\.concurency /, /«concurrency»/],
    ['excutor.concurrency=2', 'config-unknown-key', /^excutor /, /«executor»/],
    ['executor.concurrency=lots', 'config-wrong-type', /^executor\.concurrency /, /number/],
    ['executor.concurrency=99', 'config-invalid', /^executor\.concurrency .*at most 64/, /./],
    ['gates=paths,sintax', 'config-unknown-value', /^gates\[1\] /, /«syntax».*commands/],
    ['strategy=tornament', 'config-unknown-value', /^strategy /, /«tournament»/],
    ['sandbox.kind=none', 'config-unknown-value', /^sandbox\.kind /, /bubblewrap/],
    ['roles.coder=gpt', 'config-invalid', /^roles\.coder\[0\] /, /./],
    ['providers.lab.basUrl=x', 'config-unknown-key', /^providers\.lab\.basUrl /, /«baseUrl»/],
    ['models.openai/gpt-5.6.timoutMs=1', 'config-unknown-key', /timoutMs /, /«timeoutMs»/],
    ['executor.concurrency', 'config-set-invalid', /must be KEY=VALUE/, /executor\.concurrency=2/],
    ['=2', 'config-set-invalid', /must be KEY=VALUE/, /./],
  ])('%s', async (text, code, message, fix) => {
    const [problem, ...others] = await problems([text]);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code, message: expect.stringMatching(message) as string });
    expect(problem?.fix).toMatch(fix);
    expect(problem?.target).toContain('--set');
  });

  it('all at once, each with the place that said it', async () => {
    const found = await problems(
      ['executor.attempts=0', 'roles.judge=opnai/x', 'tournament.critics=nobody'],
      { calls: { retries: 99 } },
      { BLUEPRINT_CONCURRENCY: '0' },
    );
    expect(found.map(({ target }) => target)).toEqual([
      '--set executor.attempts',
      'BLUEPRINT_CONCURRENCY',
      expect.stringContaining('blueprint.config.json'),
    ]);
    const later = await problems(['roles.judge=opnai/x', 'tournament.critics=nobody']);
    expect(later.map(({ target }) => target)).toEqual([
      '--set tournament.critics',
      '--set roles.judge',
    ]);
  });

  it('hostile names do not reach the terminal', async () => {
    const [problem] = await problems(['\u001b[31m.x=1', '__proto__.y=1']);
    expect(JSON.stringify(problem)).not.toMatch(/\\u001b\[31m is/);
  });
});
