import { estimateTokens } from '../domain/text.ts';
import { inOrder } from '../text/in-order.ts';

/** A file that may be shown with a task, in the order of how much it matters. */
export interface PackCandidate {
  readonly path: string;
  /** Its text as it would be shown; null where it cannot be. */
  whole(): Promise<string | null>;
  /** Its signatures as they would be shown; null where it has none. */
  outline(): Promise<string | null>;
}

export interface FilledFile {
  readonly path: string;
  readonly form: 'whole' | 'outline';
  readonly text: string;
}

/** Of the room: what whole files may take together, and one of them alone. */
const wholeShare = 0.4;
const largestShare = 0.25;
/** Files that are read while the one before them is being judged. */
const readAhead = 8;
/** Where so many files in a row found no room, no more are tried. */
const mostMisses = 8;

/**
 * Fills a number of tokens with files in their order: whole as long as there is room for whole ones, then
 * by their signatures.
 */
export async function fillPack(
  candidates: Iterable<PackCandidate>,
  tokens: number,
): Promise<FilledFile[]> {
  const filled: FilledFile[] = [];
  let left = tokens;
  let wholeLeft = tokens * wholeShare;
  let misses = 0;
  const read = inOrder(candidates, readAhead, async (candidate) => ({
    ...candidate,
    text: await candidate.whole(),
  }));
  for await (const { path, text, outline } of read) {
    if (misses >= mostMisses) break;
    if (text === null) continue;
    const size = sizeOf(text);
    if (size <= wholeLeft && size <= left && size <= tokens * largestShare) {
      filled.push({ path, form: 'whole', text });
      left -= size;
      wholeLeft -= size;
      misses = 0;
      continue;
    }
    const short = await outline();
    const shortSize = short === null ? Infinity : sizeOf(short);
    if (short !== null && shortSize <= left) {
      filled.push({ path, form: 'outline', text: short });
      left -= shortSize;
      misses = 0;
    } else misses += 1;
  }
  return filled;
}

/** With the empty line before it. */
function sizeOf(text: string): number {
  return estimateTokens(`\n\n${text}`);
}
