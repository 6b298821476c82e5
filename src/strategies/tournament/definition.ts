import type { NeedsReviewReason } from '../../domain/needs-review.ts';
import { filesBelow } from '../../supervisor/steps.ts';
import type { Strategy, StrategyDefinition } from '../strategy.ts';
import { runTournament, type TournamentInput } from './run-tournament.ts';
import { reviewOf } from './verdict.ts';

/** Several candidates; checks and critics choose among them. */
export const tournament: StrategyDefinition = {
  create: ({ tournament: settings, priceOf }) => tournamentStrategy({ settings, priceOf }),
  expectedCalls: ({ tournament: { k, critics, loops } }) => ({
    drafts: k,
    judged: k,
    judgements: critics.length,
    revisions: loops,
    secondReads: k + loops,
  }),
};

/**
 * The tournament as a strategy: its winner goes on to the supervisor, with the critics' approval as its first
 * review where they gave one (docs/decisions/0007-tournament.md).
 * @throws BlueprintError of the budget when the winner could not be judged or revised for it.
 */
export function tournamentStrategy(
  options: Pick<TournamentInput, 'settings' | 'priceOf'>,
): Strategy {
  return async (input) => {
    const files = filesBelow(input.files, 'tournament');
    const { winner, doubts, stop } = await runTournament({ ...input, ...options, files });
    // The task stays to be done: with more money it goes on from here.
    if (stop !== null) throw stop;
    const review = reviewOf(winner);
    const { reviewer } = winner;
    // Which of two sound candidates is better need not be settled: the one that leads is sound.
    const isSound = doubts.every(({ reason }) => ties.has(reason));
    return {
      winner: winner.candidate,
      ...(isSound && review !== null && reviewer !== null && { approval: { review, reviewer } }),
      needsReview: [...new Set(doubts.map(({ reason }) => reason))].filter(isForPerson),
    };
  };
}

/** What no reviewer after the critics settles. */
function isForPerson(reason: NeedsReviewReason): boolean {
  return reason === 'quorum_lost' || reason === 'doubtful_findings';
}

const ties: ReadonlySet<string> = new Set(['low_margin', 'judge_order_flip']);
