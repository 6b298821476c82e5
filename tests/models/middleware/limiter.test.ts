import { describe, expect, it } from 'vitest';
import { InterruptedError } from '../../../src/domain/errors.ts';
import {
  createLimiter,
  PauseTooLong,
  type LimiterOptions,
  type Permit,
} from '../../../src/models/middleware/limiter.ts';
import { manualClock } from '../../helpers/manual-clock.ts';

function setup(options: Partial<LimiterOptions> = {}) {
  const clock = manualClock();
  const limiter = createLimiter({ longestPauseMs: 60_000, clock, ...options });
  const admitted: string[] = [];
  const turnedAway: [string, unknown][] = [];
  const turns = new Map<string, Permit>();
  /** Asks for a turn, and notes who got it, in order. */
  const ask = (name: string, { tokens = 1, signal = new AbortController().signal } = {}): void => {
    limiter.enter(tokens, signal).then(
      (turn) => {
        admitted.push(name);
        turns.set(name, turn);
      },
      (reason: unknown) => turnedAway.push([name, reason]),
    );
  };
  const turn = (name: string): Permit => {
    const found = turns.get(name);
    if (found === undefined) throw new Error(`${name} was not admitted`);
    return found;
  };
  const end = (name: string): void => {
    turn(name).answered(1);
    turn(name).leave();
  };
  return { clock, limiter, admitted, turnedAway, ask, turn, end };
}

const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `c${at + 1}`);

describe('createLimiter', () => {
  it('holds nobody back without limits', async () => {
    const { ask, admitted, clock, limiter } = setup();
    names(500).forEach((name) => ask(name));
    await clock.pass(0);
    expect(admitted).toEqual(names(500));
    expect(limiter.waitReason()).toBeNull();
  });

  it('keeps to the requests a minute, in the order of asking', async () => {
    const { ask, admitted, clock, limiter } = setup({ requestsPerMinute: 2 });
    names(5).forEach((name) => ask(name));
    await clock.pass(0);
    expect(admitted).toEqual(['c1', 'c2']);
    expect(limiter.waitReason()).toBe('2 requests a minute');
    await clock.pass(59_999);
    expect(admitted).toHaveLength(2);
    await clock.pass(1);
    expect(admitted).toEqual(['c1', 'c2', 'c3', 'c4']);
    await clock.pass(60_000);
    expect(admitted).toEqual(names(5));
  });

  it('keeps to the tokens a minute, and nobody small overtakes', async () => {
    const { ask, admitted, clock, limiter, turn } = setup({ tokensPerMinute: 100 });
    ask('large', { tokens: 90 });
    ask('larger', { tokens: 95 });
    ask('small', { tokens: 5 });
    await clock.pass(0);
    expect(admitted).toEqual(['large']);
    expect(limiter.waitReason()).toBe('100 tokens a minute');
    // The call was far cheaper than its prompt let expect.
    turn('large').answered(3);
    turn('large').leave();
    await clock.pass(0);
    expect(admitted).toEqual(['large', 'larger']);
    await clock.pass(60_000);
    expect(admitted).toEqual(['large', 'larger', 'small']);
  });

  it('keeps to the calls at once, and a turn that is left twice frees one place', async () => {
    const { ask, admitted, clock, limiter, turn } = setup({ concurrency: 2 });
    names(5).forEach((name) => ask(name));
    await clock.pass(100_000);
    expect(admitted).toEqual(['c1', 'c2']);
    expect(limiter.waitReason()).toBe('2 at once are under way');
    turn('c1').leave();
    turn('c1').leave();
    await clock.pass(0);
    expect(admitted).toEqual(['c1', 'c2', 'c3']);
  });

  it('lets a waiting caller be interrupted, and the others go on', async () => {
    const { ask, admitted, turnedAway, clock, end } = setup({ concurrency: 1 });
    const stop = new AbortController();
    ask('c1');
    ask('c2', { signal: stop.signal });
    ask('c3');
    await clock.pass(0);
    stop.abort();
    await clock.pass(0);
    expect(turnedAway).toEqual([['c2', expect.any(InterruptedError)]]);
    end('c1');
    await clock.pass(0);
    expect(admitted).toEqual(['c1', 'c3']);
  });

  it('does not let a large request that gave up hold up what is behind it', async () => {
    const { ask, admitted, clock } = setup({ tokensPerMinute: 10 });
    const stop = new AbortController();
    ask('c1', { tokens: 5 });
    ask('large', { tokens: 10, signal: stop.signal });
    ask('c3', { tokens: 5 });
    await clock.pass(0);
    stop.abort();
    await clock.pass(0);
    expect(admitted).toEqual(['c1', 'c3']);
  });

  it('turns away who was interrupted before', async () => {
    const { ask, turnedAway, clock } = setup();
    ask('c1', { signal: AbortSignal.abort() });
    await clock.pass(0);
    expect(turnedAway).toEqual([['c1', expect.any(InterruptedError)]]);
  });

  describe('after the provider said «too many»', () => {
    it('nobody is sent until the pause that it asked for is over', async () => {
      const { ask, admitted, clock, limiter, turn } = setup();
      ask('c1');
      await clock.pass(0);
      turn('c1').limited(7_000);
      turn('c1').leave();
      ask('c2');
      await clock.pass(6_999);
      expect(admitted).toEqual(['c1']);
      expect(limiter.waitReason()).toBe('the provider asked for a pause');
      await clock.pass(1);
      expect(admitted).toEqual(['c1', 'c2']);
    });

    it('pauses by itself, longer each time, where no time was named', async () => {
      const { ask, admitted, clock, turn } = setup();
      for (const [at, pause] of [1_000, 2_000, 4_000].entries()) {
        ask(`c${at}`);
        await clock.pass(0);
        turn(`c${at}`).limited(undefined);
        turn(`c${at}`).leave();
        ask(`after${at}`);
        await clock.pass(pause - 1);
        expect(admitted).not.toContain(`after${at}`);
        await clock.pass(1);
        expect(admitted).toContain(`after${at}`);
        turn(`after${at}`).leave();
      }
    });

    it('halves the calls at once, once for a burst, and never below one', async () => {
      const { ask, admitted, clock, turn } = setup();
      const rounds: number[] = [];
      names(8).forEach((name) => ask(name));
      for (let round = 0; round < 5; round++) {
        await clock.pass(0);
        const running = admitted.splice(0);
        rounds.push(running.length);
        for (const name of running) turn(name).limited(0);
        for (const name of running) turn(name).leave();
        names(8).forEach((name) => ask(`${round} ${name}`));
      }
      expect(rounds).toEqual([8, 4, 2, 1, 1]);
    });

    it('raises the calls at once again by one a round, up to the limit of the config', async () => {
      const { ask, admitted, clock, turn } = setup({ concurrency: 4 });
      names(4).forEach((name) => ask(name));
      await clock.pass(0);
      names(4).forEach((name) => turn(name).limited(0));
      names(4).forEach((name) => turn(name).leave());
      const many = Array.from({ length: 60 }, (_, at) => `m${at}`);
      many.forEach((name) => ask(name));
      await clock.pass(0);
      const rounds: number[] = [];
      for (let round = 0; round < 6; round++) {
        const running = admitted.splice(0).filter((name) => name.startsWith('m'));
        rounds.push(running.length);
        running.forEach((name) => turn(name).answered(1));
        running.forEach((name) => turn(name).leave());
        await clock.pass(0);
      }
      expect(rounds[0]).toBe(2);
      expect(rounds.at(-1)).toBe(4);
      for (const [at, running] of rounds.entries())
        expect(running - (rounds[at - 1] ?? 2)).toBeLessThanOrEqual(1);
    });

    it('turns callers away while a longer pause is asked for than anyone is held back', async () => {
      const { ask, admitted, turnedAway, clock, turn } = setup({ concurrency: 1 });
      ask('c1');
      ask('c2');
      await clock.pass(0);
      turn('c1').limited(100_000);
      turn('c1').leave();
      ask('c3');
      await clock.pass(0);
      expect(turnedAway).toEqual([
        ['c2', expect.any(PauseTooLong)],
        ['c3', expect.any(PauseTooLong)],
      ]);
      expect(turnedAway[0]?.[1]).toMatchObject({ leftMs: 100_000 });
      await clock.pass(40_000);
      ask('c4');
      await clock.pass(59_999);
      expect(admitted).toEqual(['c1']);
      await clock.pass(1);
      expect(admitted).toEqual(['c1', 'c4']);
    });
  });
});
