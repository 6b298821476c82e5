import { failedGates, failedOrErroredGates } from '../../domain/gate-result.ts';
import { reasonOfGate, type NeedsReviewReason } from '../../domain/needs-review.ts';
import type { Finding, Review } from '../../domain/review.ts';
import type { Contestant } from './assess.ts';
import type { TournamentSettings } from '../../domain/tournament-settings.ts';

/** Why the winner is not approved, in words for people. */
export interface Doubt {
  readonly reason: NeedsReviewReason;
  readonly detail: string;
}

/** What became of a near tie at the top. */
export interface NearTie {
  readonly between: readonly [string, string];
  readonly outcome: 'first' | 'second' | 'tie';
  readonly flipped: boolean;
  readonly reasons: string;
}

/**
 * All that speaks against approving the winner; none for work that passed its checks, that a quorum of
 * critics judged, and in which nothing blocks. A tie that the judge could not settle counts only where no
 * check has run the work: what was run decides.
 */
export function doubtsOn(
  winner: Pick<Contestant, 'gates' | 'consolidated' | 'doubted'>,
  nearTie: NearTie | null,
  blockingGates: ReadonlySet<string>,
  { mustPass, critics }: Pick<TournamentSettings, 'mustPass' | 'critics'>,
): Doubt[] {
  const { gates, consolidated, doubted } = winner;
  const doubts: Doubt[] = [];
  const unsound = failedOrErroredGates(gates, blockingGates);
  const bad = gates.filter(
    (each) => unsound.includes(each) || (mustPass.includes(each.gate) && each.status !== 'passed'),
  );
  const missing = mustPass.filter((name) => !gates.some(({ gate }) => gate === name));
  for (const result of bad) {
    const { gate, status, summary } = result;
    doubts.push({ reason: reasonOfGate(result), detail: `${gate} ${status}: ${summary}` });
  }
  for (const name of missing)
    doubts.push({ reason: 'tests_failed', detail: `${name} has not been run` });
  if (failedGates(bad).length > 0) return doubts;
  const found = consolidated.blockers.filter(({ by }) => by === 'critic');
  if (found.length > 0)
    doubts.push({
      reason: 'validators_disagree',
      detail: `critics found what blocks: ${found.map(({ from, category }) => `${category} (${from})`).join(', ')}`,
    });
  if (doubted !== null)
    doubts.push({
      reason: 'doubtful_findings',
      detail: `two findings in doubt are about ${doubted}`,
    });
  if (!consolidated.quorum)
    doubts.push({
      reason: 'quorum_lost',
      detail: `${consolidated.answered} of ${critics.length} critics judged it`,
    });
  const executed = gates.some(({ gate, status }) => mustPass.includes(gate) && status === 'passed');
  if (nearTie?.outcome === 'tie' && !executed)
    doubts.push({
      reason: nearTie.flipped ? 'judge_order_flip' : 'low_margin',
      detail: `${nearTie.between.join(' and ')} are too close to tell apart: ${nearTie.reasons}`,
    });
  return doubts;
}

/** What the critics found, as one review: for a winner whom they approved. */
export function reviewOf({ opinions, consolidated }: Contestant): Review | null {
  const { scores, answered } = consolidated;
  if (scores === null) return null;
  const findings = opinions.flatMap((opinion): Finding[] =>
    'critique' in opinion
      ? opinion.critique.failures.map((failure) => ({ ...failure, severity: 'minor' }))
      : [],
  );
  const summary = `Approved by ${answered} of ${opinions.length} critics of the tournament, without a finding that blocks.`;
  return { verdict: 'accept', summary, scores: { ...scores }, findings };
}
