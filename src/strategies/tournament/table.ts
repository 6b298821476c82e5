import type { GateStatus } from '../../domain/gate-result.ts';
import { formatModelRef } from '../../domain/model-role.ts';
import type { Contestant } from './assess.ts';
import type { Blocker } from '../../supervisor/critics/consolidate.ts';
import type { TournamentContext } from './context.ts';
import type { Entry } from './generate.ts';
import { approaches } from './levers.ts';
import type { PartCost } from './meter.ts';
import type { Scores } from '../../domain/review.ts';
import type { SynthesisRound } from './synthesis.ts';
import type { Doubt, NearTie } from './verdict.ts';

export interface TableCritic {
  readonly critic: string;
  readonly verdict: 'accept' | 'revise' | 'unknown';
  readonly scores: Scores | null;
  readonly failures: number;
  /** Why it is unknown. */
  readonly reason: string | null;
}

export interface TableRow {
  readonly candidate: string;
  /** Null when none answered. */
  readonly model: string | null;
  /** What made it different; null for a synthesis. */
  readonly approach: string | null;
  readonly effort: string | null;
  readonly state: 'winner' | 'runner-up' | 'duplicate' | 'blocked' | 'judged' | 'dropped';
  readonly duplicateOf: string | null;
  /** Why it was dropped. */
  readonly reason: string | null;
  readonly gates: readonly { gate: string; status: GateStatus; summary: string }[];
  readonly critics: readonly TableCritic[];
  readonly scores: Scores | null;
  readonly score: number | null;
  readonly blockers: readonly Blocker[];
  readonly actions: readonly string[];
  readonly files: readonly string[];
  readonly cost: PartCost;
}

/** Everything that a tournament found out: `table.json`. */
export interface TournamentTable {
  readonly version: 1;
  readonly winner: string;
  readonly runnerUp: string | null;
  readonly approved: boolean;
  readonly needsReview: readonly Doubt[];
  readonly nearTie: NearTie | null;
  readonly candidates: readonly TableRow[];
  readonly rounds: readonly { round: number; accepted: boolean; reason: string }[];
  /** Of all replies that were used, whenever they were paid for. */
  readonly cost: PartCost;
}

export function tableOf(
  found: {
    winner: Contestant;
    runnerUp: Contestant | null;
    entries: readonly Entry[];
    rounds: readonly SynthesisRound[];
    doubts: readonly Doubt[];
    nearTie: NearTie | null;
  },
  { meter }: TournamentContext,
): TournamentTable {
  const { winner, runnerUp, entries, rounds, doubts, nearTie } = found;
  const firstOf = new Map<string, string>();
  const row = (entry: Entry | Contestant): TableRow => {
    const lever = 'lever' in entry ? entry.lever : null;
    const common = {
      candidate: entry.id,
      approach: lever === null ? null : (approaches[lever.approach] ?? null),
      effort: lever?.effort ?? null,
      cost: meter.cost(entry.id),
    };
    if ('failure' in entry)
      return {
        ...common,
        model: null,
        state: 'dropped',
        duplicateOf: null,
        reason: entry.failure.message,
        gates: [],
        critics: [],
        scores: null,
        score: null,
        blockers: [],
        actions: [],
        files: [],
      };
    // The winner was checked once more where its results were an earlier process's.
    const contestant = entry.id === winner.id ? winner : entry;
    const { consolidated, content } = contestant;
    const other = firstOf.get(content) ?? null;
    if (other === null) firstOf.set(content, entry.id);
    const state =
      entry.id === winner.id
        ? 'winner'
        : other !== null
          ? 'duplicate'
          : entry.id === runnerUp?.id
            ? 'runner-up'
            : consolidated.blockers.length > 0
              ? 'blocked'
              : 'judged';
    return {
      ...common,
      model: formatModelRef(contestant.candidate.author.ref),
      state,
      duplicateOf: other,
      reason: null,
      gates: contestant.gates.map(({ gate, status, summary }) => ({ gate, status, summary })),
      critics: contestant.opinions.map((opinion) =>
        'unknown' in opinion
          ? {
              critic: opinion.critic.name,
              verdict: 'unknown',
              scores: null,
              failures: 0,
              reason: opinion.unknown,
            }
          : {
              critic: opinion.critic.name,
              verdict: opinion.critique.verdict,
              scores: opinion.critique.scores,
              failures: opinion.critique.failures.length,
              reason: null,
            },
      ),
      scores: consolidated.scores,
      score: consolidated.score,
      blockers: consolidated.blockers,
      actions: consolidated.actions,
      files: [...contestant.candidate.changes.keys()].sort(),
    };
  };
  const revisions = rounds.flatMap(({ revision }) => (revision === null ? [] : [revision]));
  return {
    version: 1,
    winner: winner.id,
    runnerUp: runnerUp?.id ?? null,
    approved: doubts.length === 0,
    needsReview: doubts,
    nearTie,
    candidates: [...entries, ...revisions].map(row),
    rounds: rounds.map(({ round, accepted, reason }) => ({ round, accepted, reason })),
    cost: meter.total(),
  };
}
