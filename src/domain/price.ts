import * as z from 'zod';
import type { Usage } from './usage.ts';

const usd = z.number().min(0).max(100_000);
const rates = {
  input: usd,
  cachedInput: usd.optional().describe('input read from a cache; as input where not given'),
  cacheWrite: usd.optional().describe('input written to a cache; as input where not given'),
  output: usd,
};

/** What a model costs, USD per million tokens. */
export const priceSchema = z.strictObject({
  ...rates,
  long: z
    .strictObject({ above: z.int().min(1), ...rates })
    .optional()
    .describe('what the whole call costs when its input has more tokens than `above`'),
});
export type Price = z.infer<typeof priceSchema>;

/** The price of a model, `provider/model`; null where nobody knows it, which is not the same as free. */
export type PriceOf = (model: string) => Price | null;

type Rates = Omit<Price, 'long'>;

function ratesFor(price: Price, inputTokens: number): Rates {
  return price.long !== undefined && inputTokens > price.long.above ? price.long : price;
}

/** What a call cost, USD. */
export function costOf(usage: Usage, price: Price): number {
  const { input, cachedInput, cacheWrite, output } = ratesFor(price, usage.input);
  const plain = Math.max(0, usage.input - usage.cachedInput - usage.cacheWrite);
  const sum =
    plain * input +
    usage.cachedInput * (cachedInput ?? input) +
    usage.cacheWrite * (cacheWrite ?? input) +
    usage.output * output;
  return sum / 1_000_000;
}

/** The most that a call can cost, USD: nothing is read from a cache, all may be written to one. */
export function worstCostOf(inputTokens: number, maxOutputTokens: number, price: Price): number {
  const { input, cacheWrite, output } = ratesFor(price, inputTokens);
  const dearest = Math.max(input, cacheWrite ?? input);
  return (inputTokens * dearest + maxOutputTokens * output) / 1_000_000;
}

/** The output tokens that so many USD pay for after the input; negative where they do not pay for that. */
export function outputTokensFor(usdLeft: number, inputTokens: number, price: Price): number {
  const { output } = ratesFor(price, inputTokens);
  const left = usdLeft - worstCostOf(inputTokens, 0, price);
  return output === 0 ? Number.POSITIVE_INFINITY : Math.floor((left * 1_000_000) / output);
}

export function isFree({ long, ...rates }: Price): boolean {
  const free = (some: Rates): boolean =>
    some.input === 0 && some.output === 0 && !some.cachedInput && !some.cacheWrite;
  return free(rates) && (long === undefined || free(long));
}

/** `$12.30`, and with as many digits as a small amount needs to be told from nothing. */
export function formatUsd(amount: number): string {
  if (amount === 0) return '$0.00';
  if (amount < 0.000_05) return '<$0.0001';
  return `$${amount.toFixed(amount < 1 ? 4 : 2)}`;
}
