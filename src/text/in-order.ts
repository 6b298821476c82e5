/**
 * What `work` makes of each item, in their order, while it is already at the next ones. A failure is thrown in
 * its item's turn. However it ends, what is under way then is waited for, unheard.
 * @param most items at once
 */
export async function* inOrder<T, R>(
  items: Iterable<T>,
  most: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void> {
  const begun: Promise<R>[] = [];
  try {
    for (const item of items) {
      const result = work(item);
      result.catch(() => undefined);
      begun.push(result);
      const first = begun.length < most ? undefined : begun.shift();
      if (first !== undefined) yield await first;
    }
    for (let next = begun.shift(); next !== undefined; next = begun.shift()) yield await next;
  } finally {
    await Promise.allSettled(begun);
  }
}
