/**
 * Why a person must look at what several models made. A closed list: scripts may rely on the names.
 * `low_margin`: the best and the next best are too close to tell apart. `quorum_lost`: too few of those
 * that should judge did. `single_model`: several were to answer, and the answer of one alone stands.
 */
export const needsReviewReasons = [
  'validators_disagree',
  'quorum_lost',
  'tests_failed',
  'judge_order_flip',
  'low_margin',
  'budget_hit',
  'refusal',
  'truncated',
  'single_model',
] as const;
export type NeedsReviewReason = (typeof needsReviewReasons)[number];
