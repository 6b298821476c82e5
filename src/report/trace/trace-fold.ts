import type { RunEvent } from '../../domain/event.ts';
import { noUsage, type Usage } from '../../domain/usage.ts';

type Event<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;

/** A call as a journal tells it, its tries together. */
export interface TracedCall {
  readonly run: string;
  readonly call: string;
  readonly role: Event<'call-start'>['role'];
  /** `provider/model`. */
  readonly model: string;
  readonly purpose: Event<'call-start'>['purpose'];
  readonly startedAt: string;
  /** How many calls of this run had the same request before. */
  readonly nth: number;
  tries: number;
  endedAt: string | null;
  durationMs: number | null;
  outcome: 'finished' | 'kept' | 'failed' | 'cut-off';
  finishReason: string | null;
  fault: string | null;
  servedBy: string | null;
  usage: Usage | null;
  usd: number | null;
}

/** Takes a journal's events in their order. */
export interface TraceFold {
  follow(event: RunEvent): void;
  /** In the order in which they began. */
  calls(): readonly TracedCall[];
  /** Those that have ended since this was asked last; but for `all`, not what waits to be tried again. */
  ended(options?: { readonly all: boolean }): TracedCall[];
}

/** A call that is under way, or has failed and may be tried again. */
interface Open {
  readonly traced: TracedCall;
  now: 'asked' | 'failed' | 'waits';
}

export function createTraceFold(): TraceFold {
  const calls: TracedCall[] = [];
  const open = new Map<string, Open>();
  const counts = new Map<string, number>();
  const untold = new Set<TracedCall>();

  const begin = (
    event: Event<'call-start' | 'call-finish' | 'call-fail'>,
    key: string,
  ): TracedCall => {
    const { run, call, role, model, purpose, at } = event;
    const nth = counts.get(key) ?? 0;
    counts.set(key, nth + 1);
    const traced: TracedCall = {
      run,
      call,
      role,
      model,
      purpose,
      startedAt: at,
      nth,
      tries: 0,
      endedAt: null,
      durationMs: null,
      outcome: 'cut-off',
      finishReason: null,
      fault: null,
      servedBy: null,
      usage: null,
      usd: null,
    };
    calls.push(traced);
    untold.add(traced);
    return traced;
  };

  const started = (event: Event<'call-start'>, key: string): void => {
    const before = open.get(key);
    const traced = before?.now === 'waits' ? before.traced : begin(event, key);
    traced.tries++;
    open.set(key, { traced, now: 'asked' });
  };

  const ended = (event: Event<'call-finish' | 'call-fail'>, key: string): void => {
    const isKept = event.type === 'call-finish' && event.stored;
    // A journal that was cut short may tell the end alone.
    const known = isKept ? undefined : open.get(key);
    const traced = known?.traced ?? begin(event, key);
    traced.endedAt = event.at;
    traced.durationMs = event.durationMs;
    if (isKept) {
      const { finishReason, servedBy } = event;
      Object.assign(traced, { outcome: 'kept', finishReason, servedBy });
      return;
    }
    traced.tries = Math.max(1, traced.tries);
    if (event.usage !== undefined) traced.usage = added(traced.usage, event.usage);
    if (event.usd !== undefined) traced.usd = (traced.usd ?? 0) + event.usd;
    if (event.type === 'call-fail') {
      Object.assign(traced, { outcome: 'failed', fault: event.kind });
      if (known !== undefined) known.now = 'failed';
      return;
    }
    const { finishReason, servedBy } = event;
    Object.assign(traced, { outcome: 'finished', fault: null, finishReason, servedBy });
    open.delete(key);
  };

  return {
    calls: () => calls,
    ended({ all } = { all: false }) {
      const goesOn = new Set(
        [...open.values()].flatMap(({ traced, now }) => (now === 'failed' ? [] : [traced])),
      );
      const isEnded = (call: TracedCall): boolean => call.endedAt !== null;
      const ended = [...untold].filter((call) => isEnded(call) && (all || !goesOn.has(call)));
      for (const call of ended) untold.delete(call);
      return ended;
    },
    follow(event) {
      if (!('call' in event)) return;
      const key = `${event.run} ${event.call}`;
      if (event.type === 'call-start') started(event, key);
      if (event.type === 'call-finish' || event.type === 'call-fail') ended(event, key);
      const known = event.type === 'call-retry' ? open.get(key) : undefined;
      if (known !== undefined) known.now = 'waits';
    },
  };
}

function added(sum: Usage | null, usage: Usage): Usage {
  const before = sum ?? noUsage;
  return {
    input: before.input + usage.input,
    cachedInput: before.cachedInput + usage.cachedInput,
    cacheWrite: before.cacheWrite + usage.cacheWrite,
    output: before.output + usage.output,
    reasoning: before.reasoning + usage.reasoning,
  };
}
