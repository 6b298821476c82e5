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
}

export function createTraceFold(): TraceFold {
  const calls: TracedCall[] = [];
  /** By run and request: the call that is under way, or failed and may be tried again. */
  const open = new Map<string, { readonly traced: TracedCall; again: boolean }>();

  const begin = (event: Event<'call-start' | 'call-finish' | 'call-fail'>): TracedCall => {
    const { run, call, role, model, purpose, at } = event;
    const traced: TracedCall = {
      run,
      call,
      role,
      model,
      purpose,
      startedAt: at,
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
    return traced;
  };

  const started = (event: Event<'call-start'>, key: string): void => {
    const before = open.get(key);
    const traced = before?.again === true ? before.traced : begin(event);
    traced.tries++;
    open.set(key, { traced, again: false });
  };

  const ended = (event: Event<'call-finish' | 'call-fail'>, key: string): void => {
    const isKept = event.type === 'call-finish' && event.stored;
    // A journal that was cut short may tell the end alone.
    const traced = isKept ? begin(event) : (open.get(key)?.traced ?? begin(event));
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
      return;
    }
    const { finishReason, servedBy } = event;
    Object.assign(traced, { outcome: 'finished', fault: null, finishReason, servedBy });
    open.delete(key);
  };

  return {
    calls: () => calls,
    follow(event) {
      if (!('call' in event)) return;
      const key = `${event.run} ${event.call}`;
      if (event.type === 'call-start') started(event, key);
      if (event.type === 'call-finish' || event.type === 'call-fail') ended(event, key);
      const known = event.type === 'call-retry' ? open.get(key) : undefined;
      if (known !== undefined) known.again = true;
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
