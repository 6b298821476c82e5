import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMinuteWindow } from '../../../src/models/middleware/minute-window.ts';

describe('createMinuteWindow', () => {
  it('lets as much through as the limit says, and more when the first is a minute old', () => {
    const window = createMinuteWindow(3);
    for (const at of [0, 10, 20]) {
      expect(window.waitMs(at, 1)).toBe(0);
      window.spend(at, 1);
    }
    expect(window.waitMs(30, 1)).toBe(59_970);
    expect(window.waitMs(30, 2)).toBe(59_980);
    expect(window.waitMs(60_000, 1)).toBe(0);
    expect(window.waitMs(60_000, 2)).toBe(10);
  });

  it('lets what is larger than the limit through alone', () => {
    const window = createMinuteWindow(100);
    expect(window.waitMs(0, 500)).toBe(0);
    window.spend(0, 500);
    expect(window.waitMs(1, 1)).toBe(59_999);
    expect(window.waitMs(60_000, 500)).toBe(0);
  });

  it('counts what was really spent once it is known', () => {
    const window = createMinuteWindow(100);
    const settle = window.spend(0, 90);
    expect(window.waitMs(0, 20)).toBeGreaterThan(0);
    settle(10);
    expect(window.waitMs(0, 20)).toBe(0);
    settle(100);
    expect(window.waitMs(0, 1)).toBe(60_000);
  });

  it('holds nothing back without a limit', () => {
    const window = createMinuteWindow(undefined);
    window.spend(0, 1e9)(1e9);
    expect(window.waitMs(0, 1e9)).toBe(0);
  });

  it('never lets more through in any minute, whatever is asked when', () => {
    const asks = fc.array(
      fc.record({
        pause: fc.integer({ min: 0, max: 40_000 }),
        amount: fc.integer({ min: 1, max: 50 }),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(asks, (list) => {
        const window = createMinuteWindow(50);
        const spent: { at: number; amount: number }[] = [];
        let now = 0;
        for (const { pause, amount } of list) {
          now += pause;
          const wait = window.waitMs(now, amount);
          now += wait;
          expect(window.waitMs(now, amount)).toBe(0);
          window.spend(now, amount);
          spent.push({ at: now, amount });
          const lastMinute = spent.filter(({ at }) => at > now - 60_000);
          expect(lastMinute.reduce((sum, each) => sum + each.amount, 0)).toBeLessThanOrEqual(50);
        }
      }),
    );
  });
});
