import { setTimeout as sleep } from 'node:timers/promises';
import { InterruptedError, throwIfAborted } from '../../domain/errors.ts';
import type { Emit } from '../../domain/event.ts';
import { ModelError } from '../../domain/model-error.ts';
import { formatModelRef } from '../../domain/model-role.ts';
import type { LanguageModel } from '../language-model.ts';
import { requestHash } from '../request-hash.ts';

const baseMs = 500;
const capMs = 30_000;

export interface RetryOptions {
  readonly retries: number;
  /** A provider that asks for a longer wait, in ms, is left for the role's next model. */
  readonly maxRetryAfterMs: number;
  readonly emit: Emit;
  /** From 0 to 1; tests give a fixed one. */
  readonly random?: () => number;
}

/** The only retry loop of the program: full jitter over exponential steps, transient faults alone. */
export function withRetry(model: LanguageModel, options: RetryOptions): LanguageModel {
  const { retries, maxRetryAfterMs, emit, random = Math.random } = options;
  return {
    identity: model.identity,
    async generate(request) {
      for (let tries = 1; ; tries++) {
        try {
          return await model.generate(request);
        } catch (error) {
          if (!(error instanceof ModelError) || !error.retryHelps || tries > retries) throw error;
          const delayMs = Math.max(
            0,
            error.retryAfterMs ?? random() * Math.min(capMs, baseMs * 2 ** tries),
          );
          if (delayMs > maxRetryAfterMs) throw error;
          throwIfAborted(request.signal);
          request.onRetry?.();
          emit({
            type: 'call-retry',
            call: requestHash(model.identity.ref, request),
            role: request.role,
            model: formatModelRef(model.identity.ref),
            purpose: request.purpose,
            tries,
            kind: error.kind,
            delayMs: Math.round(delayMs),
          });
          await sleep(delayMs, undefined, { signal: request.signal }).catch(() => {
            throw new InterruptedError();
          });
        }
      }
    },
  };
}
