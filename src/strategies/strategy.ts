import type { Candidate } from '../domain/candidate.ts';
import type { EnsembleSettings, PoolModel } from '../domain/ensemble.ts';
import type { ModelRole } from '../domain/model-role.ts';
import type { NeedsReviewReason } from '../domain/needs-review.ts';
import type { PriceOf } from '../domain/price.ts';
import type { Task } from '../domain/task.ts';
import type { TournamentSettings } from '../domain/tournament-settings.ts';
import type { MessagePart } from '../models/language-model.ts';
import type { SignedReview } from '../supervisor/ask-review.ts';
import type { Checks } from '../supervisor/checks.ts';
import type { StepFiles } from '../supervisor/steps.ts';
import type { Work } from '../supervisor/work.ts';

export interface StrategyInput {
  readonly work: Work;
  /** The task type's role. */
  readonly role: ModelRole;
  /** What an author is asked: its instructions, then the work's context. */
  readonly prompt: readonly MessagePart[];
  readonly checks: Checks;
  /** Readable files of the attempt: for people, and after a kill for the strategy. */
  readonly files: StepFiles;
}

export interface StrategyResult {
  readonly winner: Candidate;
  /** Stands in for a first review; absent: nobody has judged the winner yet. */
  readonly approval?: SignedReview;
  /** Why a person must look at the winner, whatever a review says of it. */
  readonly needsReview: readonly NeedsReviewReason[];
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
  /** Second readings of what was held against works, at most; none when absent. */
  readonly secondReads?: number;
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
