import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { Emit, RunEventBody, SkippedLines } from '../domain/event.ts';
import { costOf, type PriceOf } from '../domain/price.ts';
import { createBudget, type Budget } from '../models/middleware/budget.ts';
import { pricesAsOf } from '../models/price-list.ts';
import { createPrices } from '../models/prices.ts';
import { createTokenCounter } from '../models/tokens.ts';
import { createCostFold, usdOf, type CostFold, type CostReport } from '../report/cost.ts';
import { followJournal, readJournal } from '../state/read-journal.ts';

/** What stands between one command's calls and its journal. */
export interface Spending {
  /** Adds to the events of calls what they cost. */
  readonly emit: Emit;
  readonly withBudget: Budget['wrap'] | undefined;
}

/** The caps of the config for one command on the feature of this journal. */
export function openSpending(
  config: ResolvedConfig,
  journal: string,
  { run, emit }: { run: string; emit: Emit },
): Spending {
  const priceOf = createPrices(config);
  const { allowUnpriced, ...caps } = config.budget;
  const capped = caps.run !== null || caps.feature !== null || Object.keys(caps.roles).length > 0;
  const budget = capped
    ? createBudget({
        caps,
        allowUnpriced,
        priceOf,
        countTokens: createTokenCounter(),
        spentElsewhere: spentByOthers(journal, run, priceOf),
      })
    : null;
  return {
    emit(event) {
      budget?.follow(event);
      emit(withUsd(event, priceOf));
    },
    withBudget: budget?.wrap,
  };
}

function withUsd(event: RunEventBody, priceOf: PriceOf): RunEventBody {
  if (event.type !== 'call-finish' && event.type !== 'call-fail') return event;
  const price = priceOf(event.model);
  if (price === null || event.usage === undefined) return event;
  return { ...event, usd: costOf(event.usage, price) };
}

/** What all other commands on the feature have spent by now, USD: earlier ones, and those that run beside it. */
function spentByOthers(journal: string, run: string, priceOf: PriceOf): () => Promise<number> {
  const follower = followJournal(journal);
  let sum = 0;
  let reading = Promise.resolve();
  const read = async (): Promise<void> => {
    for await (const event of follower.fresh())
      if (event.run !== run) sum += usdOf(event, priceOf) ?? 0;
  };
  return async () => {
    // One at a time, so that no event is counted twice.
    reading = reading.then(read);
    await reading;
    return sum;
  };
}

/** Adds up what events tell of cost, as they come. */
export function openCost(config: ResolvedConfig): CostFold {
  return createCostFold(createPrices(config));
}

/** What all calls of a journal have cost. */
export async function costOfJournal(
  config: ResolvedConfig,
  journal: string,
): Promise<CostReport & { readonly pricesAsOf: string; readonly skipped: SkippedLines }> {
  const cost = openCost(config);
  const skipped = await readJournal(journal, (event) => cost.follow(event));
  return { ...cost.report(), pricesAsOf, skipped };
}
