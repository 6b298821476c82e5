import { detached } from '../../text/detached.ts';

/** Words by number, so that a file's words are numbers and none is kept twice. */
export interface TermTable {
  readonly size: number;
  /** The word's number; a new one for a word that is not known yet. */
  idOf(word: string): number;
  /** Null for a word that no file holds. */
  find(word: string): number | null;
  wordOf(id: number): string;
  words(): string[];
}

/** @param words taken over, and made longer by new ones */
export function createTermTable(words: string[] = []): TermTable {
  // When a word is first asked for: until then threads begin to read files.
  let made: Map<string, number> | null = null;
  const ids = (): Map<string, number> => (made ??= new Map(words.map((word, id) => [word, id])));
  return {
    get size() {
      return words.length;
    },
    idOf(word) {
      const known = ids().get(word);
      if (known !== undefined) return known;
      const own = detached(word);
      ids().set(own, words.length);
      return words.push(own) - 1;
    },
    find: (word) => ids().get(word) ?? null,
    wordOf: (id) => words[id] ?? '',
    words: () => words,
  };
}
