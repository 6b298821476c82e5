import stringWidth from 'string-width';
import { withoutControls } from '../../domain/text.ts';

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** How many cells of a terminal a line takes. */
export function cellsOf(line: string): number {
  return stringWidth(line);
}

/** The text in exactly so many cells: padded, or cut with an ellipsis. */
export function fit(text: string, width: number): string {
  const cut = cutTo(text, width);
  return cut + ' '.repeat(Math.max(0, width - cellsOf(cut)));
}

/** The text in at most so many cells; what was cut ends with an ellipsis. No character is halved. */
export function cutTo(text: string, width: number): string {
  if (width <= 0) return '';
  // No character takes more than a few units, so what is far longer is not measured whole.
  if (text.length <= width * 16 && cellsOf(text) <= width) return text;
  let cut = '';
  let cells = 0;
  for (const { segment } of segmenter.segment(text)) {
    cells += cellsOf(segment);
    if (cells > width - 1) break;
    cut += segment;
  }
  return `${cut}…`;
}

/** Text of any origin as it may go to a terminal: no control characters, no returning to the line's start. */
export function printable(text: string): string {
  return withoutControls(text).replace(/\r\n?/g, '\n');
}

/** As `printable`, with line feeds and tabs as spaces; runs of spaces stay, as they may align. */
export function inOneLine(text: string): string {
  return printable(text).replace(/[\n\t]/g, ' ');
}
