import { describe, expect, it } from 'vitest';
import type { Price, PriceOf } from '../../src/domain/price.ts';
import type { Task } from '../../src/domain/task.ts';
import type { EstimateDependencies } from '../../src/executor/estimate.ts';
import type { ExpectedCalls } from '../../src/strategies/strategy.ts';
import { previewRun, promptOf } from '../../src/executor/preview.ts';
import { createProject, slug, task, writes } from './project.ts';

const everything = { tasks: [], types: [] };

const price: Price = { input: 2, output: 10 };
const priceOf: PriceOf = () => price;
const expectedCallsOf = (): ExpectedCalls => ({
  drafts: 1,
  judged: 0,
  judgements: 0,
  revisions: 0,
});

async function setup() {
  return createProject({
    tasks: [
      task('T1', { complexity: 2, status: 'done' }),
      task('T2', { complexity: 5, dependsOn: ['T1'], files: ['a.js'] }),
      task('T3', { complexity: 1, dependsOn: ['T1'], type: 'boilerplate' }),
      task('T4', { complexity: 1, dependsOn: ['T2', 'T3'], type: 'review', files: [] }),
      task('T5', { complexity: 3, type: 'architecture' }),
    ],
    files: { 'a.js': 'let a;\n' },
  });
}

it('shows order, waves, states, routes and the critical path, and calls nothing', async () => {
  const project = await setup();
  const document = await project.document();
  const before = await project.files('.');
  const preview = await previewRun(slug, document, everything, {
    ...project.dependencies(),
    signal,
    priceOf,
    expectedCallsOf,
  });
  expect(
    preview.tasks.map(({ task: { id }, state, wave, route }) => [id, state, wave, route.chosen]),
  ).toEqual([
    ['T5', 'ready', 1, 'one/author'],
    ['T2', 'ready', 1, 'one/author'],
    ['T3', 'ready', 1, 'one/author'],
    ['T4', 'blocked', 2, 'two/reviewer'],
  ]);
  expect(preview.criticalPath).toEqual(['T2', 'T4']);
  expect(preview.tasks.every(({ promptTokens }) => promptTokens > 100)).toBe(true);
  expect([...project.author.requests, ...project.reviewer.requests]).toEqual([]);
  expect(await project.files('.')).toEqual(before);
  expect(project.events).toEqual([]);
});

it('shows the selected part alone', async () => {
  const project = await setup();
  const selection = { tasks: [], types: ['boilerplate' as const] };
  const preview = await previewRun(slug, await project.document(), selection, {
    ...project.dependencies(),
    signal,
    priceOf,
    expectedCallsOf,
  });
  expect(preview.tasks.map(({ task: { id } }) => id)).toEqual(['T3']);
  expect(preview.criticalPath).toEqual(['T3']);
});

it('shows the very words that the attempt then sends', async () => {
  const project = await createProject({
    tasks: [task('T1', { files: ['a.js'] })],
    files: { 'a.js': 'let a;\n' },
    author: writes('T1'),
  });
  const document = await project.document();
  const shown = await promptOf(slug, document, await project.task('T1'), {
    ...project.dependencies(),
    signal,
  });
  await project.run();
  expect(project.author.requests[0]?.parts).toEqual(shown.parts);
  expect(shown.leftOut).toEqual([]);
});

const { signal } = new AbortController();

describe('the estimated cost', () => {
  const preview = async (
    tasks: readonly Task[],
    known: PriceOf = priceOf,
    effort: EstimateDependencies['expectedCallsOf'] = expectedCallsOf,
  ): Promise<Awaited<ReturnType<typeof previewRun>>['cost']> => {
    const project = await createProject({ tasks: [...tasks] });
    const dependencies = { ...project.dependencies(), priceOf: known, expectedCallsOf: effort };
    return (
      await previewRun(slug, await project.document(), everything, { ...dependencies, signal })
    ).cost;
  };

  it('is a range: from approval by the first review to all rounds with longer replies', async () => {
    const { low, high, unpriced } = await preview([task('T1')]);
    expect(low).toBeGreaterThan(0);
    expect(high).toBeGreaterThan(2 * low);
    expect(unpriced).toEqual([]);
  });

  it('grows with complexity, with what earlier tasks will have produced, and with the price', async () => {
    const small = await preview([task('T1', { complexity: 1 })]);
    const large = await preview([task('T1', { complexity: 9 })]);
    expect(large.low).toBeGreaterThan(small.low);
    const apart = await preview([task('T1'), task('T2')]);
    const chained = await preview([task('T1'), task('T2', { dependsOn: ['T1'] })]);
    expect(chained.low).toBeGreaterThan(apart.low);
    const dearer = await preview([task('T1')], () => ({ input: 4, output: 20 }));
    const usual = await preview([task('T1')]);
    expect(dearer.low / usual.low).toBeCloseTo(2);
    expect(dearer.high / usual.high).toBeCloseTo(2);
  });

  it('leaves out what waits for a person, and what waits for that', async () => {
    const alone = await preview([task('T1')]);
    const held = await preview([
      task('T1'),
      task('T2', { status: 'needs_review' }),
      task('T3', { dependsOn: ['T2'] }),
      task('T4', { dependsOn: ['T3'] }),
    ]);
    expect(held).toEqual(alone);
  });

  it('counts the drafts, judgements and revisions of the task’s strategy', async () => {
    const usual = await preview([task('T1')]);
    const many = await preview([task('T1')], priceOf, () => ({
      drafts: 3,
      judged: 3,
      judgements: 5,
      revisions: 2,
    }));
    expect(many.low).toBeGreaterThan(3 * usual.low);
    const without = await preview([task('T1')], priceOf, () => ({
      drafts: 3,
      judged: 3,
      judgements: 5,
      revisions: 0,
    }));
    expect(without.low).toBe(many.low);
    expect(many.high).toBeGreaterThan(without.high);
  });

  it('names the models whose price is unknown, and does not count them as free', async () => {
    const { low, high, unpriced } = await preview([task('T1')], (model) =>
      model === 'two/reviewer' ? null : price,
    );
    expect(unpriced).toEqual(['two/reviewer']);
    expect(low).toBeGreaterThan(0);
    expect(high).toBeGreaterThan(low);
  });
});
