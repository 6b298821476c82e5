import type { Corpus } from '../index/corpus.ts';

/**
 * Finds the words of files that are marked, among many that are not. Small, and called for each file: V8 makes
 * machine code of it long before it would of the loops around it.
 */
export interface MarkedWords {
  /** Where they stand in a file's words, from the first on; valid until the next call. */
  readonly places: Uint32Array;
  /** @returns how many places there are */
  find(words: Uint32Array): number;
}

/** @param marks by term: 1 for what is to be found */
export function markedWords({ files }: Corpus, marks: Uint8Array): MarkedWords {
  let most = 0;
  for (const { entry } of files) most = Math.max(most, entry?.words.length ?? 0);
  const places = new Uint32Array(most / 2);
  return { places, find: (words) => findMarked(words, marks, places) };
}

function findMarked(words: Uint32Array, marks: Uint8Array, places: Uint32Array): number {
  let found = 0;
  for (let at = 0; at < words.length; at += 2)
    if (marks[words[at] ?? 0] === 1) {
      places[found] = at;
      found += 1;
    }
  return found;
}
