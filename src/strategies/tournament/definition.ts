import { createCandidateJudge } from '../../supervisor/judge.ts';
import type { StrategyDefinition, StrategyInput } from '../strategy.ts';
import type { JudgePair } from './context.ts';
import { tournamentStrategy } from './tournament.ts';

/** Several candidates; checks and critics choose among them. */
export const tournament: StrategyDefinition = {
  create: ({ tournament: settings, priceOf }) =>
    tournamentStrategy({ settings, priceOf, judgeFor: judgeOf }),
  expectedCalls: ({ tournament: { k, critics, loops } }) => ({
    drafts: k,
    judged: k,
    judgements: critics.length,
    revisions: loops,
  }),
};

/** The judge of near ties, who knows what the authors knew. */
export function judgeOf(input: StrategyInput): JudgePair {
  const { router, purpose, maxOutputTokens, salt, emit } = input;
  return createCandidateJudge({
    router,
    context: input.parts.filter(({ role }) => role !== 'system'),
    purpose,
    maxOutputTokens,
    salt,
    emit,
  });
}
