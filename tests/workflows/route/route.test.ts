import { describe, expect, test } from 'vitest';
import type { PoolModel } from '../../../src/domain/ensemble.ts';
import type { Price } from '../../../src/domain/price.ts';
import type { RoutePolicy } from '../../../src/domain/route.ts';
import { ModelError } from '../../../src/domain/model-error.ts';
import { checkProposal } from '../../../src/workflows/route/check-proposal.ts';
import { defaultWorkers } from '../../../src/workflows/route/default-workers.ts';
import { kindOfTask } from '../../../src/workflows/route/kind-of-task.ts';
import { preferring } from '../../../src/workflows/route/prefer-workers.ts';
import { route } from '../../../src/workflows/route/route.ts';
import { fakeModel, fakeRouter } from '../../helpers/fake-model.ts';
import { workOver } from '../../helpers/work.ts';

const model = (name: string, family: string, missing: string | null = null): PoolModel => ({
  model: `${family}/${name}`,
  provider: family,
  family,
  missing: missing === null ? null : { reason: missing, variables: [] },
});
const models = [
  model('gone', 'lost', 'no key'),
  model('big', 'claude'),
  model('small', 'claude'),
  model('other', 'gpt'),
];
const price = (usd: number): Price => ({ input: usd, output: usd });
const prices: Record<string, Price> = {
  'claude/big': price(10),
  'claude/small': price(1),
  'gpt/other': price(5),
};
const choosing = (policy: RoutePolicy, pool = models) => ({
  pool: { primaries: () => [...pool], validators: () => [...pool] },
  priceOf: (name: string) => prices[name] ?? null,
  policy,
});
const named = (workers: ReturnType<typeof defaultWorkers>): string[] =>
  workers.map(({ provider, model: name, role }) => `${role} ${provider}/${name}`);

describe('rules', () => {
  test.each([
    ['Add an endpoint that lists users', 'coding'],
    ['Fix the bug in src/parse.ts', 'coding'],
    ['Write a Python script that renames photos', 'coding'],
    ['Implement LRU cache', 'coding'],
    ['Explain why the cache is slow and fix it', 'coding'],
    ['Follow redirects', 'coding'],
    ['Decide which retries are made', 'reasoning'],
    ['x', 'coding'],
    ['', 'coding'],
    ['How many ways are there to climb ten stairs?', 'reasoning'],
    ['Prove that the root of 2 is irrational.', 'reasoning'],
    ['Why is the sky blue?', 'reasoning'],
    ['Solve this puzzle: who owns the zebra?', 'reasoning'],
    ['Calculate the energy of a 5 kg mass at 3 m/s.', 'science'],
    ['What is the half-life of a sample that loses 10 % in an hour?', 'science'],
    ['How far does a ball fly at 20 m/s?', 'science'],
    ['According to the docs, how often is a call retried?', 'rag_qa'],
    ['Where is the router defined?', 'rag_qa'],
    ['What does the handbook say about leave? Cite it.', 'rag_qa'],
  ])('%s is %s', (text, expected) => {
    expect(kindOfTask(text)).toMatchObject({ workflow: expected, reason: expect.any(String) });
  });

  test('quality takes other families, cost the cheapest', () => {
    expect(named(defaultWorkers('reasoning', choosing('quality')))).toEqual([
      'solver claude/big',
      'solver gpt/other',
      'solver claude/small',
      'verifier gpt/other',
    ]);
    expect(named(defaultWorkers('reasoning', choosing('cost')))).toEqual([
      'solver claude/small',
      'verifier gpt/other',
    ]);
    expect(named(defaultWorkers('coding', choosing('quality')))).toEqual([
      'solver claude/big',
      'critic gpt/other',
    ]);
    expect(named(defaultWorkers('rag_qa', choosing('cost')))).toEqual(['solver claude/small']);
    expect(
      named(defaultWorkers('reasoning', choosing('quality', [models[1] as PoolModel]))),
    ).toEqual(['solver claude/big', 'verifier claude/big']);
    expect(defaultWorkers('coding', choosing('cost', []))).toEqual([]);
  });

  test('a named workflow is taken, and no model is asked', async () => {
    const about = {
      ...choosing('quality'),
      text: 'Why?',
      workflow: 'science',
      asking: null,
    } as const;
    expect(await route(about)).toMatchObject({
      workflow: 'science',
      by: 'rules',
      tools: ['sandbox'],
      controls: { debate: false, maxRounds: 2 },
      warnings: [],
    });
  });
});

describe('a proposal', () => {
  const proposal = {
    reasons: ['it fits'],
    workflow: 'reasoning',
    workers: [{ provider: 'gpt', model: 'other', role: 'solver' }],
    tools: ['sandbox'],
    controls: { debate: true, maxRounds: 3 },
  };
  const check = (more: object) => checkProposal({ ...proposal, ...more }, choosing('quality'));

  test('that is sound is taken as it is', () => {
    expect(check({})).toEqual({
      workflow: 'reasoning',
      workers: proposal.workers,
      tools: ['sandbox'],
      controls: proposal.controls,
      warnings: [],
    });
  });

  test.each([
    [{ provider: 'gpt', model: 'unheard', role: 'solver' }, 'not among the models'],
    [{ provider: 'lost', model: 'gone', role: 'solver' }, 'not among the models'],
    [{ provider: 'gpt', model: 'other', role: 'boss' }, 'there is no role boss'],
  ])('worker %o is left out', (worker, why) => {
    const { workers, warnings } = check({ workers: [worker] });
    expect(warnings[0]).toContain(why);
    expect(warnings[1]).toContain('no solver is left');
    expect(named([...workers])).toContain('solver claude/big');
  });

  test('that names a worker again asks it once; what it names in vain is told in short', () => {
    const again = Array.from({ length: 500 }, () => proposal.workers).flat();
    const unheard = Array.from({ length: 500 }, (_, at) => `hammer ${at}`);
    const { workers, warnings } = check({ workers: again, tools: unheard });
    expect(workers).toEqual(proposal.workers);
    expect(warnings).toHaveLength(18);
    expect(warnings[0]).toContain('it is there already');
    expect(warnings[8]).toBe('491 more are left out');
    expect(warnings[17]).toBe('492 more are left out');
  });

  test('without workers has the workflow’s own', () => {
    const { workers, warnings } = check({ workers: [] });
    expect(named([...workers])).toHaveLength(4);
    expect(warnings).toEqual([]);
  });

  test.each([
    [99, 4],
    [5, 4],
    [4, 4],
    [1, 1],
    [0, 1],
    [-3, 1],
    [2.4, 2],
    [Number.POSITIVE_INFINITY, 4],
    [Number.NaN, 2],
  ])('of %d rounds has %d', (asked, rounds) => {
    const controls = { debate: false, maxRounds: asked };
    expect(check({ controls }).controls.maxRounds).toBe(rounds);
  });

  test.each(['Coding', 'rag', '', 'constructor'])(
    'of the workflow «%s» is an error',
    (workflow) => {
      expect(() => check({ workflow })).toThrow(
        expect.objectContaining({ code: 'workflow-unknown', exitCode: 2 }),
      );
    },
  );

  const ask = (reply: string | object | Error) => {
    const router = fakeModel({ route: [reply] });
    const asking = workOver(fakeRouter({ parser: router }));
    return route({ ...choosing('quality'), text: 'Why?', asking }).then((found) => ({
      found,
      calls: router.requests.length,
      forgotten: router.forgotten,
    }));
  };

  test('comes from one call', async () => {
    const { found, calls } = await ask(proposal);
    expect(found).toMatchObject({ by: 'fake/one', workflow: 'reasoning', policy: 'quality' });
    expect(calls).toBe(1);
  });

  test.each([
    ['prose', 'I would rather not.'],
    ['half of it', '{"workflow": "coding", "workers": ['],
    ['another object', { answer: 42 }],
  ])('%s leaves it to rules, after one call, and is not kept', async (_what, reply) => {
    const { found, calls, forgotten } = await ask(reply);
    expect(found).toMatchObject({
      by: 'rules',
      warnings: [expect.stringContaining('gave no proposal')],
    });
    expect(calls).toBe(1);
    expect(forgotten).toEqual(['route']);
  });

  test('that cannot be had leaves it to rules', async () => {
    const down = new ModelError({ kind: 'overloaded', model: 'fake/one', message: 'busy' });
    expect((await ask(down)).found).toMatchObject({ by: 'rules', warnings: [expect.any(String)] });
  });
});

test('the solver of a route writes files, unless it would judge or correct its own', () => {
  const coder = fakeModel({}, { ref: 'claude/big' });
  const reviewer = fakeModel({}, { ref: 'gpt/other' });
  const router = preferring(fakeRouter({ coder, reviewer }), [
    { provider: 'claude', model: 'small', role: 'solver' },
  ]);
  expect(router.decide('coder')).toMatchObject({
    chosen: 'claude/small',
    fallbacks: ['claude/big'],
    passedOver: [{ model: 'claude/big' }],
  });
  expect(router.decide('coder', { avoidModels: ['claude/small'] }).chosen).toBe('claude/big');
  expect(router.decide('reviewer').chosen).toBe('gpt/other');
});
