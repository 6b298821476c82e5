import type { FileChanges } from '../domain/bundle.ts';
import { sha256 } from './sha256.ts';

/** One text for the same bytes in the same files; SHA-256, hex. */
export function exactKey(changes: FileChanges): string {
  return keyOf([...changes]);
}

/** One text for work that differs in line ends, blanks at the end of lines and blank last lines alone. */
export function contentKey(changes: FileChanges): string {
  return keyOf([...changes].map(([path, content]) => [path, content && normalisedText(content)]));
}

/** One text for proposals that come to the same: of the files, or of the words where there are none. */
export function proposalKey(proposal: {
  readonly changes: FileChanges;
  readonly bundle: { readonly notes: string };
}): string {
  const { changes, bundle } = proposal;
  return changes.size === 0 ? sha256(normalisedProse(bundle.notes)) : contentKey(changes);
}

/** The same work as critics see it, so that duplicates get the same words. */
export function normalisedChanges(changes: FileChanges): FileChanges {
  const sorted = [...changes].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(sorted.map(([path, content]) => [path, content && normalisedText(content)]));
}

/**
 * The text of a file without what makes no difference: how lines end, blanks at their ends, blank lines at
 * the end of the file. Blanks at the start of a line do.
 */
export function normalisedText(content: string): string {
  const lines = content.replace(/\r\n?/g, '\n').split('\n');
  const trimmed = lines
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd();
  return trimmed === '' ? '' : `${trimmed}\n`;
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

function keyOf(entries: readonly (readonly [string, string | null])[]): string {
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sha256(JSON.stringify(sorted));
}
