import { ModelError } from '../../domain/model-error.ts';
import { formatModelRef } from '../../domain/model-role.ts';
import type { LanguageModel } from '../language-model.ts';

/** Ends a call that takes longer than `timeoutMs` in all, or is silent for `idleMs`. */
export function withTimeout(
  model: LanguageModel,
  limits: { timeoutMs: number; idleMs: number },
): LanguageModel {
  return {
    identity: model.identity,
    async generate(request) {
      const deadline = new AbortController();
      let passed: string | null = null;
      const end = (reason: string): void => {
        passed = reason;
        deadline.abort();
      };
      const whole = setTimeout(
        end,
        limits.timeoutMs,
        `gave no whole reply in ${seconds(limits.timeoutMs)}`,
      );
      const idle = setTimeout(end, limits.idleMs, `was silent for ${seconds(limits.idleMs)}`);
      const alive = (): void => void idle.refresh();
      try {
        return await model.generate({
          ...request,
          signal: AbortSignal.any([request.signal, deadline.signal]),
          onActivity: () => {
            alive();
            request.onActivity?.();
          },
          onText: (delta) => {
            alive();
            request.onText?.(delta);
          },
        });
      } catch (error) {
        if (passed === null || request.signal.aborted) throw error;
        const name = formatModelRef(model.identity.ref);
        throw new ModelError({
          kind: 'timeout',
          model: name,
          message: `${name} ${passed}`,
          fix: 'Raise calls.timeoutMs or calls.idleMs in the config, or put another model first.',
          cause: error,
        });
      } finally {
        clearTimeout(whole);
        clearTimeout(idle);
      }
    },
  };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
