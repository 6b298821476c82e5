import { expect, it } from 'vitest';
import { acceptanceQuality, type Way } from '../../bench/acceptance-quality.ts';

it(
  'approves a tenth of the wrong work where tests are mostly right, after fewer reviews',
  { timeout: 300_000 },
  async () => {
    const rows = await acceptanceQuality(20);
    expect(rows).toHaveLength(48);
    const sum = (way: Way, of: 'falseApproval' | 'reviews' | 'approved', v: number): number =>
      rows
        .filter((row) => row.way === way && row.v === v)
        .reduce((total, row) => total + row[of], 0);
    expect(sum('both', 'falseApproval', 0.9)).toBeLessThanOrEqual(
      sum('neither', 'falseApproval', 0.9) / 10,
    );
    for (const v of [0.7, 0.9]) {
      expect(sum('both', 'falseApproval', v)).toBeLessThan(sum('neither', 'falseApproval', v) / 4);
      expect(sum('both', 'reviews', v)).toBeLessThan(sum('neither', 'reviews', v));
      expect(sum('both', 'approved', v)).toBeGreaterThan(sum('acceptance', 'approved', v));
    }
  },
);
