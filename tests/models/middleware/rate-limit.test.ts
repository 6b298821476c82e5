import { describe, expect, it } from 'vitest';
import { InterruptedError } from '../../../src/domain/errors.ts';
import type { RunEventBody } from '../../../src/domain/event.ts';
import { ModelError } from '../../../src/domain/model-error.ts';
import { createLimiter, type LimiterOptions } from '../../../src/models/middleware/limiter.ts';
import { withRateLimit } from '../../../src/models/middleware/rate-limit.ts';
import { requestHash } from '../../../src/models/request-hash.ts';
import { fakeModel, type FakeReply } from '../../helpers/fake-model.ts';
import { manualClock } from '../../helpers/manual-clock.ts';
import { request } from '../requests.ts';

const tooMany = (retryAfterMs?: number): ModelError =>
  new ModelError({ kind: 'rate_limit', model: 'fake/one', message: '429', retryAfterMs });

function setup(replies: readonly FakeReply[], options: Partial<LimiterOptions> = {}) {
  const clock = manualClock();
  const limiter = createLimiter({ longestPauseMs: 60_000, clock, ...options });
  const events: RunEventBody[] = [];
  const emit = (event: RunEventBody): void => void events.push(event);
  const model = fakeModel({ execute: replies });
  const limited = withRateLimit(model, { limiter, emit, clock });
  /** Another model of the same provider. */
  const sibling = (script: readonly FakeReply[]) =>
    withRateLimit(fakeModel({ execute: script }, { ref: 'fake/two' }), { limiter, emit, clock });
  return { clock, model, limited, sibling, events };
}

describe('withRateLimit', () => {
  it('passes a call on at once where nothing limits it, without an event', async () => {
    const { limited, events, model } = setup(['x']);
    const pieces: string[] = [];
    const result = await limited.generate(request({ onText: (text) => pieces.push(text) }));
    expect(result.text).toBe('x');
    expect(pieces.join('')).toBe('x');
    expect(model.requests).toHaveLength(1);
    expect(events).toEqual([]);
  });

  it('says that it waits, that its turn has come, and why a long wait was', async () => {
    const { limited, events, clock, model } = setup(['x', 'y'], { requestsPerMinute: 1 });
    await limited.generate(request());
    const told: string[] = [];
    const asked = {
      ...request(),
      onWait: () => told.push('waits'),
      onWaitEnd: () => told.push(`turn after ${model.requests.length} sent`),
    };
    const second = limited.generate(asked);
    await clock.pass(999);
    expect(events).toEqual([]);
    expect(told).toEqual(['waits']);
    await clock.pass(1);
    expect(events).toEqual([
      {
        type: 'call-wait',
        call: requestHash(model.identity.ref, request()),
        role: 'coder',
        model: 'fake/one',
        purpose: request().purpose,
        reason: '1 requests a minute',
      },
    ]);
    await clock.pass(60_000);
    expect((await second).text).toBe('y');
    expect(told).toEqual(['waits', 'turn after 1 sent']);
    expect(events).toHaveLength(1);
  });

  it('counts the prompt before the call and the real usage after it', async () => {
    const { limited, clock } = setup(['x', 'y'], { tokensPerMinute: 1_000 });
    const long = { role: 'user' as const, name: 'task', text: 'x'.repeat(3_500) };
    await limited.generate(request({ parts: [long] }));
    // The fake reports no tokens at all, so that the second is not held back.
    const second = limited.generate(request({ parts: [long] }));
    await clock.pass(0);
    expect((await second).text).toBe('y');
  });

  it('pauses all models of the provider after «too many»', async () => {
    const { limited, sibling, clock } = setup([tooMany(5_000)]);
    await expect(limited.generate(request())).rejects.toMatchObject({ kind: 'rate_limit' });
    let answered = false;
    const other = sibling(['y'])
      .generate(request())
      .then(() => {
        answered = true;
      });
    await clock.pass(4_999);
    expect(answered).toBe(false);
    await clock.pass(1);
    await other;
    expect(answered).toBe(true);
  });

  it('frees its place whatever happens to the call', async () => {
    const bug = new TypeError('a bug');
    const { limited } = setup([bug, tooMany(0), 'x'], { concurrency: 1 });
    await expect(limited.generate(request())).rejects.toBe(bug);
    await expect(limited.generate(request())).rejects.toMatchObject({ kind: 'rate_limit' });
    expect((await limited.generate(request())).text).toBe('x');
  });

  it('frees the place of a call that was told to end, however long that takes', async () => {
    const { limited, clock } = setup([() => new Promise<string>(() => undefined), 'x'], {
      concurrency: 1,
    });
    const stop = new AbortController();
    void limited.generate(request({ signal: stop.signal }));
    const second = limited.generate(request());
    await clock.pass(0);
    stop.abort();
    expect((await second).text).toBe('x');
  });

  it('ends a wait that is interrupted, and sends nothing', async () => {
    const { limited, model, clock } = setup([tooMany(50_000), 'x']);
    await expect(limited.generate(request())).rejects.toBeInstanceOf(ModelError);
    const stop = new AbortController();
    const waiting = limited.generate(request({ signal: stop.signal }));
    await clock.pass(0);
    stop.abort();
    await expect(waiting).rejects.toBeInstanceOf(InterruptedError);
    expect(model.requests).toHaveLength(1);
  });

  it('turns calls away as limited, with the time left, while the provider wants a long pause', async () => {
    const { limited, model, clock } = setup([tooMany(100_000), 'x']);
    await expect(limited.generate(request())).rejects.toBeInstanceOf(ModelError);
    await clock.pass(10_000);
    await expect(limited.generate(request())).rejects.toMatchObject({
      kind: 'rate_limit',
      model: 'fake/one',
      retryAfterMs: 90_000,
      message: 'fake/one was not asked: The provider asked for a pause of 90 s',
    });
    expect(model.requests).toHaveLength(1);
  });
});
