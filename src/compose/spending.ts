import type { ResolvedConfig } from '../config/resolved-config.ts';
import { costOf, type PriceOf } from '../domain/price.ts';
import { createBudget, type Budget } from '../models/middleware/budget.ts';
import type { RecordUsage } from '../models/middleware/trace.ts';
import { createPrices } from '../models/prices.ts';
import { createTokenCounter } from '../models/tokens.ts';
import { usdOf } from '../report/cost.ts';
import { followJournal } from '../state/read-journal.ts';

/** What the calls of one command cost: the calls report it themselves, whoever hears their events. */
export interface Spending {
  readonly account: RecordUsage;
  readonly withBudget: Budget['wrap'] | undefined;
}

/** The caps of the config for one command, `run`, in the work folder of this journal. */
export function openSpending(config: ResolvedConfig, journal: string, run: string): Spending {
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
    account(role, model, usage) {
      const price = priceOf(model);
      if (price === null) return undefined;
      const usd = costOf(usage, price);
      budget?.spend(role, usd);
      return usd;
    },
    withBudget: budget?.wrap,
  };
}

/** What all other commands on the feature have spent by now, USD: earlier ones, and those that run beside it. */
function spentByOthers(journal: string, run: string, priceOf: PriceOf): () => Promise<number> {
  const newEvents = followJournal(journal);
  let sum = 0;
  let reading = Promise.resolve();
  const read = async (): Promise<void> => {
    for await (const event of newEvents()) if (event.run !== run) sum += usdOf(event, priceOf) ?? 0;
  };
  return async () => {
    // One at a time, so that no event is counted twice.
    reading = reading.then(read);
    await reading;
    return sum;
  };
}
