import type { ScoreName, Scores } from './review.ts';

/** One who judges candidates by a narrow charter. */
export interface Critic {
  readonly name: string;
  /** What it looks at, in words for the model. */
  readonly charter: string;
  /** In the means; above 0. */
  readonly weight: number;
  /** Categories in which a failure that it reports keeps a candidate from winning outright. */
  readonly blocking: readonly string[];
}

export interface TournamentSettings {
  /** Candidates, from 1 to `mostCandidates`. */
  readonly k: number;
  /** Rounds of synthesis at most. */
  readonly loops: number;
  readonly critics: readonly Critic[];
  /** Critics that must have answered for a candidate; null: more than half of them. */
  readonly quorum: number | null;
  readonly weights: Scores;
  /** Scores that are as bad as the worst critic says; of the others the mean counts. */
  readonly pessimistic: readonly ScoreName[];
  /** Scores that are no further apart are a near tie, which the judge settles. */
  readonly margin: number;
  /** Ends the critics of candidates that can no longer win. */
  readonly earlyStop: boolean;
  /** For the work of one candidate's, critic's or synthesis's call, retries included, ms. */
  readonly deadlineMs: number;
  /** Gates that must have passed, not been skipped, for approval. */
  readonly mustPass: readonly string[];
}

export const mostCandidates = 20;
