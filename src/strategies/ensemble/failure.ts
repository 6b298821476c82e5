import { BlueprintError, InterruptedError } from '../../domain/errors.ts';
import type { NeedsReviewReason } from '../../domain/needs-review.ts';
import { ModelError, providerFaults, type ModelErrorKind } from '../../domain/model-error.ts';

/** Why one of several models gave nothing: recorded, and never the end of the others. */
export interface Failure {
  readonly kind: ModelErrorKind | 'budget' | 'price_unknown';
  readonly error: BlueprintError;
}

/** The failure that an error is. Interruptions and faults of the program are thrown on. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ModelError) return { kind: error.kind, error };
  if (error instanceof BlueprintError && !(error instanceof InterruptedError)) {
    if (error.code === 'budget-reached') return { kind: 'budget', error };
    if (error.code === 'price-unknown') return { kind: 'price_unknown', error };
    if (error.code === 'no-model') return { kind: 'unavailable', error };
  }
  throw error;
}

const reasonOfKind: Partial<Record<Failure['kind'], NeedsReviewReason>> = {
  budget: 'budget_hit',
  refused: 'refusal',
  truncated: 'truncated',
};

/** What a person has to know of failures, each reason once. */
export function reasonsOf(failures: readonly Failure[]): NeedsReviewReason[] {
  return [...new Set(failures.flatMap(({ kind }) => reasonOfKind[kind] ?? []))];
}

/** The error of work that nobody did, with those of the others in it. */
export function errorOfAll(failures: readonly Failure[]): BlueprintError {
  const weightiest =
    failures.find(({ kind }) => kind === 'budget') ??
    failures.find(({ kind }) => providerFaults.has(kind)) ??
    failures[0];
  if (weightiest === undefined) throw new RangeError('Nobody was asked');
  return weightiest.error;
}
