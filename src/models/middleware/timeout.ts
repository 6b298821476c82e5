import { InterruptedError } from '../../domain/errors.ts';
import { ModelError } from '../../domain/model-error.ts';
import { formatModelRef } from '../../domain/model-role.ts';
import type { LanguageModel } from '../language-model.ts';

export interface TimeoutLimits {
  /** For a whole call, ms. */
  readonly timeoutMs: number;
  /** Without a sign of life, ms. */
  readonly idleMs: number;
  /** How long a call that was told to end may take to do so before it is left behind, ms. */
  readonly graceMs?: number;
}

/**
 * Ends a call that takes longer than `timeoutMs` in all, or is silent for `idleMs`. The signal that the
 * call sees carries the ModelError as its reason. A call that does not heed its signal is left behind, so
 * that nothing can hang a command.
 */
export function withTimeout(model: LanguageModel, limits: TimeoutLimits): LanguageModel {
  const { timeoutMs, idleMs, graceMs = 2_000 } = limits;
  return {
    identity: model.identity,
    async generate(request) {
      const deadline = new AbortController();
      const name = formatModelRef(model.identity.ref);
      const end = (reason: string): void => {
        const message = `${name} ${reason}`;
        const fix =
          'Raise calls.timeoutMs or calls.idleMs in the config, or put another model first.';
        deadline.abort(new ModelError({ kind: 'timeout', model: name, message, fix }));
      };
      const whole = setTimeout(end, timeoutMs, `gave no whole reply in ${seconds(timeoutMs)}`);
      const idle = setTimeout(end, idleMs, `was silent for ${seconds(idleMs)}`);
      const signal = AbortSignal.any([request.signal, deadline.signal]);
      const unheeded = afterAbort(signal, graceMs);
      let over = false;
      const alive = (): void => {
        if (!over) idle.refresh();
      };
      try {
        return await Promise.race([
          model.generate({
            ...request,
            signal,
            onActivity: () => {
              alive();
              if (!over) request.onActivity?.();
            },
            onText: (delta) => {
              alive();
              if (!over) request.onText?.(delta);
            },
          }),
          unheeded.happened,
        ]);
      } catch (error) {
        if (request.signal.aborted || !deadline.signal.aborted) throw error;
        throw deadline.signal.reason;
      } finally {
        over = true;
        clearTimeout(whole);
        clearTimeout(idle);
        unheeded.forget();
      }
    },
  };
}

/** Rejects as an interruption when the signal has been aborted for so long, ms. */
function afterAbort(
  signal: AbortSignal,
  graceMs: number,
): { happened: Promise<never>; forget: () => void } {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = (): void => undefined;
  const happened = new Promise<never>((_resolve, reject) => {
    onAbort = () => {
      timer = setTimeout(() => {
        reject(new InterruptedError());
      }, graceMs);
    };
  });
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return {
    happened,
    forget: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    },
  };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
