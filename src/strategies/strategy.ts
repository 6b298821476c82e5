import type { Candidate, ReadBase } from '../domain/candidate.ts';
import type { CallPurpose, Emit } from '../domain/event.ts';
import type { GateResult } from '../domain/gate-result.ts';
import type { ModelRole } from '../domain/model-role.ts';
import type { NeedsReviewReason } from '../domain/needs-review.ts';
import type { Task } from '../domain/task.ts';
import type { BundleCodec } from '../models/generate-bundle.ts';
import type { MessagePart, ModelRouter } from '../models/language-model.ts';

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
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** A way to get candidates and choose among them. Stateless. @throws ModelError when none could be had. */
export type Strategy = (input: StrategyInput) => Promise<{
  readonly winner: Candidate;
  readonly candidates: readonly Candidate[];
  /** Why a person must look at the winner, whatever a review says of it; none when absent. */
  readonly needsReview?: readonly NeedsReviewReason[];
}>;
