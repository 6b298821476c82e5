import type { StrategyDefinition } from '../strategy.ts';
import { tournamentStrategy } from './tournament.ts';

/** Several candidates; checks and critics choose among them. */
export const tournament: StrategyDefinition = {
  create: ({ tournament: settings, priceOf }) => tournamentStrategy({ settings, priceOf }),
  expectedCalls: ({ tournament: { k, critics, loops } }) => ({
    drafts: k,
    judged: k,
    judgements: critics.length,
    revisions: loops,
  }),
};
