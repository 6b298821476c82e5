import type { Candidate } from '../../domain/candidate.ts';

/** What a candidate comes to: its files, or its text where it has none. */
function normalised({ changes, bundle }: Candidate): string {
  if (changes.size === 0) return normalisedProse(bundle.notes);
  const files = [...changes].map(([path, content]): [string, string | null] => [
    path,
    content === null ? null : normalisedText(content),
  ]);
  return JSON.stringify(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * The text of a file without what makes no difference: how lines end, blanks at their ends, empty lines at
 * the end of the file. Blanks at the start of a line do.
 */
export function normalisedText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t]+$/gm, '')
    .replace(/\n+$/, '');
}

/**
 * An answer in words without its layout: headings, list marks, emphasis, blanks, the last full stop; case
 * where it shows no code. Signs and marks within it stay: -1 is not 1.
 */
function normalisedProse(text: string): string {
  const plain = text
    .normalize('NFKC')
    .replace(/^[ \t]*(?:#{1,6}|[-*+>]|\d+[.)])[ \t]+/gm, '')
    .replace(/\*\*|__/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[.!]$/, '');
  return plain.includes('`') ? plain : plain.toLowerCase();
}

/** Indexes of candidates that come to the same, each group in order, groups by their first. */
export function agreeing(candidates: readonly Candidate[]): number[][] {
  const groups = new Map<string, number[]>();
  for (const [index, candidate] of candidates.entries()) {
    const key = normalised(candidate);
    groups.set(key, [...(groups.get(key) ?? []), index]);
  }
  return [...groups.values()];
}
