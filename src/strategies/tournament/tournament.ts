import type { PriceOf } from '../../domain/price.ts';
import type { Strategy, StrategyInput, StrategyRecord } from '../strategy.ts';
import type { JudgePair } from './context.ts';
import { runTournament } from './run-tournament.ts';
import type { TournamentSettings } from '../../domain/tournament-settings.ts';
import { reviewOf } from './verdict.ts';

export interface TournamentOptions {
  readonly settings: TournamentSettings;
  readonly priceOf: PriceOf;
  readonly judgeFor: (input: StrategyInput) => JudgePair;
}

/**
 * The tournament as a strategy: its winner goes on to the supervisor, with the critics' approval as its first
 * review where they gave one (docs/decisions/0007-tournament.md).
 * @throws BlueprintError of the budget when the winner could not be judged or revised for it.
 */
export function tournamentStrategy(options: TournamentOptions): Strategy {
  return async (input) => {
    const { winner, entries, doubts, stop } = await runTournament({
      ...input,
      ...options,
      judge: options.judgeFor(input),
      record: inFolder(input.record, 'tournament'),
    });
    // The task stays to be done: with more money it goes on from here.
    if (stop !== null) throw stop;
    const review = reviewOf(winner);
    const { reviewer } = winner;
    // Which of two sound candidates is better need not be settled: the one that leads is sound.
    const isSound = doubts.every(({ reason }) => ties.has(reason));
    return {
      winner: winner.candidate,
      candidates: entries.flatMap((entry) => ('candidate' in entry ? [entry.candidate] : [])),
      ...(isSound && review !== null && reviewer !== null && { approval: { review, reviewer } }),
      needsReview: doubts.some(({ reason }) => reason === 'quorum_lost') ? ['quorum_lost'] : [],
    };
  };
}

const ties: ReadonlySet<string> = new Set(['low_margin', 'judge_order_flip']);

/** Below a folder of the record. */
function inFolder(record: StrategyRecord, folder: string): StrategyRecord {
  return {
    read: (name) => record.read(`${folder}/${name}`),
    write: (name, text) => record.write(`${folder}/${name}`, text),
  };
}
