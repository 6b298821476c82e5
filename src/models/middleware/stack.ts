import type { ResolvedConfig } from '../../config/resolved-config.ts';
import { formatModelRef } from '../../domain/model-role.ts';
import type { LanguageModel } from '../language-model.ts';
import { withCallStore, type CallStoreOptions } from './call-store.ts';
import { systemClock } from './clock.ts';
import { createLimiter, type Limiter } from './limiter.ts';
import { withRateLimit } from './rate-limit.ts';
import { withRetry } from './retry.ts';
import { withTimeout } from './timeout.ts';
import { withTrace, type RecordUsage } from './trace.ts';
import { withWarmPrefix } from './warm-prefix.ts';

export interface StackOptions extends CallStoreOptions {
  readonly account: RecordUsage;
  readonly calls: ResolvedConfig['calls'];
  readonly models: ResolvedConfig['models'];
  readonly limits: ResolvedConfig['limits'];
  /** Calls to such a provider that begin alike wait for each other; without, none do. */
  readonly cachesPrefixes?: (provider: string) => boolean;
  /** Puts the caps on what calls may cost around a model. */
  readonly withBudget?: (model: LanguageModel) => LanguageModel;
}

/**
 * What stands around every model, outermost first: what was paid for is never asked again; what begins with
 * the same words as a call that is on its way waits until the provider has them in its cache; what may cost
 * more than is left is not asked; what fails in passing is tried again; each try has its own deadline,
 * waits for its turn at the provider, and leaves its own trace. Models of one provider share its limits.
 */
export function createStack(options: StackOptions): (model: LanguageModel) => LanguageModel {
  const { calls, models, limits, emit, now } = options;
  const { cachesPrefixes, withBudget = (model) => model } = options;
  const clock = systemClock(now);
  const limiters = new Map<string, Limiter>();
  const limiterOf = (provider: string): Limiter => {
    const known = limiters.get(provider);
    if (known !== undefined) return known;
    const limiter = createLimiter({
      ...limits.get(provider),
      longestPauseMs: calls.maxRetryAfterMs,
      clock,
    });
    limiters.set(provider, limiter);
    return limiter;
  };
  return (model) => {
    const { ref } = model.identity;
    const own = models.get(formatModelRef(ref)) ?? {};
    const traced = withTrace(model, options);
    const paced = withRateLimit(traced, { limiter: limiterOf(ref.provider), emit, clock });
    const timed = withTimeout(paced, {
      timeoutMs: own.timeoutMs ?? calls.timeoutMs,
      firstByteMs: own.firstByteMs ?? calls.firstByteMs,
      idleMs: own.idleMs ?? calls.idleMs,
    });
    const tried = withRetry(timed, {
      retries: own.retries ?? calls.retries,
      maxRetryAfterMs: calls.maxRetryAfterMs,
      emit,
    });
    const capped = withBudget(tried);
    const cheap = cachesPrefixes?.(ref.provider) === true ? withWarmPrefix(capped, clock) : capped;
    return withCallStore(cheap, options);
  };
}

/**
 * What stands around a model that answers from a recording: there is nothing to pay, to wait for or to try
 * again, as an error was recorded after its retries. What the call store has kept is not taken from it.
 */
export function createReplayStack(
  options: CallStoreOptions & { readonly account: RecordUsage },
): (model: LanguageModel) => LanguageModel {
  return (model) => withCallStore(withTrace(model, options), options);
}
