import * as z from 'zod';
import { citationText, type Citation } from '../../domain/deliverable.ts';
import { toSingleLine } from '../../domain/text.ts';
import type { ReadText } from '../../repository/project.ts';

export const citedSchema = z.strictObject({
  path: z.string().describe('as it stands above the piece'),
  firstLine: z.int().describe('of the quote, by the numbers before the lines'),
  lastLine: z.int().describe('the same as firstLine for a quote from one line'),
  quote: z.string().describe('word for word, without the line numbers'),
});
export type Cited = z.infer<typeof citedSchema>;

/** Whoever cites more says nothing of where it stands. */
const mostLines = 40;

/**
 * Reads the cited lines and compares the quote with them letter by letter; spaces and line ends count as one
 * space. Gives the citation, or what is wrong with it.
 * @param shown paths of the files that the author was shown.
 */
export async function checkCitation(
  { path: given, firstLine, lastLine, quote }: Cited,
  shown: ReadonlySet<string>,
  read: ReadText,
): Promise<{ readonly citation: Citation } | { readonly fault: string }> {
  const path = given.trim().replace(/^\.\//, '');
  const place = toSingleLine(citationText({ path, firstLine, lastLine }), 200);
  if (!shown.has(path)) return { fault: `${place}: no piece of this file was shown` };
  const text = await read(path);
  if (text === null) return { fault: `${place}: the file is not there, or is no text` };
  const lines = text.replace(/^\ufeff/, '').split('\n');
  if (firstLine < 1 || lastLine < firstLine || lastLine > lines.length)
    return { fault: `${place}: there are no such lines; the file has ${lines.length}` };
  if (lastLine - firstLine >= mostLines)
    return { fault: `${place}: cite at most ${mostLines} lines` };
  const wanted = spaced(quote);
  if (!/[\p{L}\p{N}]/u.test(wanted)) return { fault: `${place}: the quote says nothing` };
  if (spaced(lines.slice(firstLine - 1, lastLine).join('\n')).includes(wanted))
    return { citation: { path, firstLine, lastLine, quote: quote.trim() } };
  const elsewhere = lineOf(lines, wanted);
  const where =
    elsewhere === null ? 'nor anywhere else in the file' : `it begins in line ${elsewhere}`;
  return { fault: `${place}: «${toSingleLine(quote, 80)}» does not stand there, ${where}` };
}

function spaced(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** The line that a quote begins in, from 1; null where it stands nowhere. */
function lineOf(lines: readonly string[], wanted: string): number | null {
  const starts: number[] = [];
  let whole = '';
  for (const line of lines) {
    starts.push(whole.length);
    const words = spaced(line);
    if (words !== '') whole += `${words} `;
  }
  const at = whole.indexOf(wanted);
  return at === -1 ? null : starts.findLastIndex((start) => start <= at) + 1;
}
