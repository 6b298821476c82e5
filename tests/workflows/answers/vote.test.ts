import { expect, test } from 'vitest';
import { groupsOf, majorityOf } from '../../../src/workflows/answers/vote.ts';
import { solution } from './solutions.ts';

const ran = (agrees: boolean | null) =>
  ({ computed: { kind: 'ran', output: 'x', end: 'exit code 0', agrees, isolated: true } }) as const;

const votes = (answers: readonly string[]): string[] =>
  groupsOf(answers.map((answer, at) => solution(`S${at + 1}`, answer))).map(
    ({ label, solutions }) => `${label} ${solutions.map((each) => each.label).join('+')}`,
  );

test('answers that say the same are one, the most frequent first', () => {
  expect(votes(['43', '42', '\\boxed{42}'])).toEqual(['A1 S2+S3', 'A2 S1']);
  expect(votes(['5 km', '5000 m', '5 km.'])).toEqual(['A1 S1+S2+S3']);
});

test.each([
  [['1', '1', '1'], 3, 'A1'],
  [['1', '1', '2'], 3, 'A1'],
  [['1', '2', '3'], 3, null],
  [['1', '1', '2', '2'], 4, null],
  // Those that gave no answer count as well.
  [['1'], 3, null],
  [['1', '1'], 4, null],
  [['1'], 1, null],
] as const)('%s of %i asked: the majority is %s', (answers, asked, expected) => {
  const groups = groupsOf(answers.map((answer, at) => solution(`S${at + 1}`, answer)));
  expect(majorityOf(groups, asked)?.label ?? null).toBe(expected);
});

test('one whose program says otherwise has no vote, as long as there are others', () => {
  const wrong = [solution('S1', '1', ran(false)), solution('S2', '1', ran(null))];
  const right = solution('S3', '2', ran(true));
  expect(groupsOf([...wrong, right]).map(({ best }) => best.label)).toEqual(['S3']);
  expect(groupsOf(wrong).map(({ solutions }) => solutions.length)).toEqual([2]);
});

test('of those that agree the one with a computation is shown', () => {
  const groups = groupsOf([solution('S1', '2'), solution('S2', '2', ran(true))]);
  expect(groups[0]?.best.label).toBe('S2');
});
