import { createCostFold, type CostReport } from '../report/cost.ts';
import type { Caller, Program } from './program.ts';

/** The caller, and what the calls that it hears of have cost by now. */
export async function countedCost(
  caller: Caller,
  program: Pick<Program, 'prices'>,
): Promise<{ counted: Caller; report: () => CostReport }> {
  const fold = createCostFold((await program.prices()).of);
  return {
    counted: {
      ...caller,
      listen(event) {
        fold.follow(event);
        caller.listen?.(event);
      },
    },
    report: () => fold.report(),
  };
}
