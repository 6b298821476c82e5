import { setTimeout as sleep } from 'node:timers/promises';

/** A call of a fan-out; it tells when its reply has begun. */
export type FannedCall<T> = (begun: () => void) => Promise<T>;

/** How long the others wait for the first reply to begin, ms. A silent model must not hold up the rest. */
const patienceMs = 5_000;

/**
 * Sends the first call, and the others once its reply has begun: the prefix that they share is then in the
 * provider's cache, and is not paid for in full by each. They go too when the first has ended, or is silent.
 * @returns what each came to, in order; never rejects.
 */
export async function fanOut<T>(
  calls: readonly FannedCall<T>[],
  options: { readonly patienceMs?: number } = {},
): Promise<PromiseSettledResult<T>[]> {
  const [first, ...others] = calls;
  if (first === undefined) return [];
  const over = new AbortController();
  const opened = new Promise<void>((resolve) =>
    over.signal.addEventListener('abort', () => resolve()),
  );
  const begun = (): void => over.abort();
  const leader = first(begun).finally(begun);
  // Its fault is told by the result below.
  leader.catch(() => undefined);
  if (others.length > 0) {
    const patience = sleep(options.patienceMs ?? patienceMs, undefined, { signal: over.signal });
    await Promise.race([opened, patience.catch(() => undefined)]);
  }
  begun();
  return Promise.allSettled([leader, ...others.map((call) => call(() => undefined))]);
}
