import { describe, expect, it } from 'vitest';
import type { RunEventBody } from '../../../src/domain/event.ts';
import { InterruptedError } from '../../../src/domain/errors.ts';
import {
  ModelError,
  modelErrorKinds,
  type ModelErrorKind,
} from '../../../src/domain/model-error.ts';
import { withRetry } from '../../../src/models/middleware/retry.ts';
import { requestHash } from '../../../src/models/request-hash.ts';
import { fakeModel, type FakeReply } from '../../helpers/fake-model.ts';
import { request } from '../requests.ts';

const fault = (kind: ModelErrorKind, retryAfterMs?: number): ModelError =>
  new ModelError({ kind, model: 'fake/one', message: kind, retryAfterMs });

function setup(replies: readonly FakeReply[], options: { retries?: number; random?: number } = {}) {
  const model = fakeModel({ execute: replies });
  const events: (RunEventBody & { type: 'call-retry' })[] = [];
  const retried = withRetry(model, {
    retries: options.retries ?? 4,
    maxRetryAfterMs: 60_000,
    random: () => options.random ?? 0,
    emit: (event) => {
      if (event.type !== 'call-retry') throw new Error(`Unexpected ${event.type}`);
      events.push(event);
    },
  });
  return { model, retried, events };
}

describe('withRetry', () => {
  it.each(modelErrorKinds)('tries again on %s only if that is transient', async (kind) => {
    const transient = ['rate_limit', 'overloaded', 'timeout', 'network'].includes(kind);
    const { model, retried, events } = setup([fault(kind), 'x']);
    const answered = retried.generate(request());
    if (transient) expect((await answered).text).toBe('x');
    else await expect(answered).rejects.toMatchObject({ kind });
    expect(model.requests).toHaveLength(transient ? 2 : 1);
    expect(events).toHaveLength(transient ? 1 : 0);
  });

  it('does not try again after anything but a model error', async () => {
    const bug = new TypeError('a bug');
    const { model, retried } = setup([bug, 'x']);
    await expect(retried.generate(request())).rejects.toBe(bug);
    expect(model.requests).toHaveLength(1);
  });

  it('says each time which call it repeats, why, and how long it waits', async () => {
    const { model, retried, events } = setup([fault('overloaded'), fault('network', 3), 'x']);
    await retried.generate(request());
    const call = {
      type: 'call-retry',
      call: requestHash(model.identity.ref, request()),
      role: 'coder',
      model: 'fake/one',
      purpose: request().purpose,
    };
    expect(events).toEqual([
      { ...call, tries: 1, kind: 'overloaded', delayMs: 0 },
      { ...call, tries: 2, kind: 'network', delayMs: 3 },
    ]);
  });

  it('gives up after so many retries, with the last fault', async () => {
    const { model, retried } = setup([fault('network'), fault('network'), fault('timeout')], {
      retries: 2,
    });
    await expect(retried.generate(request())).rejects.toMatchObject({ kind: 'timeout' });
    expect(model.requests).toHaveLength(3);
  });

  it('makes none where none are wanted', async () => {
    const { model, retried } = setup([fault('network')], { retries: 0 });
    await expect(retried.generate(request())).rejects.toMatchObject({ kind: 'network' });
    expect(model.requests).toHaveLength(1);
  });

  // An abort ends the wait, so that its length is read off the event.
  async function announced(fault_: ModelError, random: number): Promise<number> {
    const stop = new AbortController();
    const events: number[] = [];
    const retried = withRetry(fakeModel({ execute: [fault_] }), {
      retries: 1,
      maxRetryAfterMs: 60_000,
      random: () => random,
      emit: (event) => {
        if (event.type === 'call-retry') events.push(event.delayMs);
        stop.abort();
      },
    });
    await expect(retried.generate(request({ signal: stop.signal }))).rejects.toBeInstanceOf(
      InterruptedError,
    );
    return events[0] ?? Number.NaN;
  }

  it.each([
    [undefined, 0, 0],
    [undefined, 0.5, 500],
    [undefined, 1, 1000],
    [1234, 0.5, 1234],
    [60_000, 0.5, 60_000],
    [-5, 1, 0],
  ])('waits, when asked for %s ms and with chance %d, %d ms', async (asked, random, delay) => {
    expect(await announced(fault('rate_limit', asked), random)).toBe(delay);
  });

  it('doubles the bound of its jitter', async () => {
    const { retried, events } = setup([fault('network'), fault('network'), fault('network'), 'x'], {
      random: 0.001,
    });
    await retried.generate(request());
    expect(events.map(({ delayMs }) => delayMs)).toEqual([1, 2, 4]);
  });

  it('leaves a provider that asks for a long wait to the next model', async () => {
    const { model, retried, events } = setup([fault('rate_limit', 60_001)]);
    await expect(retried.generate(request())).rejects.toMatchObject({ kind: 'rate_limit' });
    expect(model.requests).toHaveLength(1);
    expect(events).toEqual([]);
  });

  it('ends a long wait at once when it is interrupted', async () => {
    const stop = new AbortController();
    const { model, retried, events } = setup([fault('rate_limit', 50_000), 'x']);
    const answered = retried.generate(request({ signal: stop.signal }));
    setTimeout(() => stop.abort(), 5);
    await expect(answered).rejects.toBeInstanceOf(InterruptedError);
    expect(model.requests).toHaveLength(1);
    expect(events).toHaveLength(1);
  });
});
