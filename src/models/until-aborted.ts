import { InterruptedError } from '../domain/errors.ts';

/**
 * What the work gives, but no later than the signal's abort: the work need not notice that, and what it
 * makes of it afterwards is of no interest.
 * @throws InterruptedError
 */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => undefined);
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(new InterruptedError());
  });
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
