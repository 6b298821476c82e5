import { ModelError } from '../../domain/model-error.ts';
import { formatModelRef } from '../../domain/model-role.ts';
import type { LanguageModel } from '../language-model.ts';
import { untilAborted } from '../until-aborted.ts';

export interface TimeoutLimits {
  /** For a whole call, ms. */
  readonly timeoutMs: number;
  /** Until the first sign of life, ms. */
  readonly firstByteMs: number;
  /** Without a sign of life after the first, ms. */
  readonly idleMs: number;
  /** How long a call that was told to end may take to do so before it is left behind, ms. */
  readonly graceMs?: number;
}

/**
 * Ends a call that takes longer than `timeoutMs` in all, does not begin within `firstByteMs`, or is then
 * silent for `idleMs`. Waiting for a turn does not count. The signal that the call sees carries the
 * ModelError as its reason. A call that does not heed its signal is left behind, so that nothing can hang
 * a command.
 */
export function withTimeout(model: LanguageModel, limits: TimeoutLimits): LanguageModel {
  const { graceMs = 2_000 } = limits;
  return {
    identity: model.identity,
    async generate(request) {
      const deadline = new AbortController();
      const name = formatModelRef(model.identity.ref);
      const clocks = startClocks(limits, (setting, message) => {
        const fix = `Raise calls.${setting}, or models["${name}"].${setting}, in the config, or put another model first.`;
        const about = { kind: 'timeout', model: name, message: `${name} ${message}`, fix } as const;
        deadline.abort(new ModelError(about));
      });
      const signal = AbortSignal.any([request.signal, deadline.signal]);
      const left = new AbortController();
      let grace: NodeJS.Timeout | undefined;
      const onAbort = (): void => {
        grace = setTimeout(() => left.abort(), graceMs);
      };
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true });
      let over = false;
      try {
        const call = model.generate({
          ...request,
          signal,
          onWait: () => {
            if (!over) clocks.stop();
            request.onWait?.();
          },
          onWaitEnd: () => {
            if (!over) clocks.start();
            request.onWaitEnd?.();
          },
          onActivity: () => {
            if (over) return;
            clocks.alive();
            request.onActivity?.();
          },
          onText: (delta) => {
            if (over) return;
            clocks.alive();
            request.onText?.(delta);
          },
        });
        return await untilAborted(call, left.signal);
      } catch (error) {
        if (request.signal.aborted || !deadline.signal.aborted) throw error;
        throw deadline.signal.reason;
      } finally {
        over = true;
        clocks.stop();
        signal.removeEventListener('abort', onAbort);
        clearTimeout(grace);
      }
    },
  };
}

type Setting = 'timeoutMs' | 'firstByteMs' | 'idleMs';

/** The clocks of one call, running; `end` is called when one of them runs out. */
function startClocks(limits: TimeoutLimits, end: (setting: Setting, message: string) => void) {
  let whole: NodeJS.Timeout | undefined;
  let first: NodeJS.Timeout | undefined;
  let idle: NodeJS.Timeout | undefined;
  const clock = (setting: Setting, message: string): NodeJS.Timeout =>
    setTimeout(() => end(setting, `${message} ${seconds(limits[setting])}`), limits[setting]);
  const stop = (): void => {
    for (const timer of [whole, first, idle]) clearTimeout(timer);
    idle = undefined;
  };
  const start = (): void => {
    stop();
    whole = clock('timeoutMs', 'gave no whole reply in');
    first = clock('firstByteMs', 'sent nothing for');
  };
  start();
  return {
    start,
    stop,
    alive: () => {
      clearTimeout(first);
      if (idle === undefined) idle = clock('idleMs', 'was silent for');
      else idle.refresh();
    },
  };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
