import type { Clock } from '../../src/models/middleware/clock.ts';

export interface ManualClock extends Clock {
  /** Lets time pass, with all that is due on the way, and then what promises were waiting for it. */
  pass(ms: number): Promise<void>;
}

/** Time that passes only when the test says so. */
export function manualClock(): ManualClock {
  let now = 1_000_000;
  const alarms = new Set<{ at: number; then: () => void }>();
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    now: () => now,
    after(ms, then) {
      const alarm = { at: now + ms, then };
      alarms.add(alarm);
      return () => alarms.delete(alarm);
    },
    async pass(ms) {
      const end = now + ms;
      await settled();
      for (;;) {
        const [next] = [...alarms].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        alarms.delete(next);
        now = Math.max(now, next.at);
        next.then();
        await settled();
      }
      now = end;
      await settled();
    },
  };
}
