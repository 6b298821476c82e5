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
    options: { maxIterations: 3, maxOutputTokens: 10_000 },
  });
}

test('an answer costs its solutions and judgements, at most as often as its rounds say', () => {
  const none = { drafts: 0, judgements: 0 };
  expect(costOf({ least: none, most: none })).toEqual({ low: 0, high: 0, unpriced: [] });
  const three = { drafts: 3, judgements: 0 };
  const { low, high } = costOf({ least: three, most: { drafts: 6, judgements: 0 } });
  expect(high / low).toBeCloseTo(2 * 2 * 12);
  const judged = costOf({ least: three, most: { drafts: 3, judgements: 2 } });
  expect(judged.unpriced).toEqual(['two/reviewer']);
});
