import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { InterruptedError, throwIfAborted } from '../../../src/domain/errors.ts';
import { ModelError } from '../../../src/domain/model-error.ts';
import { withTimeout } from '../../../src/models/middleware/timeout.ts';
import type { LanguageModel, ModelRequest } from '../../../src/models/language-model.ts';
import { fakeModel } from '../../helpers/fake-model.ts';
import { request } from '../requests.ts';

const long = 3_600_000;
const unlimited = { timeoutMs: long, firstByteMs: long, idleMs: long };

/** A model that goes on as long as its signal lets it, with a sign of life every so often. */
function endless(
  sign: (request: ModelRequest) => void = () => undefined,
  everyMs = 2,
): LanguageModel {
  const { identity } = fakeModel({});
  return {
    identity,
    async generate(asked) {
      for (;;) {
        await sleep(everyMs);
        throwIfAborted(asked.signal);
        sign(asked);
      }
    },
  };
}

/** The test runner has timers of its own, so leaks are looked for in numbers. */
const many = 40;

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

describe('withTimeout', () => {
  it('passes a call on, and what it streams', async () => {
    const pieces: string[] = [];
    const model = withTimeout(fakeModel({ execute: ['abcd'] }), unlimited);
    const result = await model.generate(request({ onText: (text) => pieces.push(text) }));
    expect(result.text).toBe('abcd');
    expect(pieces).toEqual(['ab', 'cd']);
  });

  it('clears its timers when the call is done', async () => {
    const model = withTimeout(fakeModel({ execute: Array<string>(many).fill('x') }), {
      ...unlimited,
    });
    const before = timers();
    for (let call = 0; call < many; call++) await model.generate(request());
    expect(timers()).toBeLessThan(before + many);
  });

  it('clears its timers when the call fails', async () => {
    const fault = new ModelError({ kind: 'auth', model: 'fake/one', message: 'no' });
    const model = withTimeout(fakeModel({ execute: Array<Error>(many).fill(fault) }), {
      ...unlimited,
    });
    const before = timers();
    for (let call = 0; call < many; call++)
      await expect(model.generate(request())).rejects.toBe(fault);
    expect(timers()).toBeLessThan(before + many);
  });

  it('ends a call that takes too long in all, however alive it is', async () => {
    const model = withTimeout(
      endless(({ onText }) => onText?.('x')),
      { ...unlimited, timeoutMs: 60 },
    );
    await expect(model.generate(request())).rejects.toMatchObject({
      kind: 'timeout',
      model: 'fake/one',
      message: 'fake/one gave no whole reply in 0.1 s',
      fix: expect.stringContaining('calls.timeoutMs'),
    });
  });

  it('ends a call that never begins', async () => {
    const model = withTimeout(endless(), { ...unlimited, firstByteMs: 60, idleMs: 1 });
    await expect(model.generate(request())).rejects.toMatchObject({
      kind: 'timeout',
      message: 'fake/one sent nothing for 0.1 s',
      fix: expect.stringContaining('models["fake/one"].firstByteMs'),
    });
  });

  it('ends a call that begins and then is silent for too long', async () => {
    let begun = false;
    const once = endless(({ onActivity }) => {
      if (!begun) onActivity?.();
      begun = true;
    });
    // The time for a first sign is over by then, and no longer counts.
    const model = withTimeout(once, { ...unlimited, firstByteMs: 5_000, idleMs: 60 });
    await expect(model.generate(request())).rejects.toMatchObject({
      kind: 'timeout',
      message: 'fake/one was silent for 0.1 s',
      fix: expect.stringContaining('calls.idleMs'),
    });
  });

  it('does not count the wait for a turn, and counts from the turn on', async () => {
    const seen: string[] = [];
    const { identity } = fakeModel({});
    const model = withTimeout(
      {
        identity,
        async generate(asked) {
          asked.onWait?.();
          await sleep(400);
          seen.push(asked.signal.aborted ? 'ended in the queue' : 'sent');
          asked.onWaitEnd?.();
          for (;;) {
            await sleep(2);
            throwIfAborted(asked.signal);
          }
        },
      },
      { timeoutMs: 60, firstByteMs: 50, idleMs: 50 },
    );
    await expect(model.generate(request())).rejects.toMatchObject({
      message: 'fake/one sent nothing for 0.1 s',
    });
    expect(seen).toEqual(['sent']);
  });

  it.each(['onText', 'onActivity'] as const)('takes %s for a sign of life', async (sign) => {
    let signs = 0;
    const stop = new AbortController();
    const alive = endless((asked) => {
      signs += 1;
      if (sign === 'onText') asked.onText?.('x');
      else asked.onActivity?.();
      // Far longer than the idle limit in all.
      if (signs === 120) stop.abort();
    }, 25);
    const model = withTimeout(alive, { ...unlimited, firstByteMs: 60_000, idleMs: 2_500 });
    await expect(model.generate(request({ signal: stop.signal }))).rejects.toBeInstanceOf(
      InterruptedError,
    );
    expect(signs).toBe(120);
  });

  it('leaves an interruption by the caller one', async () => {
    const stop = new AbortController();
    const model = withTimeout(endless(), unlimited);
    const answered = model.generate(request({ signal: stop.signal }));
    stop.abort();
    await expect(answered).rejects.toBeInstanceOf(InterruptedError);
    await expect(model.generate(request({ signal: stop.signal }))).rejects.toBeInstanceOf(
      InterruptedError,
    );
  });

  it('tells the call why it is ended', async () => {
    let seen: AbortSignal | undefined;
    const model = withTimeout(
      endless(({ signal }) => {
        seen = signal;
      }),
      { ...unlimited, timeoutMs: 40 },
    );
    await expect(model.generate(request())).rejects.toBeInstanceOf(ModelError);
    expect(seen?.reason).toMatchObject({ kind: 'timeout' });
  });

  describe('a call that does not heed its signal', () => {
    const deaf = (heard: ModelRequest[]): LanguageModel => ({
      identity: fakeModel({}).identity,
      generate: (asked) => {
        heard.push(asked);
        return new Promise(() => undefined);
      },
    });

    it('is left behind after the time limit, and no longer listened to', async () => {
      const heard: ModelRequest[] = [];
      const pieces: string[] = [];
      const model = withTimeout(deaf(heard), { ...unlimited, timeoutMs: 20, graceMs: 20 });
      const answered = model.generate(request({ onText: (text) => pieces.push(text) }));
      await expect(answered).rejects.toMatchObject({ kind: 'timeout' });
      heard[0]?.onText?.('late');
      heard[0]?.onActivity?.();
      expect(pieces).toEqual([]);
    });

    it('is left behind after an interruption', async () => {
      const stop = new AbortController();
      const model = withTimeout(deaf([]), { ...unlimited, graceMs: 20 });
      const answered = model.generate(request({ signal: stop.signal }));
      stop.abort();
      await expect(answered).rejects.toBeInstanceOf(InterruptedError);
    });
  });
});
