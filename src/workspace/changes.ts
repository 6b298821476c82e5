import type { FileChanges } from '../domain/bundle.ts';
import type { FileState } from '../files/safe-file.ts';
import { contentHash } from '../text/moved-file.ts';

/** What was read and is now neither as it was nor as it is to be, sorted. */
export async function conflicting(
  changes: FileChanges,
  seen: ReadonlyMap<string, string | null>,
  stateOf: (path: string) => Promise<FileState>,
): Promise<string[]> {
  const now = await Promise.all(
    [...seen].map(async ([path, expected]) => ({ path, expected, state: await stateOf(path) })),
  );
  return now
    .filter(
      ({ path, expected, state }) => state.hash !== expected && !isAs(state, changes.get(path)),
    )
    .map(({ path }) => path)
    .sort();
}

function isAs({ hash, content }: FileState, wanted: string | null | undefined): boolean {
  if (typeof wanted !== 'string') return hash === wanted;
  return content === wanted || hash === contentHash(wanted);
}

export function sortedByPath<T>(entries: Iterable<readonly [string, T]>): Map<string, T> {
  return new Map([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
