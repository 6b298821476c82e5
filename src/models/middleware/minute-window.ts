const spanMs = 60_000;

/** What was spent in the last minute, held under a limit. */
export interface MinuteWindow {
  /** How long until `amount` fits, ms; 0 when it does. More than the limit fits into an empty minute. */
  waitMs(now: number, amount: number): number;
  /** Spends. @returns what puts the real amount in the place of the one that was expected. */
  spend(now: number, amount: number): (real: number) => void;
}

interface Entry {
  readonly at: number;
  amount: number;
}

/** @param limit per minute; undefined for none. */
export function createMinuteWindow(limit: number | undefined): MinuteWindow {
  if (limit === undefined) return { waitMs: () => 0, spend: () => () => undefined };
  const entries: Entry[] = [];
  const forgetBefore = (time: number): void => {
    while (entries[0] !== undefined && entries[0].at <= time) entries.shift();
  };
  return {
    waitMs(now, amount) {
      forgetBefore(now - spanMs);
      let spent = entries.reduce((sum, entry) => sum + entry.amount, 0);
      let wait = 0;
      for (const entry of entries) {
        if (spent + amount <= limit) break;
        spent -= entry.amount;
        wait = entry.at + spanMs - now;
      }
      return wait;
    },
    spend(now, amount) {
      const entry = { at: now, amount };
      entries.push(entry);
      return (real) => {
        entry.amount = real;
      };
    },
  };
}
