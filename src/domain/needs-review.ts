import { autorunGateName } from './autorun.ts';
import type { GateResult } from './gate-result.ts';

/**
 * Why a person must look at what several models made. A closed list: scripts may rely on the names.
 * `low_margin`: the best and the next best are too close to tell apart. `quorum_lost`: too few of those
 * that should judge did. `doubtful_findings`: two findings, each of which nothing shows, are about the same
 * line. `single_model`: several were to answer, and the answer of one alone stands.
 */
export const needsReviewReasons = [
  'validators_disagree',
  'doubtful_findings',
  'quorum_lost',
  'tests_failed',
  'autorun_not_allowed',
  'judge_order_flip',
  'low_margin',
  'budget_hit',
  'refusal',
  'truncated',
  'single_model',
] as const;
export type NeedsReviewReason = (typeof needsReviewReasons)[number];

/** Each for people, as the part of a sentence. */
export const needsReviewText: Readonly<Record<NeedsReviewReason, string>> = {
  validators_disagree: 'a reviewer found what blocks',
  doubtful_findings: 'two findings that nothing shows stand on the same line',
  quorum_lost: 'too few of those that should judge it did',
  tests_failed: 'a check failed, or could not be run',
  autorun_not_allowed: 'it holds what runs by itself, and nobody asked for it',
  judge_order_flip: 'the judge took the other one when their order was turned',
  low_margin: 'the best and the next best cannot be told apart',
  budget_hit: 'the budget ended before all were asked',
  refusal: 'a model refused',
  truncated: 'a reply was cut short',
  single_model: 'only one of several models answered',
};

/** Why work that a blocking gate does not let pass goes to a person. */
export function reasonOfGate({
  gate,
  status,
}: Pick<GateResult, 'gate' | 'status'>): NeedsReviewReason {
  return gate === autorunGateName && status === 'failed' ? 'autorun_not_allowed' : 'tests_failed';
}
