import type { SkippedLines } from '../domain/event.ts';
import { createCostFold, type CostReport } from '../report/cost.ts';
import type { Caller, Program } from './program.ts';

export type FeatureCost = CostReport & {
  readonly pricesAsOf: string;
  /** Lines of the journal that were passed over. */
  readonly skipped: SkippedLines;
};

/** What the calls of work have cost that belongs to no feature, by its folder. */
export async function adHocCosts(
  program: Program,
): Promise<{ readonly path: string; readonly report: FeatureCost }[]> {
  const prices = await program.prices();
  const costs = [];
  for (const { path, readEvents } of await program.adHocWork()) {
    const fold = createCostFold(prices.of);
    const skipped = await readEvents((event) => fold.follow(event));
    costs.push({ path, report: { ...fold.report(), pricesAsOf: prices.asOf, skipped } });
  }
  return costs;
}

/** What the calls of a feature have cost, by its journal. @throws BlueprintError `feature-not-found` */
export function cost(
  { feature }: { feature: string },
  program: Program,
  caller: Caller,
): Promise<FeatureCost> {
  return program.inFolder({ feature }, caller, async (session) => {
    const prices = await program.prices();
    const fold = createCostFold(prices.of);
    const skipped = await session.readEvents((event) => fold.follow(event));
    return { ...fold.report(), pricesAsOf: prices.asOf, skipped };
  });
}
