import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GateResult, GateStatus } from '../../src/domain/gate-result.ts';
import type { PairVerdict } from '../../src/domain/judgement.ts';
import type { Work } from '../../src/supervisor/work.ts';
import { fakeRouter } from '../helpers/fake-model.ts';
import { workOver } from '../helpers/work.ts';
import { compare, type Compared } from '../../src/supervisor/compare.ts';

const work = workOver(fakeRouter({}));
const blockingGates = new Set(['tests', 'syntax']);

const gate = (name: string, status: GateStatus): GateResult => ({
  gate: name,
  status,
  summary: status,
  findings: [],
  durationMs: 1,
});

interface Output {
  readonly name: string;
  /** The judge takes the higher one; equal ones are a tie. */
  readonly worth: number;
}

const contestant = (
  name: string,
  worth: number,
  more: Partial<Compared<Output>> = {},
): Compared<Output> => ({ output: { name, worth }, gates: [], ...more });

function fairJudge() {
  const asked: string[] = [];
  return {
    asked,
    judge: async (_work: Work, first: Output, second: Output): Promise<PairVerdict> => {
      asked.push(`${first.name}-${second.name}`);
      const outcome =
        first.worth === second.worth ? 'tie' : first.worth > second.worth ? 'first' : 'second';
      return { outcome, flipped: false, reasons: `${first.name} over ${second.name}?` };
    },
  };
}

const flipping = async (): Promise<PairVerdict> => ({
  outcome: 'tie',
  flipped: true,
  reasons: 'It turned.',
});

const compared = (contestants: Compared<Output>[], judge = fairJudge()) =>
  compare(work, contestants, { judge: judge.judge, blockingGates });

describe('compare', () => {
  it('takes the one that the judge prefers, wherever it stands', async () => {
    for (const worths of [
      [3, 1, 2],
      [1, 2, 3],
      [2, 3, 1],
    ]) {
      const judged = await compared(worths.map((worth) => contestant(`w${worth}`, worth)));
      expect(judged.order.map((index) => worths[index])).toEqual([3, 2, 1]);
      expect(judged).toMatchObject({ best: worths.indexOf(3), needsReview: [] });
      expect(judged.reasons).toMatch(/over/);
    }
  });

  it('lets what was run decide before any judge', async () => {
    const judge = fairJudge();
    const judged = await compared(
      [
        contestant('pretty', 9, { gates: [gate('tests', 'failed')] }),
        contestant('plain', 1, { gates: [gate('tests', 'passed')] }),
      ],
      judge,
    );
    expect(judged).toMatchObject({ best: 1, order: [1, 0], needsReview: [] });
    expect(judged.reasons).toBe('It fails no blocking check, the next best one blocking check.');
    expect(judge.asked).toEqual([]);
  });

  it('does not take a check that broke or was left out for one that failed', async () => {
    const judged = await compared([
      contestant('one', 1, { gates: [gate('tests', 'passed')] }),
      contestant('two', 2, { gates: [gate('tests', 'errored'), gate('syntax', 'skipped')] }),
    ]);
    expect(judged.best).toBe(1);
  });

  it.each([
    ['the other gates', { gates: [gate('lint', 'failed')] }, {}, /other checks/, []],
    ['the order given', {}, {}, /given first/, ['low_margin']],
  ])('breaks ties by %s', async (_by, one, two, reasons, needsReview) => {
    const contestants = [contestant('a', 1, one), contestant('b', 1, two)];
    const judged = await compared(contestants);
    expect(judged.best).toBe(needsReview.length === 0 ? 1 : 0);
    expect(judged.reasons).toMatch(reasons);
    expect(judged.needsReview).toEqual(needsReview);
  });

  it('says that a verdict turned with the order', async () => {
    const failing = { gates: [gate('lint', 'failed')] };
    const judged = await compare(work, [contestant('a', 1, failing), contestant('b', 1)], {
      judge: flipping,
      blockingGates,
    });
    expect(judged).toMatchObject({ best: 1, needsReview: ['judge_order_flip'] });
    expect(judged.reasons).toContain('It turned.');
  });

  it('judges every pair of the best few, and no others', async () => {
    const judge = fairJudge();
    const failures = (count: number): GateResult[] =>
      Array.from({ length: count }, () => gate('lint', 'failed'));
    const many = Array.from({ length: 8 }, (_, index) =>
      contestant(`w${index}`, index, { gates: failures(8 - index) }),
    );
    const judged = await compared(many, judge);
    expect(judge.asked).toHaveLength(6);
    expect(judged.order).toEqual([7, 6, 5, 4, 3, 2, 1, 0]);
  });

  it('needs no judge for one, and refuses none', async () => {
    expect(await compared([contestant('a', 1)])).toMatchObject({ best: 0, order: [0] });
    await expect(compared([])).rejects.toThrow(RangeError);
  });

  it('never puts failing work first while other work passes, whatever the judge says', async () => {
    const works = fc.array(
      fc.record({ fails: fc.boolean(), worth: fc.integer({ min: 0, max: 3 }) }),
      {
        minLength: 1,
        maxLength: 6,
      },
    );
    await fc.assert(
      fc.asyncProperty(works, async (given) => {
        const judged = await compared(
          given.map(({ fails, worth }, index) =>
            contestant(`w${index}`, worth, { gates: [gate('tests', fails ? 'failed' : 'passed')] }),
          ),
        );
        expect(new Set(judged.order).size).toBe(given.length);
        const fails = given[judged.best]?.fails;
        expect(fails).toBe(given.every((work) => work.fails));
      }),
    );
  });
});
