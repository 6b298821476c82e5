import type { FileChanges } from '../domain/bundle.ts';
import type { FileState } from '../files/safe-file.ts';
import { contentHash } from '../text/moved-file.ts';

/** What was read and is now neither as it was nor as it is to be, sorted. */
export async function conflicting(
  changes: FileChanges,
  seen: ReadonlyMap<string, string | null>,
  stateOf: (path: string) => Promise<FileState>,
): Promise<string[]> {
  const conflicts: string[] = [];
  for (const [path, expected] of seen) {
    const state = await stateOf(path);
    if (state.hash !== expected && !isAs(state, changes.get(path))) conflicts.push(path);
  }
  return conflicts.sort();
}

function isAs({ hash, content }: FileState, wanted: string | null | undefined): boolean {
  if (typeof wanted !== 'string') return hash === wanted;
  return content === wanted || hash === contentHash(wanted);
}

export function sortedByPath<T>(entries: Iterable<readonly [string, T]>): Map<string, T> {
  return new Map([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
