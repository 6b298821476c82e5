import type { Emit } from '../../domain/event.ts';
import { ModelError } from '../../domain/model-error.ts';
import { formatModelRef } from '../../domain/model-role.ts';
import { estimatePromptTokens } from '../../domain/text.ts';
import type { LanguageModel, ModelRequest } from '../language-model.ts';
import { requestHash } from '../request-hash.ts';
import type { Clock } from './clock.ts';
import { PauseTooLong, type Limiter, type Permit } from './limiter.ts';

/** A wait is worth an event when it has lasted so long, ms. */
const noticedMs = 1_000;

/** Sends calls when their provider's limiter lets them, and tells it how they fared. */
export function withRateLimit(
  model: LanguageModel,
  options: { limiter: Limiter; emit: Emit; clock: Clock },
): LanguageModel {
  return {
    identity: model.identity,
    async generate(request) {
      request.onWait?.();
      const permit = await permitFor(model, request, options).finally(() => request.onWaitEnd?.());
      const leave = (): void => permit.leave();
      // What was told to end does not keep others waiting, should it take its time.
      request.signal.addEventListener('abort', leave, { once: true });
      try {
        const result = await model.generate(request);
        permit.answered(result.usage.input + result.usage.output);
        return result;
      } catch (error) {
        if (error instanceof ModelError && error.kind === 'rate_limit')
          permit.limited(error.retryAfterMs);
        throw error;
      } finally {
        request.signal.removeEventListener('abort', leave);
        permit.leave();
      }
    },
  };
}

async function permitFor(
  { identity }: LanguageModel,
  request: ModelRequest,
  { limiter, emit, clock }: { limiter: Limiter; emit: Emit; clock: Clock },
): Promise<Permit> {
  const name = formatModelRef(identity.ref);
  const forget = clock.after(noticedMs, () => {
    emit({
      type: 'call-wait',
      call: requestHash(identity.ref, request),
      role: request.role,
      model: name,
      purpose: request.purpose,
      reason: limiter.waitReason() ?? 'others are before it',
    });
  });
  try {
    return await limiter.enter(estimatePromptTokens(request.parts), request.signal);
  } catch (error) {
    if (!(error instanceof PauseTooLong)) throw error;
    throw new ModelError({
      kind: 'rate_limit',
      model: name,
      message: `${name} was not asked: ${error.message}`,
      fix: 'Run the same command later, or put another model first for this role.',
      retryAfterMs: error.leftMs,
      cause: error,
    });
  } finally {
    forget();
  }
}
