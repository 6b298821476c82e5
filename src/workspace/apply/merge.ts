import { decodeText, encodeText, encodingToWrite } from '../../text/encoding.ts';
import { mergeTexts, type LineRange } from '../../text/merge-text.ts';

/** What the user and the work both did to one file. */
export type FileMerge =
  | { readonly outcome: 'merged'; readonly bytes: Buffer }
  /** The user's lines that the work changed otherwise. */
  | { readonly outcome: 'conflict'; readonly lines: readonly LineRange[] }
  | { readonly outcome: 'impossible' };

/** A byte order mark. */
const mark = '\ufeff';

/**
 * The user's changes of a file and those of the work in one. Line ends, byte order mark and encoding are the
 * user's, where they changed them throughout: that alone is no change of every line.
 */
export function mergeFile(path: string, base: Buffer, mine: Buffer, approved: Buffer): FileMerge {
  const before = decodeText(base, path);
  const ours = decodeText(mine, path);
  const theirs = decodeText(approved, path);
  if ('problem' in before || 'problem' in ours || 'problem' in theirs)
    return { outcome: 'impossible' };
  const inForm = formChange(before.text, ours.text);
  const merge = mergeTexts(inForm(before.text), ours.text, inForm(theirs.text));
  if (merge.outcome === 'merged') {
    const encoding = encodingToWrite(path, merge.text, { path, ...ours });
    return { outcome: 'merged', bytes: encodeText(merge.text, encoding, path) };
  }
  return merge.outcome === 'conflict' ? merge : { outcome: 'impossible' };
}

/** Lines in words, as `line 3, lines 7-9`. */
export function lineWords(lines: readonly LineRange[]): string {
  const most = 5;
  const words = lines
    .slice(0, most)
    .map(({ from, to }) => (to > from ? `lines ${from}-${to}` : `line ${from}`));
  return lines.length > most
    ? `${words.join(', ')} and ${lines.length - most} more places`
    : words.join(', ');
}

function formChange(from: string, to: string): (text: string) => string {
  const [before, after] = [lineEnd(from), lineEnd(to)];
  const isTurned = before !== null && after !== null && before !== after;
  const isMarked = to.startsWith(mark);
  const isRemarked = from.startsWith(mark) !== isMarked;
  return (text) => {
    const ended = isTurned ? text.replace(/\r?\n/g, after) : text;
    if (!isRemarked) return ended;
    const plain = ended.startsWith(mark) ? ended.slice(mark.length) : ended;
    return isMarked ? mark + plain : plain;
  };
}

/** The end that all lines have; null where they differ, or there is none. */
function lineEnd(text: string): '\n' | '\r\n' | null {
  const all = text.match(/\r?\n/g) ?? [];
  const [first] = all;
  if (first === undefined || all.some((end) => end !== first)) return null;
  return first === '\n' ? '\n' : '\r\n';
}
