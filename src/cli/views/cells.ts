import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { withoutControls } from '../../domain/text.ts';

/** Made when a text first needs it: that takes longer than all else a short command does. */
let segmenter: Intl.Segmenter | undefined;

/** Characters of one cell each: Latin, Greek and Cyrillic letters, punctuation, arrows, signs of mathematics, frames. */
const plain = String.raw`[\u0020-\u007E\u00A1-\u00AC\u00AE-\u02FF\u0391-\u03A1\u03A3-\u03FF\u0400-\u0482\u048A-\u052F\u2010-\u2027\u2030-\u205E\u2190-\u22FF\u2500-\u25FC✔✖]`;
/** Measuring clusters is slow, and most text has none. */
export const oneCellEach = new RegExp(`^${plain}*$`);
/** Plain parts of other text, without those that a mark behind them or a joiner before them makes part of a cluster. */
const plainRuns = new RegExp(
  String.raw`(?:(?<!\u200D)${plain}(?![\p{M}\p{Cf}\p{Emoji_Modifier}\uFF9E\uFF9F]))+`,
  'gu',
);

/** How many cells of a terminal a line takes. */
export function cellsOf(line: string): number {
  if (oneCellEach.test(line)) return line.length;
  let cells = 0;
  const others = stripVTControlCharacters(line).replace(plainRuns, (run) => {
    cells += run.length;
    return '\n';
  });
  return cells + stringWidth(others);
}

/** The text in at most so many cells; what was cut ends with an ellipsis. No character is halved. */
export function cutTo(text: string, width: number): string {
  if (width <= 0) return '';
  if (oneCellEach.test(text)) return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  let cut = 0;
  let cells = 0;
  for (const { segment, index } of segmenter.segment(text)) {
    cells += cellsOf(segment);
    if (cells > width) return `${text.slice(0, cut)}…`;
    if (cells < width) cut = index + segment.length;
  }
  return text;
}

/** Text of any origin as it may go to a terminal: no control characters, no returning to the line's start. */
export function printable(text: string): string {
  return withoutControls(text).replace(/\r\n?/g, '\n');
}

/** As `printable`, with line feeds and tabs as spaces; runs of spaces stay, as they may align. */
export function inOneLine(text: string): string {
  return printable(text).replace(/[\n\t]/g, ' ');
}
