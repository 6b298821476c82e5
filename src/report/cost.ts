import { isPassing, type RunEvent } from '../domain/event.ts';
import { costOf, formatUsd, type PriceOf } from '../domain/price.ts';
import { noUsage, type Usage } from '../domain/usage.ts';
import { judgeCalls, type CallRecord, type Judgement } from './cost-judgement.ts';

/** What some calls cost together. */
export interface Spend {
  /** Calls that were sent, each try counted. */
  readonly calls: number;
  readonly tokens: Omit<Usage, 'reasoning'>;
  /** Of the calls whose cost is known. */
  readonly usd: number;
  /** Calls that used tokens of a model whose price is not known. */
  readonly unpriced: number;
  /** Failed calls of which nobody said what they used. */
  readonly unreported: number;
}

export interface SpendOf extends Spend {
  readonly name: string;
}

export interface CostReport {
  readonly total: Spend;
  /**
   * Calls that were sent and of which no end is told, as their process was killed, or they are under way.
   * They are in no sum.
   */
  readonly cutOff: number;
  /** The dearest first. */
  readonly byRole: readonly SpendOf[];
  readonly byModel: readonly SpendOf[];
  /** By task id; calls for no task are `planning`. */
  readonly byTask: readonly SpendOf[];
  /** For plans that were made and attempts that were approved. */
  readonly useful: Spend;
  /** For attempts and stages that are not decided yet. */
  readonly open: Spend;
  /** The sum of the three below. */
  readonly wasted: Spend;
  /** Calls without a reply that could be used. */
  readonly failed: Spend;
  /** Replies that had to be asked for again, as they were not in the form that was asked for. */
  readonly malformed: Spend;
  /** Attempts that were given up, rejected, or followed by another. */
  readonly notApproved: Spend;
  /** Replies that came from the call store. */
  readonly avoided: { readonly calls: number; readonly usd: number; readonly unpriced: number };
}

/** Takes a journal's events in their order, of one run or all. */
export interface CostFold {
  follow(event: RunEvent): void;
  report(): CostReport;
}

export const noSpend: Spend = {
  calls: 0,
  tokens: { input: 0, cachedInput: 0, cacheWrite: 0, output: 0 },
  usd: 0,
  unpriced: 0,
  unreported: 0,
};

/**
 * What a call cost, USD: as the journal says, else by today's price; null where nobody knows, undefined
 * for an event that is no payment.
 */
export function usdOf(event: RunEvent, priceOf: PriceOf): number | null | undefined {
  if (event.type !== 'call-finish' && event.type !== 'call-fail') return undefined;
  if (event.type === 'call-finish' && event.stored) return undefined;
  if (event.usd !== undefined) return event.usd;
  const price = priceOf(event.model);
  return price === null || event.usage === undefined ? null : costOf(event.usage, price);
}

/** What of the waste was what, as people call it; what there was none of is left out. */
export function wasteOf(report: CostReport): [name: string, spend: Spend][] {
  const { failed, malformed, notApproved } = report;
  const parts: [string, Spend][] = [
    ['failed calls', failed],
    ['malformed replies', malformed],
    ['attempts that were not approved', notApproved],
  ];
  return parts.filter(([, { calls }]) => calls > 0);
}

/** @param priceOf for calls whose cost the journal does not state. */
export function createCostFold(priceOf: PriceOf): CostFold {
  const events: RunEvent[] = [];
  const records: (CallRecord & { readonly spend: Spend })[] = [];
  const stored: string[] = [];
  /** Sent, and not ended: by run and call. */
  const sent = new Set<string>();
  return {
    follow(event) {
      if (event.type === 'call-finish' && event.stored) stored.push(event.call);
      if (event.type === 'call-start') sent.add(`${event.run} ${event.call}`);
      if (event.type === 'call-finish' || event.type === 'call-fail')
        sent.delete(`${event.run} ${event.call}`);
      const usd = usdOf(event, priceOf);
      if (usd !== undefined && (event.type === 'call-finish' || event.type === 'call-fail'))
        records.push({
          at: events.length,
          call: event.call,
          role: event.role,
          model: event.model,
          purpose: event.purpose,
          failed: event.type === 'call-fail',
          spend: spendOf(event.usage, usd),
        });
      // What is streamed says nothing of money, and is most of a journal.
      if (!isPassing(event)) events.push(event);
    },

    report() {
      const judgements = judgeCalls(records, events);
      const of = (...wanted: Judgement[]): Spend =>
        sum(records.filter((_, index) => wanted.includes(judgements[index] ?? 'open')));
      const paid = new Map(records.filter(({ failed }) => !failed).map((one) => [one.call, one]));
      const avoided = stored.map((call) => paid.get(call)?.spend);
      return {
        total: sum(records),
        cutOff: sent.size,
        byRole: grouped(records, ({ role }) => role),
        byModel: grouped(records, ({ model }) => model),
        byTask: grouped(records, ({ purpose }) => purpose.task ?? 'planning'),
        useful: of('useful'),
        open: of('open'),
        wasted: of('failed', 'malformed', 'not-approved'),
        failed: of('failed'),
        malformed: of('malformed'),
        notApproved: of('not-approved'),
        avoided: {
          calls: stored.length,
          usd: avoided.reduce((total, spend) => total + (spend?.usd ?? 0), 0),
          unpriced: avoided.filter((spend) => spend === undefined || spend.unpriced > 0).length,
        },
      };
    },
  };
}

function spendOf(usage: Usage | undefined, usd: number | null): Spend {
  const { input, cachedInput, cacheWrite, output } = usage ?? noUsage;
  return {
    calls: 1,
    tokens: { input, cachedInput, cacheWrite, output },
    usd: usd ?? 0,
    unpriced: usage !== undefined && usd === null && input + output > 0 ? 1 : 0,
    unreported: usage === undefined ? 1 : 0,
  };
}

function sum(records: readonly { readonly spend: Spend }[]): Spend {
  return records.reduce((total, { spend }) => addSpend(total, spend), noSpend);
}

/** Both together. */
export function addSpend(a: Spend, b: Spend): Spend {
  return {
    calls: a.calls + b.calls,
    tokens: {
      input: a.tokens.input + b.tokens.input,
      cachedInput: a.tokens.cachedInput + b.tokens.cachedInput,
      cacheWrite: a.tokens.cacheWrite + b.tokens.cacheWrite,
      output: a.tokens.output + b.tokens.output,
    },
    usd: a.usd + b.usd,
    unpriced: a.unpriced + b.unpriced,
    unreported: a.unreported + b.unreported,
  };
}

function grouped<R extends { readonly spend: Spend }>(
  records: readonly R[],
  nameOf: (record: R) => string,
): SpendOf[] {
  const groups = new Map<string, Spend>();
  for (const record of records) {
    const name = nameOf(record);
    groups.set(name, addSpend(groups.get(name) ?? noSpend, record.spend));
  }
  return [...groups]
    .map(([name, spend]) => ({ name, ...spend }))
    .sort((a, b) => b.usd - a.usd || b.unpriced - a.unpriced || (a.name < b.name ? -1 : 1));
}

/** An amount; what is not known is said, never counted as nothing. */
export function usdText({ usd, unpriced }: Pick<Spend, 'usd' | 'unpriced'>): string {
  if (unpriced === 0) return formatUsd(usd);
  return usd === 0 ? 'unknown' : `${formatUsd(usd)} + unknown`;
}
