import type { ResolvedConfig } from '../config/resolved-config.ts';
import { parseModelRef } from '../domain/model-role.ts';
import type { Price, PriceOf } from '../domain/price.ts';

/** When the prices below were last looked at. */
export const pricesAsOf = '2026-11-21';

const anthropic = 'platform.claude.com/docs/about-claude/pricing and its pages of the models';
const openai = 'developers.openai.com/api/docs/pricing';
const google = 'ai.google.dev/gemini-api/docs/pricing';

export interface ListedPrice {
  readonly models: readonly string[];
  readonly price: Price;
  /** The vendor's page that states it, as cited or copied by what is named after it. */
  readonly source: string;
}

/** Above 272,000 tokens of input OpenAI asks twice for the input and half as much again for the output. */
const openaiLong = (input: number, cachedInput: number, output: number): Price => ({
  input,
  cachedInput,
  output,
  long: { above: 272_000, input: 2 * input, cachedInput: 2 * cachedInput, output: 1.5 * output },
});

/** As `openaiLong`, for models that ask for what is written to the cache: 1.25 times the input. */
const openaiCached = (input: number, cachedInput: number, output: number): Price => {
  const { long, ...rates } = openaiLong(input, cachedInput, output);
  return {
    ...rates,
    cacheWrite: 1.25 * input,
    ...(long !== undefined && { long: { ...long, cacheWrite: 1.25 * long.input } }),
  };
};

/**
 * USD per million tokens for calls as this program makes them: standard tier, text, caches of five
 * minutes. A model that is missing here has no known price; `prices` in the config gives it one, and
 * comes before this list.
 */
export const priceList: readonly ListedPrice[] = [
  {
    models: ['anthropic/claude-opus-5-5'],
    price: { input: 4, cachedInput: 0.2, cacheWrite: 5, output: 20 },
    source: `${anthropic} (models/opus-5-5/overview)`,
  },
  {
    models: ['anthropic/claude-sonnet-5-5'],
    // Reading from the cache was halved on 2026-10-07.
    price: { input: 2, cachedInput: 0.1, cacheWrite: 2.5, output: 10 },
    source: `${anthropic} (models/sonnet-5-5/overview); the cached price by kurofune/claudit v1.9.2, 2026-10-24`,
  },
  {
    models: ['anthropic/claude-haiku-5-5'],
    price: {
      input: 0.1,
      cachedInput: 0.01,
      cacheWrite: 0.125,
      output: 0.5,
      long: { above: 100_000, input: 0.5, cachedInput: 0.05, cacheWrite: 0.625, output: 2.5 },
    },
    source: `${anthropic}, by kurofune/claudit v1.9.2, 2026-10-24`,
  },
  {
    models: ['anthropic/claude-fable-5-1'],
    price: { input: 10, cachedInput: 0.25, cacheWrite: 12.5, output: 50 },
    source: anthropic,
  },
  {
    models: [
      'anthropic/claude-opus-5',
      'anthropic/claude-opus-4-8',
      'anthropic/claude-opus-4-7',
      'anthropic/claude-opus-4-6',
      'anthropic/claude-opus-4-5',
      'anthropic/claude-opus-4-5-20251101',
    ],
    price: { input: 5, cachedInput: 0.5, cacheWrite: 6.25, output: 25 },
    source: anthropic,
  },
  {
    models: ['anthropic/claude-sonnet-5'],
    price: { input: 2, cachedInput: 0.2, cacheWrite: 2.5, output: 10 },
    source: `${anthropic} (models/sonnet-5/overview)`,
  },
  {
    models: [
      'anthropic/claude-sonnet-4-6',
      'anthropic/claude-sonnet-4-5',
      'anthropic/claude-sonnet-4-5-20250929',
    ],
    price: { input: 3, cachedInput: 0.3, cacheWrite: 3.75, output: 15 },
    source: anthropic,
  },
  {
    models: ['anthropic/claude-haiku-4-5', 'anthropic/claude-haiku-4-5-20251001'],
    price: { input: 1, cachedInput: 0.1, cacheWrite: 1.25, output: 5 },
    source: anthropic,
  },
  {
    // A lower price (4 and 20) was promised through 2026-11-21 only; this is the one before it.
    models: ['openai/gpt-5.6-sol'],
    price: openaiCached(5, 0.5, 30),
    source: `${openai}, by anuran-roy/unified-llm-pricing, 2026-08-19`,
  },
  {
    models: ['openai/gpt-5.6-terra'],
    price: openaiCached(2, 0.2, 12),
    source: `${openai}, by docs.laozhang.ai, 2026-08-01, and TheKrush/PromptFuel v1.0.19`,
  },
  {
    models: ['openai/gpt-5.6-luna'],
    price: openaiCached(0.2, 0.02, 1.2),
    source: `${openai}, by docs.laozhang.ai, 2026-08-01, and TheKrush/PromptFuel v1.0.19`,
  },
  {
    models: ['openai/gpt-6-sol'],
    price: openaiCached(2, 0.2, 10),
    source: `${openai}, by merefield/codexometer v0.18.4, 2026-09-22`,
  },
  {
    models: ['openai/gpt-6-luna'],
    price: openaiCached(0.1, 0.01, 0.5),
    source: `${openai}, by merefield/codexometer v0.18.4, 2026-09-22`,
  },
  {
    models: ['google/gemini-3.1-pro-preview'],
    price: {
      input: 2,
      output: 12,
      long: { above: 200_000, input: 4, output: 18 },
    },
    source: `${google}, by inference.sh, 2026-10-11`,
  },
  {
    models: ['google/gemini-3.5-flash'],
    price: { input: 1.5, cachedInput: 0.15, output: 9 },
    source: `${google}, by wowhow.cloud and simonwillison.net, 2026-05-19`,
  },
];

/**
 * What models cost: the config's `prices` (of the model, else of `provider/*`), then the list that comes with
 * the program, then null: unknown.
 */
export function createPrices({ prices }: Pick<ResolvedConfig, 'prices'>): PriceOf {
  const listed = new Map(
    priceList.flatMap(({ models, price }) => models.map((model) => [model, price] as const)),
  );
  return (model) =>
    prices.get(model) ??
    prices.get(`${parseModelRef(model)?.provider ?? ''}/*`) ??
    listed.get(model) ??
    null;
}
