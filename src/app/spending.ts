import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { Emit, RunEventBody } from '../domain/event.ts';
import { costOf, type PriceOf } from '../domain/price.ts';
import { createBudget, type Budget } from '../models/middleware/budget.ts';
import { pricesAsOf } from '../models/price-list.ts';
import { createPrices } from '../models/prices.ts';
import { createTokenCounter } from '../models/tokens.ts';
import { createCostFold, usdOf, type CostFold, type CostReport } from '../report/cost.ts';
import { journalEvents } from '../state/read-journal.ts';

/** What stands between one command's calls and its journal. */
export interface Spending {
  /** Adds to the events of calls what they cost. */
  readonly emit: Emit;
  readonly withBudget: Budget['wrap'] | undefined;
}

/** The caps of the config for one command on the feature of this journal. */
export async function openSpending(
  config: ResolvedConfig,
  journal: string,
  emit: Emit,
): Promise<Spending> {
  const priceOf = createPrices(config);
  const { allowUnpriced, ...caps } = config.budget;
  const capped = caps.run !== null || caps.feature !== null || Object.keys(caps.roles).length > 0;
  const budget = capped
    ? createBudget({
        caps,
        allowUnpriced,
        priceOf,
        countTokens: createTokenCounter(),
        earlier: caps.feature === null ? 0 : await spentBefore(journal, priceOf),
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

async function spentBefore(journal: string, priceOf: PriceOf): Promise<number> {
  let sum = 0;
  for await (const event of journalEvents(journal))
    if (event !== null) sum += usdOf(event, priceOf) ?? 0;
  return sum;
}

/** Adds up what events tell of cost, as they come. */
export function openCost(config: ResolvedConfig): CostFold {
  return createCostFold(createPrices(config));
}

/** What all calls of a journal have cost. */
export async function costOfJournal(
  config: ResolvedConfig,
  journal: string,
): Promise<CostReport & { readonly pricesAsOf: string }> {
  const cost = openCost(config);
  for await (const event of journalEvents(journal)) if (event !== null) cost.follow(event);
  return { ...cost.report(), pricesAsOf };
}
