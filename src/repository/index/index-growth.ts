import type { IndexContent } from './index-content.ts';

/** From this share of an index's entries on it is written anew with its changes; of a small one from so many. */
const mostGrowth = 1 / 8;
const leastGrowth = 100;

/** An index with what was found since. The words are taken over and made longer. */
export function grown(before: IndexContent, since: IndexContent): IndexContent {
  for (const word of since.words) before.words.push(word);
  return {
    words: before.words,
    entries: withMore(before.entries, since.entries),
    stamps: withMore(before.stamps, since.stamps),
    links: since.links ?? before.links,
  };
}

function withMore<T>(before: ReadonlyMap<string, T>, since: ReadonlyMap<string, T>) {
  const all = new Map(before);
  for (const [key, value] of since) all.set(key, value);
  return all;
}

/**
 * What an index holds that one before it does not; null where it is too much, or where words have other numbers.
 * @param words how many of its words are those of the index before
 */
export function newSince(
  before: IndexContent,
  words: number,
  content: IndexContent,
): IndexContent | null {
  if (content.words !== before.words) return null;
  const entries = [...content.entries].filter(([key, entry]) => before.entries.get(key) !== entry);
  if (entries.length > Math.max(leastGrowth, before.entries.size * mostGrowth)) return null;
  const stamps = [...content.stamps].filter(([path, { stamp, key }]) => {
    const known = before.stamps.get(path);
    return known?.stamp !== stamp || known.key !== key;
  });
  return {
    words: content.words.slice(words),
    entries: new Map(entries),
    stamps: new Map(stamps),
    links: content.links === before.links ? null : content.links,
  };
}
