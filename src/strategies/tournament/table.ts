import type { GateStatus } from '../../domain/gate-result.ts';
import { formatModelRef } from '../../domain/model-role.ts';
import type { Contestant } from './assess.ts';
import type { Blocker, Opinion } from '../../supervisor/critics/consolidate.ts';
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
  /** See `Consolidated`. */
  readonly unproven: readonly Blocker[];
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
  {
    winner,
    runnerUp,
    entries,
    rounds,
    doubts,
    nearTie,
  }: {
    winner: Contestant;
    runnerUp: Contestant | null;
    entries: readonly Entry[];
    rounds: readonly SynthesisRound[];
    doubts: readonly Doubt[];
    nearTie: NearTie | null;
  },
  { meter }: TournamentContext,
): TournamentTable {
  const firstOf = new Map<string, string>();
  const row = (entry: Entry | Contestant): TableRow => {
    const lever = 'lever' in entry ? entry.lever : null;
    const common = {
      candidate: entry.id,
      approach: lever === null ? null : (approaches[lever.approach] ?? null),
      effort: lever?.effort ?? null,
      cost: meter.cost(entry.id),
      ...unassessed,
    };
    if ('failure' in entry) return { ...common, reason: entry.failure.message };
    // The winner was checked once more where its results were an earlier process's.
    const contestant = entry.id === winner.id ? winner : entry;
    const { scores, score, blockers, unproven, actions } = contestant.consolidated;
    const { content } = contestant;
    const other = firstOf.get(content) ?? null;
    if (other === null) firstOf.set(content, entry.id);
    const state = (): TableRow['state'] => {
      if (entry.id === winner.id) return 'winner';
      if (other !== null) return 'duplicate';
      if (entry.id === runnerUp?.id) return 'runner-up';
      return blockers.length > 0 ? 'blocked' : 'judged';
    };
    return {
      ...common,
      model: formatModelRef(contestant.candidate.author.ref),
      state: state(),
      duplicateOf: other,
      gates: contestant.gates.map(({ gate, status, summary }) => ({ gate, status, summary })),
      critics: contestant.opinions.map(criticOf),
      scores,
      score,
      blockers,
      unproven,
      actions,
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

/** A row of a candidate of which nothing came. */
const unassessed = {
  model: null,
  state: 'dropped',
  duplicateOf: null,
  reason: null,
  gates: [],
  critics: [],
  scores: null,
  score: null,
  blockers: [],
  unproven: [],
  actions: [],
  files: [],
} as const;

function criticOf(opinion: Opinion): TableCritic {
  const critic = opinion.critic.name;
  if ('unknown' in opinion)
    return { critic, verdict: 'unknown', scores: null, failures: 0, reason: opinion.unknown };
  const { verdict, scores, failures } = opinion.critique;
  return { critic, verdict, scores, failures: failures.length, reason: null };
}
