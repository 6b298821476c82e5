import type { EnsemblePlan, EnsembleResult } from './ensemble.ts';
import type { GateResult } from './gate-result.ts';
import type { ModelErrorKind } from './model-error.ts';
import type { ModelRole, RoutingDecision } from './model-role.ts';
import type { NeedsReviewReason } from './needs-review.ts';
import type { Review } from './review.ts';
import type { TaskStatus } from './task.ts';
import type { Usage } from './usage.ts';

/** What happened to a file of the project. */
export interface ChangedFile {
  readonly path: string;
  readonly change: 'added' | 'modified' | 'deleted';
}

/** What a model call is for; names the place in the plan, and is not part of the request's hash. */
export interface CallPurpose {
  readonly stage: string;
  readonly feature: string;
  readonly task: string | null;
  readonly attempt: number;
  readonly round: number;
  /** Of several that are made or judged at the same time: which one, as `C2`. */
  readonly candidate?: string;
  /** Of several that judge at the same time: which one. */
  readonly critic?: string;
}

interface CallFields {
  /** Hash of the request. */
  readonly call: string;
  readonly role: ModelRole;
  readonly model: string;
  readonly purpose: CallPurpose;
}

/** All that can happen, named noun-verb. The journal is made of these, and every view is made from them. */
export type RunEventBody =
  | { type: 'run-start'; command: string; feature: string; tasks: number; concurrency: number }
  | { type: 'run-finish'; feature: string; exitCode: number; states: Record<string, number> }
  | { type: 'stage-start'; stage: string }
  | { type: 'stage-finish'; stage: string; summary: string; resumed: boolean }
  | { type: 'route-decide'; task: string | null; decision: RoutingDecision }
  | { type: 'route-fallback'; role: ModelRole; from: string; to: string; kind: ModelErrorKind }
  /** A model that keeps failing is passed over for so long, ms. */
  | { type: 'route-cooldown'; model: string; kind: ModelErrorKind; failures: number; forMs: number }
  /** The call has waited a second for its turn at the provider; `call-start` ends the wait. */
  | ({ type: 'call-wait'; reason: string } & CallFields)
  | ({ type: 'call-start' } & CallFields)
  | ({ type: 'call-delta'; text: string } & CallFields)
  | ({
      type: 'call-finish';
      finishReason: string;
      usage: Usage;
      /** What it cost by the price of that time, USD; absent when the model's price is not known. */
      usd?: number;
      durationMs: number;
      /** The reply came from the call store: nothing was paid. */
      stored: boolean;
      servedBy: string;
    } & CallFields)
  | ({ type: 'call-retry'; tries: number; kind: ModelErrorKind; delayMs: number } & CallFields)
  | ({
      type: 'call-fail';
      kind: ModelErrorKind | 'interrupted';
      message: string;
      durationMs: number;
      /** What the failed reply used; estimated where it was cut off, absent when nothing is known. */
      usage?: Usage;
      /** As of `call-finish`. */
      usd?: number;
    } & CallFields)
  | { type: 'task-start'; task: string; title: string; attempt: number; resumed: boolean }
  | { type: 'context-pack'; task: string; tokens: number; parts: string[]; leftOut: string[] }
  /** Several models are asked at once; `task` is null where the work belongs to no task. */
  | { type: 'ensemble-plan'; task: string | null; plan: EnsemblePlan }
  | {
      type: 'ensemble-answer';
      task: string | null;
      model: string;
      files: string[];
      /** Why it gave none; null when it did. */
      failure: string | null;
    }
  | {
      type: 'ensemble-finish';
      task: string | null;
      how: EnsembleResult['how'];
      asked: number;
      answered: number;
      needsReview: NeedsReviewReason[];
    }
  | { type: 'candidate-ready'; task: string; attempt: number; round: number; files: string[] }
  | { type: 'gate-finish'; task: string; attempt: number; round: number; result: GateResult }
  | {
      type: 'review-finish';
      task: string;
      attempt: number;
      round: number;
      review: Review;
      reviewer: string;
      sameFamily: boolean;
    }
  /** One of several candidates was made and checked, or could not be had. */
  | {
      type: 'candidate-finish';
      task: string;
      candidate: string;
      /** Null when none answered. */
      model: string | null;
      outcome: 'passed' | 'blocked' | 'dropped';
      detail: string;
    }
  | {
      type: 'critic-finish';
      task: string;
      candidate: string;
      critic: string;
      verdict: 'accept' | 'revise' | 'unknown';
      detail: string;
    }
  /** The order of the candidates, the best first, after so many rounds of synthesis. */
  | {
      type: 'candidates-rank';
      task: string;
      round: number;
      order: { candidate: string; score: number | null; blockers: number }[];
      runnerUp: string | null;
      reason: string;
    }
  | { type: 'synthesis-finish'; task: string; round: number; accepted: boolean; reason: string }
  | {
      type: 'tournament-finish';
      task: string;
      winner: string;
      approved: boolean;
      needsReview: NeedsReviewReason[];
    }
  | { type: 'correction-start'; task: string; attempt: number; round: number; by: string }
  | {
      type: 'task-finish';
      task: string;
      status: TaskStatus;
      reason: string;
      attempt: number;
      rounds: number;
    }
  | { type: 'task-status'; task: string; from: TaskStatus; to: TaskStatus; by: 'engine' | 'person' }
  /** Approved work was written into the project, or the last such apply was taken back. */
  | { type: 'apply-finish'; feature: string; files: ChangedFile[] }
  | { type: 'undo-finish'; feature: string; files: ChangedFile[] }
  | { type: 'warning'; code: string; message: string; task: string | null };

/** `at` is ISO 8601, UTC; `run` groups the events of one command. */
export type RunEvent = RunEventBody & { readonly at: string; readonly run: string };

/** Where events go. Must not throw and must not block. */
export type Emit = (event: RunEventBody) => void;
