import type { FileChanges } from '../domain/bundle.ts';
import { sha256 } from '../text/sha256.ts';

/** What was read and is now neither as it was nor as it is to be, sorted. */
export async function conflicting(
  changes: FileChanges,
  seen: ReadonlyMap<string, string | null>,
  hashOf: (path: string) => Promise<string | null>,
): Promise<string[]> {
  const conflicts: string[] = [];
  for (const [path, expected] of seen) {
    const hash = await hashOf(path);
    const wanted = changes.get(path);
    if (hash !== expected && hash !== (typeof wanted === 'string' ? sha256(wanted) : wanted))
      conflicts.push(path);
  }
  return conflicts.sort();
}

export function sortedByPath<T>(entries: Iterable<readonly [string, T]>): Map<string, T> {
  return new Map([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
