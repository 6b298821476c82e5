import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  costOf,
  formatUsd,
  isFree,
  outputTokensFor,
  priceSchema,
  worstCostOf,
} from '../../src/domain/price.ts';
import { noUsage } from '../../src/domain/usage.ts';

const price = { input: 4, cachedInput: 0.4, cacheWrite: 5, output: 20 };
const long = { above: 100, input: 8, output: 40 };

describe('costOf', () => {
  it('takes what was cached out of the input', () => {
    const usage = { ...noUsage, input: 1_000, cachedInput: 500, cacheWrite: 100, output: 10 };
    expect(costOf(usage, price)).toBeCloseTo((400 * 4 + 500 * 0.4 + 100 * 5 + 10 * 20) / 1e6, 12);
  });

  it('takes the price of input for what has none of its own', () => {
    const usage = { ...noUsage, input: 1_000, cachedInput: 500, cacheWrite: 100 };
    expect(costOf(usage, { input: 4, output: 20 })).toBeCloseTo(0.004, 12);
  });

  it('changes to the price of long input for the whole call', () => {
    const tiered = { ...price, long };
    expect(costOf({ ...noUsage, input: 100, output: 1 }, tiered)).toBeCloseTo(420e-6, 12);
    expect(costOf({ ...noUsage, input: 101, output: 1 }, tiered)).toBeCloseTo(848e-6, 12);
  });
});

describe('worstCostOf', () => {
  const rate = fc.double({ min: 0, max: 100, noNaN: true });
  const prices = fc.record({ input: rate, output: rate, cacheWrite: rate }).map((rates) => ({
    ...rates,
    cachedInput: rates.input / 10,
  }));

  it('is never less than what the call then costs', () => {
    fc.assert(
      fc.property(prices, fc.nat(1e6), fc.nat(1e5), fc.nat(), (some, input, output, split) => {
        const cachedInput = input === 0 ? 0 : split % input;
        const cacheWrite = Math.floor((input - cachedInput) / 2);
        const usage = { ...noUsage, input, cachedInput, cacheWrite, output };
        expect(costOf(usage, some)).toBeLessThanOrEqual(worstCostOf(input, output, some) + 1e-9);
      }),
    );
  });

  it('is what outputTokensFor stays within', () => {
    fc.assert(
      fc.property(prices, fc.nat(1e6), fc.nat(1e5), (some, input, output) => {
        fc.pre(some.output > 0.001);
        const tokens = outputTokensFor(worstCostOf(input, output, some), input, some);
        expect(tokens).toBeGreaterThanOrEqual(output - 1);
        expect(tokens).toBeLessThanOrEqual(output + 1);
      }),
    );
    expect(outputTokensFor(1, 10, { input: 1, output: 0 })).toBe(Number.POSITIVE_INFINITY);
    expect(outputTokensFor(0, 1_000_000, price)).toBeLessThan(0);
  });
});

it('only what costs nothing at any length is free', () => {
  expect(isFree({ input: 0, output: 0 })).toBe(true);
  expect(isFree({ input: 0, output: 0, cacheWrite: 1 })).toBe(false);
  expect(isFree({ input: 0, output: 0, long })).toBe(false);
});

it.each([
  [0, '$0.00'],
  [0.00001, '<$0.0001'],
  [0.0123, '$0.0123'],
  [1.005, '$1.00'],
  [12.3, '$12.30'],
])('%f is written %s', (amount, text) => {
  expect(formatUsd(amount)).toBe(text);
});

it.each([
  [{ input: 1, output: 2 }, true],
  [{ input: 1 }, false],
  [{ input: -1, output: 2 }, false],
  [{ input: Number.NaN, output: 2 }, false],
  [{ input: 1, output: 2, long: { above: 5, input: 1, output: 1 } }, true],
  [{ input: 1, output: 2, reasoning: 3 }, false],
])('the schema judges %j: %s', (value, sound) => {
  expect(priceSchema.safeParse(value).success).toBe(sound);
});
