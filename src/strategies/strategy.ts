import type { Candidate, ReadBase } from '../domain/candidate.ts';
import type { EnsembleSettings, PoolModel } from '../domain/ensemble.ts';
import type { CallPurpose, Emit } from '../domain/event.ts';
import type { GateResult } from '../domain/gate-result.ts';
import type { ModelIdentity, ModelRole } from '../domain/model-role.ts';
import type { NeedsReviewReason } from '../domain/needs-review.ts';
import type { PriceOf } from '../domain/price.ts';
import type { Review } from '../domain/review.ts';
import type { Task } from '../domain/task.ts';
import type { TournamentSettings } from '../domain/tournament-settings.ts';
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

/** Models that could take part, each in the order of preference. */
export interface ModelPool {
  /** First those of the role whose work it is. */
  primaries(role: ModelRole): PoolModel[];
  validators(): PoolModel[];
}

/** The calls of a strategy for one task, before the supervisor's own. */
export interface ExpectedCalls {
  /** By the author, each of the whole work. */
  readonly drafts: number;
  /** Works that are judged before any is revised. */
  readonly judged: number;
  /** Of each of those, and of each revision. */
  readonly judgements: number;
  /** Of the best draft, or of all of them together, at most. */
  readonly revisions: number;
}

/** What strategies are made from: the settings that are theirs, and what they may use. */
export interface StrategyParts {
  readonly ensemble: EnsembleSettings;
  readonly tournament: TournamentSettings;
  readonly pool: ModelPool;
  readonly priceOf: PriceOf;
  readonly now: () => Date;
}

/** A strategy, and what it costs. */
export interface StrategyDefinition {
  create(parts: StrategyParts): Strategy;
  /**
   * As if each of its models were the task's author, or its reviewer.
   * @param role of the task's type.
   */
  expectedCalls(parts: StrategyParts, task: Task, role: ModelRole): ExpectedCalls;
}

/** A strategy that `strategy` in the config can name. */
export interface StrategyEntry {
  /** How candidates are had and one is chosen, in one line. */
  readonly description: string;
  readonly load: () => Promise<StrategyDefinition>;
}
