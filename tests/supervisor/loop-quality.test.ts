import { expect, it } from 'vitest';
import { loopQuality } from '../../bench/loop-quality.ts';

it('hands on right work wherever the same calls made any, and approves nothing wrong', async () => {
  const rows = await loopQuality(150);
  expect(rows).toHaveLength(12);
  for (const { delivered, possible, falseApproval, approved } of rows) {
    expect(falseApproval).toBe(0);
    expect(delivered / possible).toBeGreaterThanOrEqual(0.97);
    expect(approved).toBeGreaterThan(0);
  }
});
