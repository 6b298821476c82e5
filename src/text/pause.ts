import { throwIfAborted } from '../domain/errors.ts';

/** An interrupt is seen after this time at the latest, between two steps of long work. */
const longestStretchMs = 20;

/**
 * For work in many steps that would keep the program deaf: called between two of them, it lets signals and
 * timers be served from time to time. @throws InterruptedError
 */
export function createPause(signal?: AbortSignal): () => Promise<void> | undefined {
  let end = performance.now() + longestStretchMs;
  return () => {
    if (signal !== undefined) throwIfAborted(signal);
    return performance.now() < end ? undefined : serveOthers();
  };

  async function serveOthers(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (signal !== undefined) throwIfAborted(signal);
    end = performance.now() + longestStretchMs;
  }
}
