import type { SkippedLines } from '../domain/event.ts';
import { createCostFold, type CostReport } from '../report/cost.ts';
import type { AdHocWork, Caller, Program } from './program.ts';

export type FeatureCost = CostReport & {
  readonly pricesAsOf: string;
  /** Lines of the journal that were passed over. */
  readonly skipped: SkippedLines;
};

/** What the calls of work have cost that belongs to no feature, by its folder. */
export async function adHocCosts(
  program: Program,
): Promise<{ readonly path: string; readonly report: FeatureCost }[]> {
  const costs = [];
  for (const work of await program.adHocWork())
    costs.push({ path: work.path, report: await costIn(work, program) });
  return costs;
}

/** What the calls of a feature have cost, by its journal. @throws BlueprintError `feature-not-found` */
export function cost(
  { feature }: { feature: string },
  program: Program,
  caller: Caller,
): Promise<FeatureCost> {
  return program.inFolder({ feature }, caller, (session) => costIn(session, program));
}

async function costIn(
  { readEvents }: Pick<AdHocWork, 'readEvents'>,
  program: Program,
): Promise<FeatureCost> {
  const prices = await program.prices();
  const fold = createCostFold(prices.of);
  const skipped = await readEvents((event) => fold.follow(event));
  return { ...fold.report(), pricesAsOf: prices.asOf, skipped };
}
