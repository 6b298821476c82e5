import type { Candidate } from './candidate.ts';
import type { GateResult } from './gate-result.ts';
import type { NeedsReviewReason } from './needs-review.ts';
import type { Review } from './review.ts';
import type { Categorised } from './task-category.ts';
import type { TaskCategory, TaskType } from './task.ts';

export const ensembleModes = ['simple', 'medium', 'complex', 'architectural'] as const;
export type EnsembleMode = (typeof ensembleModes)[number];

export const modeChoices = [...ensembleModes, 'auto'] as const;
export type ModeChoice = (typeof modeChoices)[number];

/** Who answers tasks of a category: families, providers or `provider/model`, the preferred first. */
export interface CategoryMembers {
  /** Null: what the task's type or the whole ensemble says. */
  readonly mode: ModeChoice | null;
  readonly primaries: readonly string[];
  readonly validators: readonly string[];
}

export interface EnsembleSettings {
  readonly mode: ModeChoice;
  readonly types: Readonly<Partial<Record<TaskType, ModeChoice>>>;
  readonly categories: Readonly<Record<TaskCategory, CategoryMembers>>;
  /** For one model's whole answer, its retries included, ms; null: what `calls` says alone. */
  readonly timeoutMs: number | null;
}

/** A model that could take part. */
export interface PoolModel {
  /** `provider/model`. */
  readonly model: string;
  readonly provider: string;
  readonly family: string;
  /** Tokens that it takes, input and output together; null or absent where that is not known. */
  readonly contextTokens?: number | null;
  /** Why it cannot be asked, and the variables that would help; null when it can. */
  readonly missing: { readonly reason: string; readonly variables: readonly string[] } | null;
}

export interface EnsembleMember {
  /** `provider/model`. */
  readonly model: string;
  readonly family: string;
  /** For people: why it takes part. */
  readonly reason: string;
}

/** Who is asked about a task, and why; made by rules, without a call. */
export interface EnsemblePlan {
  readonly category: Categorised;
  readonly mode: EnsembleMode;
  readonly modeReason: string;
  /** How many the mode wants; with fewer a person must look at the result. */
  readonly wanted: { readonly primaries: number; readonly validators: number };
  readonly primaries: readonly EnsembleMember[];
  readonly validators: readonly EnsembleMember[];
  /** `provider/model` of those that are asked, one after the other, only where every primary fails. */
  readonly substitutes: readonly string[];
  /** `name` as it was wanted. */
  readonly passedOver: readonly {
    readonly name: string;
    readonly as: 'primary' | 'validator';
    readonly reason: string;
  }[];
}

/** Where a part of a merged answer comes from. */
export interface Origin {
  /** A path, or the part in words. */
  readonly part: string;
  /** `provider/model`; empty: nobody has it, it was written for the merge. */
  readonly from: readonly string[];
  /** How that is known: by the content, or as the synthesizer says. */
  readonly by: 'same content' | 'merged content' | 'synthesizer';
}

/** What some models hold and the consensus does not follow. */
export interface MinorityPoint {
  readonly point: string;
  readonly from: readonly string[];
  readonly by: 'content' | 'synthesizer';
}

export interface EnsembleMerge {
  /** `provider/model` of the synthesizer. */
  readonly by: string;
  readonly origins: readonly Origin[];
  readonly minority: readonly MinorityPoint[];
}

/** What kept a model from taking part in the end. */
export interface EnsembleFault {
  /** A `ModelErrorKind`, `budget` or `price_unknown`. */
  readonly kind: string;
  readonly message: string;
}

/** What one model made of the task. */
export interface EnsembleOutput {
  /** `provider/model`. */
  readonly model: string;
  /** Wall time, tries and repairs included, ms. */
  readonly ms: number;
  /** Null: it gave none, see `failure`. */
  readonly candidate: Candidate | null;
  readonly failure: EnsembleFault | null;
}

/** What one validator says of the consensus. */
export interface Validation {
  readonly model: string;
  /** It shares its family with a model that answered. */
  readonly sameFamily: boolean;
  readonly review: Review | null;
  readonly failure: EnsembleFault | null;
}

/** `agreed`: all outputs come to the same; `alone`: there is one; `merged`; `chosen`: the best of them. */
export type ConsensusKind = 'agreed' | 'alone' | 'merged' | 'chosen';

/** What several models made of a task together, with all the evidence. */
export interface EnsembleResult {
  readonly plan: EnsemblePlan;
  readonly consensus: Candidate;
  readonly how: ConsensusKind;
  /** For people: how the consensus came about. */
  readonly explanation: string;
  readonly merge: EnsembleMerge | null;
  readonly outputs: readonly EnsembleOutput[];
  readonly gates: readonly GateResult[];
  readonly validation: readonly Validation[];
  /** Why a person must look at it; empty when nobody must. */
  readonly needsReview: readonly NeedsReviewReason[];
}
