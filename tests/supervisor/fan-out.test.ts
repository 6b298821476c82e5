import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { BlueprintError, ExitCode, InterruptedError } from '../../src/domain/errors.ts';
import { ModelError } from '../../src/domain/model-error.ts';
import { errorOfAll, failureOf, fanOut, withinDeadline } from '../../src/supervisor/fan-out.ts';
import { askForObject, type Work } from '../../src/supervisor/work.ts';
import * as z from 'zod';
import { fakeModel, fakeRouter } from '../helpers/fake-model.ts';
import { workOver } from '../helpers/work.ts';

const work = workOver(fakeRouter({}));
const noMoney = new BlueprintError({
  code: 'budget-reached',
  message: 'No money is left',
  exitCode: ExitCode.budget,
});
const fault = (kind: 'network' | 'malformed'): ModelError =>
  new ModelError({ kind, model: 'fake/one', message: `${kind} it is` });

/** Ends with its signal, as calls do. */
const untilAborted = ({ signal }: Work): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new InterruptedError()), { once: true });
  });

describe('a fan-out', () => {
  it('gives what each gave, in their order, whoever ends first', async () => {
    const given = await fanOut(work, [30, 1, 10], async (ms, _work, index) => {
      await sleep(ms);
      return `${index}: ${ms}`;
    });
    expect(given).toEqual(['0: 30', '1: 1', '2: 10']);
  });

  it('ends the others with the error of one, and throws it when nobody runs any more', async () => {
    const running = new Set<number>();
    const run = async (index: number, shared: Work): Promise<void> => {
      running.add(index);
      try {
        if (index === 1) throw new TypeError('a bug');
        await untilAborted(shared);
      } finally {
        await sleep(5);
        running.delete(index);
      }
    };
    await expect(fanOut(work, [0, 1, 2], run)).rejects.toThrow(new TypeError('a bug'));
    expect(running.size).toBe(0);
  });

  it('is interrupted where the work is', async () => {
    const stop = new AbortController();
    const own = { ...work, signal: stop.signal };
    const given = fanOut(own, [1, 2], (_member, shared) => untilAborted(shared));
    stop.abort();
    await expect(given).rejects.toBeInstanceOf(InterruptedError);
  });
});

describe('a deadline', () => {
  const limit = (ms: number | null) => ({ name: 'fake/one', ms, fix: 'Wait longer.' });

  it('makes a failure of what takes longer, with the fix', async () => {
    const outcome = await withinDeadline(work, limit(10), untilAborted);
    expect(outcome).toMatchObject({
      failure: {
        kind: 'timeout',
        message: 'fake/one gave no whole answer in 0.01 s',
        error: { fix: 'Wait longer.' },
      },
    });
  });

  it('does not count the time in which a call waits for its turn', async () => {
    const model = fakeModel({
      ask: [
        async ({ onWait, onWaitEnd, signal }) => {
          onWait?.();
          await sleep(600);
          const endedInTheQueue = signal.aborted;
          onWaitEnd?.();
          return { endedInTheQueue };
        },
      ],
    });
    const ask = (timed: Work) =>
      askForObject(
        timed,
        model,
        { role: 'critic', stage: 'ask', parts: [] },
        'reply',
        z.strictObject({ endedInTheQueue: z.boolean() }),
      );
    expect(await withinDeadline(work, limit(300), ask)).toMatchObject({
      value: { object: { endedInTheQueue: false } },
    });
  });

  it('goes on counting when the turn has come, and while another call works', async () => {
    const outcome = await withinDeadline(work, limit(20), async (timed) => {
      timed.pace?.onWait?.();
      timed.pace?.onWait?.();
      timed.pace?.onWaitEnd?.();
      timed.pace?.onWaitEnd?.();
      return untilAborted(timed);
    });
    expect(outcome).toMatchObject({ failure: { kind: 'timeout' } });
  });

  it('is none without a limit', async () => {
    expect(await withinDeadline(work, limit(null), async () => 'done')).toEqual({ value: 'done' });
  });

  it('is no failure where the work itself was ended', async () => {
    const stop = new AbortController();
    stop.abort();
    const own = { ...work, signal: stop.signal };
    const ended = withinDeadline(own, limit(10), () => Promise.reject(fault('network')));
    await expect(ended).rejects.toBeInstanceOf(InterruptedError);
  });
});

describe('a failure', () => {
  it.each([
    [noMoney, 'budget'],
    [new BlueprintError({ code: 'price-unknown', message: 'x' }), 'price_unknown'],
    [new BlueprintError({ code: 'no-model', message: 'x' }), 'unavailable'],
    [fault('network'), 'network'],
  ])('is what a model or the budget could not give: %s', (error, kind) => {
    expect(failureOf(error)).toMatchObject({ kind, error, message: error.message });
  });

  it.each([
    new InterruptedError(),
    new TypeError('a bug'),
    new BlueprintError({ code: 'path-unsafe', message: 'x' }),
  ])('is nothing else: %s', (error) => {
    expect(() => failureOf(error)).toThrow(error);
  });

  it('of all is the budget’s, then one of the kinds that weigh most', () => {
    const [network, malformed, money] = [fault('network'), fault('malformed'), noMoney].map(
      (error) => failureOf(error),
    );
    if (network === undefined || malformed === undefined || money === undefined) throw new Error();
    const kinds = new Set(['malformed']);
    expect(errorOfAll([network, malformed, money], kinds)).toBe(noMoney);
    expect(errorOfAll([network, malformed], kinds)).toBe(malformed.error);
    expect(errorOfAll([network], kinds)).toBe(network.error);
    expect(errorOfAll([], kinds)).toBeInstanceOf(RangeError);
  });
});
