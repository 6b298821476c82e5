import { expect, it } from 'vitest';
import { learnedOrder, recordsByRole, type LearnedRecord } from '../../src/report/learned-order.ts';

const of = (
  model: string,
  right: number,
  cases: number,
  usd: number | null = null,
): LearnedRecord => ({
  model,
  right,
  cases,
  usd,
});
const order = (now: string[], records: LearnedRecord[], policy: 'cost' | 'quality' = 'quality') =>
  learnedOrder(now, { measure: '', records }, policy);

it.each<[string, LearnedRecord[], string[]]>([
  ['much better', [of('a', 5, 20), of('b', 19, 20)], ['b', 'a']],
  ['a little better', [of('a', 15, 20), of('b', 17, 20)], ['a', 'b']],
  ['better in too few cases', [of('a', 5, 20), of('b', 9, 9)], ['a', 'b']],
  ['better than one of too few cases', [of('a', 0, 9), of('b', 20, 20)], ['a', 'b']],
  ['worse', [of('a', 19, 20), of('b', 5, 20)], ['a', 'b']],
  ['without a record', [of('a', 0, 50)], ['a', 'b']],
  ['never right, as the other', [of('a', 0, 50), of('b', 0, 50)], ['a', 'b']],
])('a model that is %s', (_, records, learned) => {
  expect(order(['a', 'b'], records).learned).toEqual(learned);
});

it('models of too few cases keep their places among the others', () => {
  const records = [of('a', 1, 20), of('few', 3, 3), of('b', 10, 20), of('c', 20, 20)];
  const { learned, reasons } = order(['a', 'few', 'b', 'unknown', 'c'], records);
  expect(learned).toEqual(['c', 'few', 'b', 'unknown', 'a']);
  expect(reasons).toContain('c did better: c 20 of 20, b 10 of 20');
});

it('what is cheaper goes first with the policy cost alone, where it is as good', () => {
  const dear = of('dear', 19, 20, 0.5);
  const cheap = of('cheap', 18, 20, 0.1);
  const names = ['dear', 'cheap'];
  expect(order(names, [dear, cheap], 'cost')).toMatchObject({
    learned: ['cheap', 'dear'],
    reasons: [expect.stringContaining('costs less')],
  });
  expect(order(names, [dear, cheap]).learned).toEqual(names);
  expect(order(names, [dear, of('cheap', 15, 20, 0.1)], 'cost').learned).toEqual(names);
  expect(order(names, [dear, of('cheap', 18, 20, 0.3)], 'cost').learned).toEqual(names);
  expect(order(names, [dear, of('cheap', 18, 20)], 'cost').learned).toEqual(names);
  expect(order(names, [of('dear', 19, 20, 0), of('cheap', 19, 20, 0)], 'cost').learned).toEqual(
    names,
  );
});

it('reasons that go round in a circle end', () => {
  const records = [of('a', 20, 20, 1), of('b', 14, 20, 0.2), of('c', 18, 20, 0.45)];
  expect(order(['a', 'b', 'c'], records, 'cost').learned.toSorted()).toEqual(['a', 'b', 'c']);
});

it('what counts as a case: findings that something settled, comparisons, attempts', () => {
  const nothing = { blocker: 0, major: 0, minor: 0, nit: 0 };
  const reviewer = {
    model: 'r',
    reviews: 9,
    accepted: 1,
    findings: nothing,
    standings: { proved: 3, grounded: 5, doubtful: 2, refuted: 1 },
    blocking: { mended: 4, repeated: 1, overruled: 2, confirmed: 6, open: 1 },
    missed: 1,
    refutedByChecks: 1,
    approvedTasks: 2,
    usd: 1,
  };
  const judge = { model: 'j', judged: 8, flipped: 3, ties: 1, unusable: 1 };
  const author = {
    role: 'coder',
    model: 'a',
    approved: 4,
    refused: 1,
    usd: 2,
    unpriced: 0,
  } as const;
  const roles = recordsByRole([author, { ...author, model: 'b', unpriced: 1 }], {
    reviewers: [reviewer],
    judges: [judge],
  });
  expect(roles.get('coder')?.records).toEqual([of('a', 4, 5, 0.5), of('b', 4, 5)]);
  expect(roles.get('reviewer')?.records).toEqual([of('r', 9, 14)]);
  expect(roles.get('judge')?.records).toEqual([of('j', 4, 8)]);
});
