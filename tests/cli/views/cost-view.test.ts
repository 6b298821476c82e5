import { Chalk } from 'chalk';
import { expect, test } from 'vitest';
import { costsText } from '../../../src/cli/views/cost-view.ts';
import { noSpend } from '../../../src/report/cost.ts';

const paint = new Chalk({ level: 0 });

test.each([
  [0, null],
  [1, '1 call more was sent whose end nobody told'],
  [2, '2 calls more were sent whose end nobody told'],
])('of all work %i calls that were cut off are told beside the total', (cutOff, said) => {
  const spend = { ...noSpend, usd: 0.5, calls: 3 };
  const rows = [{ ...spend, name: 'adder', wasted: noSpend }];
  const skipped = { unreadable: 0, unknown: 0 };
  const text = costsText(rows, { total: spend, cutOff, skipped }, paint, 100);
  expect(text).toContain('in 3 calls');
  if (said === null) expect(text).not.toContain('nobody told');
  else expect(text).toContain(said);
});
