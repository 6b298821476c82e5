import type { Candidate } from '../../domain/candidate.ts';
import { BlueprintError, InterruptedError, isMoneyFault } from '../../domain/errors.ts';
import { ModelError, type ModelErrorKind } from '../../domain/model-error.ts';
import type { PriceOf } from '../../domain/price.ts';
import type { StrategyInput } from '../strategy.ts';
import type { Meter } from './meter.ts';
import type { TournamentSettings } from '../../domain/tournament-settings.ts';

/** Says which of two candidates is better; asked in both orders, so that position decides nothing. */
export type JudgePair = (
  first: Candidate,
  second: Candidate,
  signal: AbortSignal,
) => Promise<{
  readonly outcome: 'first' | 'second' | 'tie';
  readonly flipped: boolean;
  readonly reasons: string;
}>;

export interface TournamentInput extends StrategyInput {
  readonly settings: TournamentSettings;
  readonly judge: JudgePair;
  readonly priceOf: PriceOf;
}

/** What all parts of one tournament share. */
export interface TournamentContext extends TournamentInput {
  readonly meter: Meter;
}

/** Why a part of a tournament gave nothing; the others go on. */
export interface Fault {
  readonly kind: ModelErrorKind | 'budget';
  readonly message: string;
  readonly error: BlueprintError;
}

/**
 * Runs one part with its deadline. What a model or the budget could not give is a fault of that part alone;
 * all else is thrown. @throws InterruptedError when `signal` ended it.
 */
export async function withDeadline<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { signal, deadlineMs, model }: { signal: AbortSignal; deadlineMs: number; model: string },
): Promise<{ readonly value: T } | { readonly fault: Fault }> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), deadlineMs);
  try {
    return { value: await work(AbortSignal.any([signal, deadline.signal])) };
  } catch (error) {
    if (signal.aborted) throw new InterruptedError();
    if (deadline.signal.aborted) {
      const message = `${model} gave no answer in ${Math.round(deadlineMs / 1000)} s`;
      const late = new ModelError({ kind: 'timeout', model, message });
      return { fault: { kind: 'timeout', message, error: late } };
    }
    const fault = faultOf(error);
    if (fault === null) throw error;
    return { fault };
  } finally {
    clearTimeout(timer);
  }
}

function faultOf(error: unknown): Fault | null {
  if (error instanceof ModelError) return { kind: error.kind, message: error.message, error };
  if (!(error instanceof BlueprintError)) return null;
  if (isMoneyFault(error)) return { kind: 'budget', message: error.message, error };
  return error.code === 'no-model' ? { kind: 'unavailable', message: error.message, error } : null;
}
