/**
 * What each gives, in order, once all have ended. The first error is thrown then: nothing is left running
 * behind it, as `Promise.all` would.
 */
export async function allEnded<T>(running: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(running);
  return Promise.all(running);
}
