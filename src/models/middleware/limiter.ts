import { InterruptedError } from '../../domain/errors.ts';
import type { Clock } from './clock.ts';
import { createMinuteWindow } from './minute-window.ts';

export interface LimiterOptions {
  readonly requestsPerMinute?: number | undefined;
  /** Input and output together. */
  readonly tokensPerMinute?: number | undefined;
  /** Calls at once, however well things go. */
  readonly concurrency?: number | undefined;
  /** Callers are turned away, not held back, while the provider asks for more than so long a pause, ms. */
  readonly longestPauseMs: number;
  readonly clock: Clock;
}

/** A call that may be sent. Each must be left, in whatever way it ends. */
export interface Permit {
  /** It was answered, and cost so many tokens. */
  answered(tokens: number): void;
  /** The provider said that there are too many calls. */
  limited(retryAfterMs: number | undefined): void;
  leave(): void;
}

/** The way to one provider: calls go in the order in which they came. */
export interface Limiter {
  /** @throws InterruptedError when the signal ends the wait. @throws PauseTooLong */
  enter(tokens: number, signal: AbortSignal): Promise<Permit>;
  /** What keeps the first of those that wait, in words; null when none waits. */
  waitReason(): string | null;
}

/** Thrown to callers that would wait longer than the limiter holds anyone back. */
export class PauseTooLong extends Error {
  readonly leftMs: number;
  constructor(leftMs: number) {
    super(`The provider asked for a pause of ${Math.ceil(leftMs / 1000)} s`);
    this.leftMs = leftMs;
  }
}

interface Waiter {
  readonly tokens: number;
  readonly admit: (permit: Permit) => void;
  readonly turnAway: (reason: Error) => void;
}

const firstPauseMs = 1_000;
const longestOwnPauseMs = 30_000;

/**
 * Holds calls under the limits that the config states, and under one that is found out: a «too many»
 * halves the number of calls at once, and answers raise it again by one a round. While the provider asks
 * for a pause nobody is sent.
 */
export function createLimiter(options: LimiterOptions): Limiter {
  const { requestsPerMinute, tokensPerMinute, longestPauseMs, clock } = options;
  const most = options.concurrency ?? Number.POSITIVE_INFINITY;
  const requests = createMinuteWindow(requestsPerMinute);
  const tokens = createMinuteWindow(tokensPerMinute);
  const queue: Waiter[] = [];
  let atOnce = most;
  let inFlight = 0;
  let pausedUntil = 0;
  /** Raised with each halving, so that one burst of refusals halves once. */
  let generation = 0;
  let refusals = 0;
  let cancelAlarm = (): void => undefined;

  const obstacle = (wanted: number): { words: string; forMs: number | null } | null => {
    const now = clock.now();
    const forMs = pausedUntil - now;
    if (forMs > 0) return { words: 'the provider asked for a pause', forMs };
    if (inFlight >= Math.floor(atOnce))
      return { words: `${Math.floor(atOnce)} at once are under way`, forMs: null };
    const forRequests = requests.waitMs(now, 1);
    if (forRequests > 0)
      return { words: `${requestsPerMinute} requests a minute`, forMs: forRequests };
    const forTokens = tokens.waitMs(now, wanted);
    return forTokens > 0 ? { words: `${tokensPerMinute} tokens a minute`, forMs: forTokens } : null;
  };

  const serve = (): void => {
    cancelAlarm();
    cancelAlarm = () => undefined;
    for (let next = queue[0]; next !== undefined; next = queue[0]) {
      const found = obstacle(next.tokens);
      if (found !== null) {
        if (found.forMs !== null) cancelAlarm = clock.after(found.forMs, serve);
        return;
      }
      queue.shift();
      next.admit(givePermit(next.tokens));
    }
  };

  const pause = (forMs: number): void => {
    pausedUntil = Math.max(pausedUntil, clock.now() + forMs);
    const leftMs = pausedUntil - clock.now();
    if (leftMs > longestPauseMs)
      for (const waiter of queue.splice(0)) waiter.turnAway(new PauseTooLong(leftMs));
  };

  const givePermit = (expected: number): Permit => {
    const born = generation;
    const settle = tokens.spend(clock.now(), expected);
    requests.spend(clock.now(), 1);
    inFlight += 1;
    let left = false;
    return {
      answered(real) {
        settle(real);
        refusals = 0;
        // Room that nobody uses says nothing about how much there is.
        if (inFlight >= Math.floor(atOnce)) atOnce = Math.min(most, atOnce + 1 / atOnce);
      },
      limited(retryAfterMs) {
        const first = born === generation;
        if (first) {
          generation += 1;
          refusals += 1;
          atOnce = Math.max(1, Math.floor(Math.min(atOnce, inFlight) / 2));
        }
        const own = first ? Math.min(longestOwnPauseMs, firstPauseMs * 2 ** (refusals - 1)) : 0;
        pause(retryAfterMs ?? own);
      },
      leave() {
        if (left) return;
        left = true;
        inFlight -= 1;
        serve();
      },
    };
  };

  return {
    enter(wanted, signal) {
      return new Promise((resolve, reject) => {
        const leftMs = pausedUntil - clock.now();
        if (signal.aborted) return reject(new InterruptedError());
        if (leftMs > longestPauseMs) return reject(new PauseTooLong(leftMs));
        const giveUp = (): void => {
          queue.splice(queue.indexOf(waiter), 1);
          reject(new InterruptedError());
          serve();
        };
        const waiter: Waiter = {
          tokens: wanted,
          admit(permit) {
            signal.removeEventListener('abort', giveUp);
            resolve(permit);
          },
          turnAway(reason) {
            signal.removeEventListener('abort', giveUp);
            reject(reason);
          },
        };
        signal.addEventListener('abort', giveUp, { once: true });
        queue.push(waiter);
        serve();
      });
    },
    waitReason: () => {
      const [first] = queue;
      return first === undefined ? null : (obstacle(first.tokens)?.words ?? null);
    },
  };
}
