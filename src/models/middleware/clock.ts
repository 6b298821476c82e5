/** Time as the limits see it. */
export interface Clock {
  /** ms since the epoch. */
  now(): number;
  /** Calls `then` after so many ms, unless what is returned is called before. */
  after(ms: number, then: () => void): () => void;
}

export function systemClock(now: () => Date): Clock {
  return {
    now: () => now().getTime(),
    after(ms, then) {
      const timer = setTimeout(then, ms);
      return () => clearTimeout(timer);
    },
  };
}
