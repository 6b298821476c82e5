import type { Candidate, ReadBase } from '../domain/candidate.ts';
import type { GateResult } from '../domain/gate-result.ts';
import type { ModelIdentity } from '../domain/model-role.ts';
import type { Review } from '../domain/review.ts';
import type { SignedReview } from './ask-review.ts';
import type { TryTests } from './counting/proving-tests.ts';
import type { Checked } from './checks.ts';
import type { StepFiles } from './steps.ts';

export interface SuperviseInput {
  readonly candidate: Candidate;
  /** A person's words on the candidate: it is corrected by them before anything else. */
  readonly feedback: string | null;
  /** Of the candidate as it is: counts as the first review, so that it is not paid for twice. */
  readonly approval?: SignedReview;
  readonly check: (candidate: Candidate, round: number) => Promise<Checked>;
  /** The gates once more, before work is approved by what an earlier process found. */
  readonly verify: (candidate: Candidate, round: number) => Promise<GateResult[]>;
  /** Names of the gates whose failure keeps work from approval. */
  readonly blockingGates: ReadonlySet<string>;
  /** Review rounds at most. */
  readonly maxIterations: number;
  /** What a candidate brings beside its files, as a dispute about a test: without either there is no progress. */
  readonly brings?: (candidate: Candidate) => string;
  /** Reads what findings may name that is not in the base, as tests that were fixed for the task. */
  readonly look?: ReadBase;
  /** Runs the tests that come with findings; absent: none are run. */
  readonly tryTests?: TryTests | undefined;
  /** Of the attempt. */
  readonly files: StepFiles;
  /** Keeps what a round brought, as readable files. */
  readonly keep: (round: number, record: RoundRecord) => Promise<void>;
}

export interface RoundRecord {
  readonly candidate?: Candidate;
  readonly gates?: readonly GateResult[];
  readonly review?: Review;
  /** A reply that could not be used, as it came. */
  readonly unusable?: { readonly of: 'review' | 'correction'; readonly rawReply: string };
}

export type StopReason =
  | 'approved'
  | 'rules_only'
  | 'no_reviewer'
  | 'gate_errored'
  | 'doubtful_findings'
  | 'no_progress'
  | 'round_cap'
  | 'review_unusable'
  | 'correction_unusable';

/** What became of the candidate, with all the evidence. */
export interface Supervision {
  readonly approved: boolean;
  readonly stop: StopReason;
  /** For people. */
  readonly reason: string;
  readonly candidate: Candidate;
  readonly rounds: number;
  readonly gates: readonly GateResult[];
  readonly review: Review | null;
  readonly reviewer: ModelIdentity | null;
}

const reasons: Record<StopReason, string> = {
  approved: 'The gates passed and the review found nothing that blocks.',
  rules_only: 'Written by rules without a model: a scaffold for a person to fill.',
  no_reviewer: 'No model that could review it is reachable.',
  gate_errored: 'A gate could not be run, so nothing shows that the work is sound.',
  doubtful_findings:
    'Nothing that was found counts, but two findings in doubt are about the same line.',
  no_progress: 'The last correction changed nothing, or met the same findings again.',
  round_cap: 'The last allowed review still found what blocks.',
  review_unusable: 'The review could not be used.',
  correction_unusable: 'The correction could not be used.',
};

/** What the last round saw. */
export interface Evidence {
  readonly gates?: readonly GateResult[];
  readonly review?: Review;
  readonly reviewer?: ModelIdentity;
  /** Added to the reason. */
  readonly detail?: string;
}

export function stopped(
  stop: StopReason,
  candidate: Candidate,
  rounds: number,
  { gates = [], review, reviewer, detail }: Evidence = {},
): Supervision {
  return {
    approved: stop === 'approved',
    stop,
    reason: detail === undefined ? reasons[stop] : `${reasons[stop]} ${detail}`,
    candidate,
    rounds,
    gates,
    review: review ?? null,
    reviewer: reviewer ?? null,
  };
}
