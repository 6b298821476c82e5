import { expect, it } from 'vitest';
import { choiceQuality } from '../../../bench/choice-quality.ts';

const rows = choiceQuality(2_000);
const of = (way: string, tests: boolean) =>
  rows.filter((row) => row.way === way && row.tests === tests);

it('approves no wrong winner where tests tell, whatever critics say', () => {
  expect(of('pessimistic score', true)).toHaveLength(6);
  for (const { falseApproval } of of('pessimistic score', true)) expect(falseApproval).toBe(0);
});

it('approves fewer wrong winners than any other way, and chooses more right ones than one model', () => {
  for (const row of of('pessimistic score', false)) {
    const same = rows.filter(
      (other) => !other.tests && other.p === row.p && other.q === row.q && other.way !== row.way,
    );
    expect(same).toHaveLength(3);
    for (const other of same) expect(row.falseApproval).toBeLessThan(other.falseApproval);
    const single = same.find(({ way }) => way === 'single');
    expect(row.rightWinner).toBeGreaterThan(single?.rightWinner ?? 1);
  }
});
