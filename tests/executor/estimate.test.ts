import { expect, test } from 'vitest';
import { estimateCost, type EstimatedTask } from '../../src/executor/estimate.ts';
import { fakeModel, fakeRouter } from '../helpers/fake-model.ts';
import { task } from '../state/fixtures.ts';

const solver = fakeModel({}, { ref: 'one/solver' });
const router = fakeRouter({ solver, reviewer: fakeModel({}, { ref: 'two/reviewer' }) });

function costOf(answerCalls: NonNullable<EstimatedTask['answerCalls']>) {
  const asked = { task: task('T1'), route: router.decide('solver'), promptTokens: 1_000 };
  return estimateCost([{ ...asked, answerCalls }], {
    router,
    // A dollar for each token of output, nothing for input.
    priceOf: (name) => (name.startsWith('one/') ? { input: 0, output: 1_000_000 } : null),
    expectedCallsOf: () => {
      throw new Error('An answer has no strategy');
    },
    options: { maxIterations: 3, maxOutputTokens: 10_000, findings: 'grounded' },
  });
}

test.each([
  ['any', 0],
  ['proved', 0],
  ['grounded', 3 + 2],
] as const)('a task may be read again where findings are to be %s: %i times', (findings, reads) => {
  const coder = fakeModel({}, { ref: 'one/coder' });
  const over = fakeRouter({ coder, reviewer: fakeModel({}, { ref: 'two/reviewer' }) });
  const estimate = (secondReads: number, mode: typeof findings) =>
    estimateCost([{ task: task('T1'), route: over.decide('coder'), promptTokens: 0 }], {
      router: over,
      // Only what reviewers write costs, 1,200 tokens each time at most.
      priceOf: (name) =>
        name.startsWith('two/') ? { input: 0, output: 1_000_000 / 1_200 } : { input: 0, output: 0 },
      expectedCallsOf: () => ({ drafts: 1, judged: 1, judgements: 0, revisions: 0, secondReads }),
      options: { maxIterations: 3, maxOutputTokens: 10_000, findings: mode },
    });
  const plain = estimate(2, 'any');
  expect(estimate(2, findings).high - plain.high).toBeCloseTo(reads);
  expect(estimate(2, findings).low).toBe(plain.low);
});

test('an answer costs its solutions and judgements, at most as often as its rounds say', () => {
  const none = { drafts: 0, judgements: 0 };
  expect(costOf({ least: none, most: none })).toEqual({ low: 0, high: 0, unpriced: [] });
  const three = { drafts: 3, judgements: 0 };
  const { low, high } = costOf({ least: three, most: { drafts: 6, judgements: 0 } });
  expect(high / low).toBeCloseTo(2 * 2 * 12);
  const judged = costOf({ least: three, most: { drafts: 3, judgements: 2 } });
  expect(judged.unpriced).toEqual(['two/reviewer']);
});

test('tests of criteria cost their verifier, sent back once and made anew twice at most, and readers', () => {
  const verifier = fakeModel({}, { ref: 'three/verifier' });
  const coder = fakeModel({}, { ref: 'one/solver' });
  const reviewer = fakeModel({}, { ref: 'two/reviewer' });
  const models = fakeRouter({ coder, reviewer, verifier });
  const costWith = (criteria: number) =>
    estimateCost(
      [{ task: task('T1'), route: models.decide('coder'), promptTokens: 1_000, criteria }],
      {
        router: models,
        priceOf: (name) =>
          name === 'three/verifier' ? { input: 0, output: 1_000_000 } : { input: 0, output: 0 },
        expectedCallsOf: () => ({ drafts: 1, judged: 0, judgements: 0, revisions: 0 }),
        options: { maxIterations: 3, maxOutputTokens: 10_000, findings: 'any' },
      },
    );
  expect(costWith(0)).toEqual({ low: 0, high: 0, unpriced: [] });
  const { low, high } = costWith(2);
  expect(high / low).toBeCloseTo(4 * 2 * 12);
  expect(costWith(4).low).toBeCloseTo(2 * low);
});
