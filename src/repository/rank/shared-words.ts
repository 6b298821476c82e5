import type { Corpus } from '../index/corpus.ts';
import { entryAt } from '../index/corpus.ts';
import { idf } from './bm25.ts';
import type { Query } from './query.ts';

/** Why files fit a text: the words of it that they hold, the rarest first, so many at most, by place. */
export function sharedWords(
  corpus: Corpus,
  { terms }: Query,
  places: readonly number[],
  most: number,
): Map<number, string[]> {
  const holding = new Map([...terms.keys()].map((term) => [term, 0]));
  for (const { entry } of corpus.files)
    for (let at = 0; at < (entry?.words.length ?? 0); at += 2) {
      const term = entry?.words[at] ?? 0;
      const count = holding.get(term);
      if (count !== undefined) holding.set(term, count + 1);
    }
  const worth = (term: number): number =>
    (terms.get(term) ?? 0) * idf(holding.get(term) ?? 0, corpus.files.length);
  return new Map(
    places.map((place) => {
      const words = entryAt(corpus, place)?.words ?? [];
      const shared = [...words].filter((term, at) => at % 2 === 0 && terms.has(term));
      const rarest = shared.sort((a, b) => worth(b) - worth(a) || a - b);
      // A word in capitals and in small letters is one to a reader.
      const shown = new Map<string, string>();
      for (const word of rarest.map((term) => corpus.terms.wordOf(term)))
        if (!shown.has(word.toLowerCase())) shown.set(word.toLowerCase(), word);
      return [place, [...shown.values()].slice(0, most)];
    }),
  );
}
