import * as z from 'zod';
import { safePath } from '../domain/task.ts';
import { keepJson, keptJson } from '../text/kept-json.ts';
import { sortedByPath } from './changes.ts';

const entries = <T extends z.ZodType>(value: T) =>
  z.array(z.tuple([safePath, value]).readonly()).readonly();

/** `workspace.json`. Lists are in the order of their paths, as far as this program wrote them. */
export const manifestSchema = z.strictObject({
  schemaVersion: z.literal(1),
  deletions: z.array(safePath).readonly(),
  /** Approved files that are no text: by path the project's file whose bytes they hold. */
  moves: entries(safePath).optional(),
  /** SHA-256 by path of the project's file that approved work was made on; null where there was none. */
  base: entries(z.string().nullable()).default([]),
  /** SHA-256 by path of the approved files that were committed here. */
  approved: entries(z.string()).optional(),
  /** Of the user who committed them. */
  signature: z.string().optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** A list a line, whose text is known from that of the list before: it grows with every commit. */
export function manifestText(manifest: Manifest): string {
  const members = Object.entries(manifest).map(
    ([key, value]) =>
      `  ${JSON.stringify(key)}: ${Array.isArray(value) ? keptJson(value) : JSON.stringify(value)}`,
  );
  return `{\n${members.join(',\n')}\n}\n`;
}

/** What is known by path, in the order of the paths, each there once. */
export type Entries<T> = readonly (readonly [string, T])[];

export function entryOf<T>(list: Entries<T>, path: string): T | undefined {
  const { place, isThere } = placeOf(list, path);
  return isThere ? list[place]?.[1] : undefined;
}

/**
 * The list with other values for some paths, undefined for those that go; it shares all other entries.
 * Its JSON is that of the list before, cut where an entry begins: no text within it can look like that, as
 * quotes in texts are escaped.
 */
export function withEntries<T>(
  list: Entries<T>,
  changes: ReadonlyMap<string, T | undefined>,
): Entries<T> {
  const changed = [...list];
  // Each entry with a comma behind it.
  let text = list.length === 0 ? '' : `${keptJson(list).slice(1, -1)},`;
  for (const [path, value] of changes) {
    const { place, isThere } = placeOf(changed, path);
    const next = place < changed.length ? JSON.stringify(changed[place]) : null;
    const at = next === null ? text.length : text.indexOf(next);
    const rest = text.slice(isThere && next !== null ? at + next.length + 1 : at);
    const added = value === undefined ? [] : [[path, value] as const];
    changed.splice(place, isThere ? 1 : 0, ...added);
    text = `${text.slice(0, at)}${added.map((entry) => `${JSON.stringify(entry)},`).join('')}${rest}`;
  }
  keepJson(changed, `[${text.slice(0, -1)}]`);
  return changed;
}

/** The same as read from a file, where a person may have brought it into another order; of two the last counts. */
export function inOrder<T>(list: Entries<T>): Entries<T> {
  const isOrdered = list.every(([path], at) => at === 0 || (list[at - 1]?.[0] ?? '') < path);
  return isOrdered ? list : [...sortedByPath(list)];
}

function placeOf(list: Entries<unknown>, path: string): { place: number; isThere: boolean } {
  let [from, to] = [0, list.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((list[middle]?.[0] ?? '') < path) from = middle + 1;
    else to = middle;
  }
  return { place: from, isThere: list[from]?.[0] === path };
}
