import type { Candidate, ReadBase } from '../domain/candidate.ts';
import type { CallPurpose, Emit } from '../domain/event.ts';
import type { GateResult } from '../domain/gate-result.ts';
import type { ModelIdentity, ModelRole } from '../domain/model-role.ts';
import type { NeedsReviewReason } from '../domain/needs-review.ts';
import type { Review } from '../domain/review.ts';
import type { Task } from '../domain/task.ts';
import type { BundleCodec } from '../models/generate-bundle.ts';
import type { MessagePart, ModelRouter } from '../models/language-model.ts';

/** Readable files of an attempt; what is written is there for people, and after a kill for the strategy. */
export interface StrategyRecord {
  /** Null when there is none. */
  read(name: string): Promise<string | null>;
  write(name: string, text: string): Promise<void>;
}

/** What stands in for a first review, where a strategy has had its winner judged. */
export interface StrategyApproval {
  readonly review: Review;
  readonly reviewer: ModelIdentity;
}

export interface StrategyInput {
  readonly task: Task;
  /** The task type's role. */
  readonly role: ModelRole;
  readonly parts: readonly MessagePart[];
  readonly purpose: CallPurpose;
  readonly base: ReadBase;
  readonly codec: BundleCodec;
  readonly maxOutputTokens: number;
  readonly contentTokens: number;
  readonly salt: string | undefined;
  readonly router: ModelRouter;
  /** Runs the gates on a candidate. @throws InterruptedError */
  readonly check: (candidate: Candidate, signal: AbortSignal) => Promise<GateResult[]>;
  /** Names of the gates whose failure keeps work from approval. */
  readonly blockingGates: ReadonlySet<string>;
  readonly record: StrategyRecord;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

export interface StrategyResult {
  readonly winner: Candidate;
  readonly candidates: readonly Candidate[];
  /** Absent: nobody has judged the winner yet. */
  readonly approval?: StrategyApproval;
  /** Why a person must look at the winner, whatever a review says of it; none when absent. */
  readonly needsReview?: readonly NeedsReviewReason[];
}

/** A way to get candidates and choose among them. Stateless. @throws ModelError when none could be had. */
export type Strategy = (input: StrategyInput) => Promise<StrategyResult>;
