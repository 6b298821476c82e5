import { distance } from 'fastest-levenshtein';

/** Longer words are compared by their beginnings: the comparison takes time by both lengths. */
const comparedCharacters = 100;

/**
 * The candidates that are alike enough to be what was meant, the nearest first: at most two in five
 * letters of the word are others, case aside.
 */
export function nearestOf(word: string, candidates: Iterable<string>): string[] {
  const asked = word.slice(0, comparedCharacters).toLowerCase();
  const most = Math.max(1, Math.floor(asked.length / 2.5));
  return [...candidates]
    .map((name) => ({ name, apart: distance(asked, name.toLowerCase()) }))
    .filter(({ apart }) => apart <= most)
    .sort((a, b) => a.apart - b.apart)
    .map(({ name }) => name);
}

/** The candidate most like the word, the first of several; null when none is alike enough. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  return nearestOf(word, candidates)[0] ?? null;
}

/** `Did you mean …? ` where a candidate is alike enough, else nothing: to begin an advice with. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const found = nearest(word, candidates);
  return found === null ? '' : `Did you mean ${found}? `;
}
