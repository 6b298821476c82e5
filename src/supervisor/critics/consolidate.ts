import type { FileChanges } from '../../domain/bundle.ts';
import {
  isBlocking,
  scoreNames,
  type FindingsMode,
  type ScoreName,
  type Scores,
} from '../../domain/review.ts';
import { failedGates, type GateResult } from '../../domain/gate-result.ts';
import type { Critic, TournamentSettings } from '../../domain/tournament-settings.ts';
import { gateFindings } from '../findings.ts';
import { showsPlace } from './shows-place.ts';
import type { CriticFinding, Critique } from './critique.ts';

/** What became of one critic's look at one candidate. One that failed is unknown, not against it. */
export type Opinion =
  | { readonly critic: Critic; readonly critique: Critique }
  | { readonly critic: Critic; readonly unknown: string };

export interface Blocker extends CriticFinding {
  /** The gate or critic that found it. */
  readonly from: string;
  /** A gate and a critic may have the same name. */
  readonly by: 'gate' | 'critic';
}

/** One candidate's evidence, drawn together. */
export interface Consolidated {
  /** Null when no critic has answered. */
  readonly scores: Scores | null;
  /** Weighted, from 0 to 1; null without scores. */
  readonly score: number | null;
  readonly blockers: readonly Blocker[];
  /** What would block if it counted: nothing shows it, or it is refuted. */
  readonly unproven: readonly Blocker[];
  /** What critics would have done, each said once, the most blocking first. */
  readonly actions: readonly string[];
  readonly answered: number;
  readonly quorum: boolean;
}

export type ConsolidationRules = Pick<
  TournamentSettings,
  'critics' | 'quorum' | 'weights' | 'pessimistic'
>;

/** What was judged: what critics say of it counts for more where it shows a place in it. */
export interface Judged {
  readonly gates: readonly GateResult[];
  readonly changes: FileChanges;
  /** But for `any` a critic’s word counts as it was settled; what was not settled yet does not. */
  readonly mode: FindingsMode;
}

/**
 * Draws gates and critics together: a blocking gate that failed counts as a critic's finding that blocks. Where
 * any finding counts and the work's tests were executed and pass, critics who show nothing block only if they
 * are the majority.
 */
export function consolidate(
  { gates, changes, mode }: Judged,
  blockingGates: ReadonlySet<string>,
  opinions: readonly Opinion[],
  rules: ConsolidationRules,
): Consolidated {
  const answers = opinions.flatMap((each) => ('critique' in each ? [each] : []));
  const found = answers.flatMap(({ critic, critique }) =>
    critique.failures.map((failure) => ({
      blocks: critic.blocking.includes(failure.category),
      blocker: { ...failure, from: critic.name, by: 'critic' as const },
    })),
  );
  const failed = failedGates(gates, blockingGates);
  const others = failedGates(gates).filter((gate) => !failed.includes(gate));
  const critical = found.flatMap(({ blocks, blocker }) => (blocks ? [blocker] : []));
  const isTested = gates.some(({ gate, status }) => gate === 'tests' && status === 'passed');
  const against = new Set(critical.map(({ from }) => from)).size;
  const isVeto = (blocker: Blocker): boolean =>
    mode === 'any'
      ? !isTested || against * 2 > answers.length || showsPlace(blocker, changes)
      : blocker.standing !== undefined && isBlocking({ ...blocker, severity: 'blocker' });
  const blockers = [...failed.flatMap(gateBlockers), ...critical.filter(isVeto)];
  const scores = scoresOf(answers, rules);
  return {
    scores,
    score: scores === null ? null : weighted(scores, rules.weights),
    blockers,
    unproven: critical.filter((blocker) => !isVeto(blocker)),
    actions: distinct([
      ...blockers.map(({ fixHint }) => fixHint),
      ...others.flatMap(({ findings }) => findings.map(({ fixHint }) => fixHint)),
      ...found.map(({ blocker }) => blocker.fixHint),
      ...answers.flatMap(({ critique }) => critique.nextActions),
    ]),
    answered: answers.length,
    quorum: answers.length >= neededOf(rules),
  };
}

/** How many critics must have answered. */
export function neededOf(rules: Pick<ConsolidationRules, 'critics' | 'quorum'>): number {
  const { critics, quorum } = rules;
  return Math.min(critics.length, quorum ?? Math.floor(critics.length / 2) + 1);
}

/** The best that can still come of it, whatever the critics that have not answered yet say. */
export function bestPossible(
  judged: Judged,
  blockingGates: ReadonlySet<string>,
  opinions: readonly Opinion[],
  rules: ConsolidationRules,
): Consolidated {
  const missing = rules.critics
    .filter((critic) => !opinions.some((opinion) => opinion.critic.name === critic.name))
    .map((critic): Opinion => ({ critic, critique: flawless }));
  return consolidate(judged, blockingGates, [...opinions, ...missing], rules);
}

const flawless: Critique = {
  candidate: '',
  verdict: 'accept',
  scores: { correctness: 1, consistency: 1, safety: 1, efficiency: 1, clarity: 1 },
  failures: [],
  nextActions: [],
};

function scoresOf(
  answers: readonly { critic: Critic; critique: Critique }[],
  { pessimistic }: ConsolidationRules,
): Scores | null {
  if (answers.length === 0) return null;
  const of = (name: ScoreName): number => {
    const given = answers.map(({ critique }) => critique.scores[name]);
    if (pessimistic.includes(name)) return Math.min(...given);
    const weight = answers.reduce((sum, { critic }) => sum + critic.weight, 0);
    const sum = answers.reduce((all, { critic }, at) => all + critic.weight * (given[at] ?? 0), 0);
    return sum / weight;
  };
  return Object.fromEntries(scoreNames.map((name) => [name, of(name)])) as Record<
    ScoreName,
    number
  >;
}

function weighted(scores: Scores, weights: Scores): number {
  const all = scoreNames.reduce((sum, name) => sum + weights[name], 0);
  return scoreNames.reduce((sum, name) => sum + weights[name] * scores[name], 0) / all;
}

function gateBlockers(gate: GateResult): Blocker[] {
  return gateFindings(gate).map(({ category, evidence, location, fixHint }) => {
    return { from: gate.gate, by: 'gate', category, evidence, location, fixHint };
  });
}

/** The first of what says the same, whatever case, spacing and end mark. */
function distinct(actions: readonly string[]): string[] {
  const byKey = new Map<string, string>();
  for (const action of actions) {
    const text = action.replace(/\s+/g, ' ').trim();
    const key = text.toLowerCase().replace(/[.!;]+$/, '');
    if (key !== '' && !byKey.has(key)) byKey.set(key, text);
  }
  return [...byKey.values()];
}
