import type { Debaters } from '../domain/debate.ts';
import type { DebateSettings } from '../domain/debate-settings.ts';
import { worstCostOf, type PriceOf } from '../domain/price.ts';
import { estimateTokens } from '../domain/text.ts';

/** What a debate may take: calls, and USD. */
export interface DebateEstimate {
  readonly calls: { readonly low: number; readonly high: number };
  readonly usd: { readonly low: number; readonly high: number };
  /** Models whose price nobody knows; their calls are in neither sum. */
  readonly unpriced: readonly string[];
}

/** Tokens, roughly: instructions; an issue in a prompt; a reply of few words and of many. */
const instructions = 500;
const issue = 150;
const reply = { low: 400, high: 3_000 };
/** Of each critic in each round, at most. */
const issuesEach = 6;

/** From an agreement at once to all rounds used up, every reply long and repaired where it can be. */
export function expectedDebate(
  proposal: string,
  { strategist, critics, judge }: Debaters,
  { rounds, defenseRounds, full }: DebateSettings,
  priceOf: PriceOf,
): DebateEstimate {
  const base = estimateTokens(proposal) + instructions;
  const all = critics.length * issuesEach * issue;
  const names = critics.map(({ model }) => model);
  const pairs = (critics.length * (critics.length - 1)) / 2;
  const times = (count: number, model: string): string[] => Array<string>(count).fill(model);

  const least = full
    ? [
        ...names,
        ...names,
        ...times(2 * pairs, judge.model),
        names[0],
        strategist.model,
        names[0],
        names[0],
      ]
    : names;
  // Of what the strategist leaves out it is asked once more.
  const defence = [strategist.model, strategist.model, ...names];
  const most = [
    ...names,
    ...Array.from({ length: rounds }, () => names).flat(),
    ...times(2 * pairs, judge.model),
    names[0],
    ...Array.from({ length: defenseRounds }, () => defence).flat(),
    names[0],
    names[0],
  ];
  const unpriced = new Set<string>();
  const cost = (models: readonly (string | undefined)[], input: number, output: number): number =>
    models.reduce((sum, model = '') => {
      const price = priceOf(model);
      if (price !== null) return sum + worstCostOf(input, output, price);
      unpriced.add(model);
      return sum;
    }, 0);
  return {
    calls: { low: least.length, high: most.length },
    usd: { low: cost(least, base, reply.low), high: cost(most, base + all, reply.high) },
    unpriced: [...unpriced],
  };
}
