import type { Candidate } from '../../domain/candidate.ts';
import { contentKey } from '../../text/content-key.ts';

/** Equal for candidates that come to the same: of its files, or of its words where it has none. */
function keyOf({ changes, bundle }: Candidate): string {
  return changes.size === 0 ? normalisedProse(bundle.notes) : contentKey(changes);
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
    const key = keyOf(candidate);
    groups.set(key, [...(groups.get(key) ?? []), index]);
  }
  return [...groups.values()];
}
