import type { Emit } from '../../domain/event.ts';
import { ModelError } from '../../domain/model-error.ts';
import { formatModelRef } from '../../domain/model-role.ts';
import { estimatePromptTokens } from '../../domain/text.ts';
import type { LanguageModel, ModelRequest } from '../language-model.ts';
import { requestHash } from '../request-hash.ts';
import type { Clock } from './clock.ts';
import { PauseTooLong, type Limiter, type Turn } from './limiter.ts';

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
      const turn = await turnOf(model, request, options).finally(() => request.onTurn?.());
      const leave = (): void => turn.leave();
      // What was told to end does not keep others waiting, should it take its time.
      request.signal.addEventListener('abort', leave, { once: true });
      try {
        const result = await model.generate(request);
        turn.answered(result.usage.input + result.usage.output);
        return result;
      } catch (error) {
        if (error instanceof ModelError && error.kind === 'rate_limit')
          turn.limited(error.retryAfterMs);
        throw error;
      } finally {
        request.signal.removeEventListener('abort', leave);
        turn.leave();
      }
    },
  };
}

async function turnOf(
  { identity }: LanguageModel,
  request: ModelRequest,
  { limiter, emit, clock }: { limiter: Limiter; emit: Emit; clock: Clock },
): Promise<Turn> {
  const name = formatModelRef(identity.ref);
  const forget = clock.after(noticedMs, () => {
    emit({
      type: 'call-wait',
      call: requestHash(identity.ref, request),
      role: request.role,
      model: name,
      purpose: request.purpose,
      reason: limiter.hindrance() ?? 'others are before it',
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
