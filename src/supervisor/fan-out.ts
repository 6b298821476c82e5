import { allEnded } from '../domain/all-ended.ts';
import { BlueprintError, InterruptedError, isMoneyFault } from '../domain/errors.ts';
import { ModelError, type ModelErrorKind } from '../domain/model-error.ts';
import type { NeedsReviewReason } from '../domain/needs-review.ts';
import type { Asking } from './work.ts';

/** Why one of several gave nothing: recorded, and not the end of the others. */
export interface Failure {
  readonly kind: ModelErrorKind | 'budget' | 'price_unknown';
  readonly message: string;
  readonly error: BlueprintError;
}

export type Outcome<T> = { readonly value: T } | { readonly failure: Failure };

/** Of several outcomes those that are failures. */
export function failuresOf(outcomes: readonly (object & { failure?: Failure })[]): Failure[] {
  return outcomes.flatMap(({ failure }) => failure ?? []);
}

/** The failure that an error is. Interruptions and faults of the program are thrown on. */
export function failureOf(error: unknown): Failure {
  if (error instanceof BlueprintError && !(error instanceof InterruptedError)) {
    const kind = error instanceof ModelError ? error.kind : kinds[error.code];
    if (kind !== undefined) return { kind, message: error.message, error };
  }
  throw error;
}

const kinds: Readonly<Partial<Record<string, Failure['kind']>>> = {
  'budget-reached': 'budget',
  'price-unknown': 'price_unknown',
  'no-model': 'unavailable',
};

const reasonOfKind: Partial<Record<Failure['kind'], NeedsReviewReason>> = {
  budget: 'budget_hit',
  refused: 'refusal',
  truncated: 'truncated',
};

/** What a person has to know of failures, each reason once. */
export function reasonsOf(failures: readonly Failure[]): NeedsReviewReason[] {
  return [...new Set(failures.flatMap(({ kind }) => reasonOfKind[kind] ?? []))];
}

/** The error of work that nobody did: the budget's first, then one of these kinds, then any. */
export function errorOfAll(
  failures: readonly Failure[],
  kinds: ReadonlySet<string>,
): BlueprintError | RangeError {
  const [weightiest] = [
    ...failures.filter(({ error }) => isMoneyFault(error)),
    ...failures.filter(({ kind }) => kinds.has(kind)),
    ...failures,
  ];
  return weightiest?.error ?? new RangeError('Nobody was asked');
}

/**
 * Does the same for all at once, in the order given. An error in one ends the others, and is thrown when
 * all have ended: nobody is left running behind it.
 */
export async function fanOut<W extends Asking, const L extends readonly unknown[], T>(
  work: W,
  members: L,
  run: (member: L[number], work: W, index: number) => Promise<T>,
): Promise<{ -readonly [K in keyof L]: T }> {
  const stop = new AbortController();
  const shared: W = { ...work, signal: AbortSignal.any([work.signal, stop.signal]) };
  const errors: unknown[] = [];
  const running = members.map(async (member, index) => {
    try {
      return await run(member, shared, index);
    } catch (error) {
      errors.push(error);
      stop.abort();
      throw error;
    }
  });
  try {
    return (await allEnded(running)) as { -readonly [K in keyof L]: T };
  } catch (error) {
    // What ended the others, not the interruption of one that was ended.
    throw errors.find((each) => !isInterruption(each)) ?? error;
  }
}

function isInterruption(error: unknown): boolean {
  return error instanceof BlueprintError && error.code === 'interrupted';
}

export interface Deadline {
  /** Of working time, retries included; null: as long as it takes. */
  readonly ms: number | null;
  /** What a user can do about a timeout. */
  readonly fix: string;
}

/**
 * Runs one of several within its deadline. Time in which a call waits for its turn at the provider is not
 * counted. What models or the budget could not give is its failure alone; all else is thrown.
 * @param limit.name of whoever is asked, for people.
 * @throws InterruptedError when the work's signal ended it
 */
export async function withinDeadline<W extends Asking, T>(
  work: W,
  limit: Deadline & { readonly name: string },
  run: (work: W) => Promise<T>,
): Promise<Outcome<T>> {
  const { name: model, ms, fix } = limit;
  const deadline = new AbortController();
  const clock = workingClock(ms, () => {
    const message = `${model} gave no whole answer in ${(ms ?? 0) / 1000} s`;
    deadline.abort(new ModelError({ kind: 'timeout', model, message, fix }));
  });
  try {
    const signal = AbortSignal.any([work.signal, deadline.signal]);
    return { value: await run({ ...work, signal, pace: clock }) };
  } catch (error) {
    if (work.signal.aborted) throw new InterruptedError();
    return { failure: failureOf(deadline.signal.aborted ? deadline.signal.reason : error) };
  } finally {
    clock.end();
  }
}

/** Runs out after so many ms in which no call waits. */
function workingClock(ms: number | null, onEnd: () => void) {
  if (ms === null) return { end: () => undefined };
  let leftMs = ms;
  let waiting = 0;
  let over = false;
  let startedAt = performance.now();
  let timer = setTimeout(onEnd, leftMs);
  return {
    onWait: () => {
      waiting += 1;
      if (over || waiting > 1) return;
      clearTimeout(timer);
      leftMs -= performance.now() - startedAt;
    },
    onWaitEnd: () => {
      waiting -= 1;
      if (over || waiting > 0) return;
      startedAt = performance.now();
      timer = setTimeout(onEnd, leftMs);
    },
    end: () => {
      over = true;
      clearTimeout(timer);
    },
  };
}
