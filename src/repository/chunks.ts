import type { FileEntry } from './file-entry.ts';
import { structureOf } from './structure.ts';

/** A piece of a file that can be shown and found by itself. */
export interface Chunk {
  /** First and last line, from 1. */
  readonly line: number;
  readonly endLine: number;
  /** Its lines; very long ones are cut. */
  readonly text: string;
  /** The headings that it stands under, or what it declares first; null where nothing tells. */
  readonly heading: string | null;
}

/** Lines of a chunk; fewer where a file has no more. */
const fewest = 10;
const most = 60;
/** Characters of a line. */
const longestLine = 500;

interface Span {
  /** From 0; `end` is the line after the last. */
  readonly start: number;
  readonly end: number;
}

/**
 * The whole of a text in pieces of about 10 to 60 lines, in order, without overlap. They end where something
 * ends: code at the ends of what it declares, Markdown before headings, other texts at blank lines.
 */
export function chunksOf(
  path: string,
  text: string,
  { symbols }: Pick<FileEntry, 'symbols'>,
): Chunk[] {
  if (text === '') return [];
  const lines = text.replace(/\r?\n$/, '').split('\n');
  const { ends, innerEnds, headingAt } = structureOf(path, lines, symbols);
  const spans = merged(
    spansBetween(lines.length, ends).flatMap((span) => split(span, innerEnds, lines)),
  );
  return spans.map((span) => ({
    line: span.start + 1,
    endLine: span.end,
    text: lines.slice(span.start, span.end).map(bounded).join('\n'),
    heading: headingAt(span.start, span.end),
  }));
}

function bounded(line: string): string {
  const plain = line.replace(/\r$/, '');
  if (plain.length <= longestLine) return plain;
  return `${plain.slice(0, longestLine).replace(/[\ud800-\udbff]$/, '')}…`;
}

function spansBetween(length: number, ends: readonly number[]): Span[] {
  const spans: Span[] = [];
  let start = 0;
  for (const end of [...ends, length]) {
    if (end <= start || end > length) continue;
    spans.push({ start, end });
    start = end;
  }
  return spans;
}

/** A span that is too long is cut at the last inner end that fits, else at a blank line, else where it must be. */
function split(span: Span, innerEnds: ReadonlySet<number>, lines: readonly string[]): Span[] {
  const spans: Span[] = [];
  let { start } = span;
  while (span.end - start > most) {
    const last = (isEnd: (line: number) => boolean): number | null => {
      for (let at = start + most; at >= start + fewest; at -= 1) if (isEnd(at)) return at;
      return null;
    };
    const end =
      last((line) => innerEnds.has(line)) ??
      last((line) => lines[line - 1]?.trim() === '') ??
      start + most;
    spans.push({ start, end });
    start = end;
  }
  return [...spans, { start, end: span.end }];
}

/** What is short goes together with what follows, at the end with what was before. */
function merged(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  const isLast = (index: number): boolean => index === spans.length - 1;
  for (const [index, span] of spans.entries()) {
    const before = result.at(-1);
    const fits = before !== undefined && span.end - before.start <= most;
    const isShort =
      before !== undefined &&
      (before.end - before.start < fewest || (isLast(index) && span.end - span.start < fewest));
    if (before !== undefined && fits && isShort)
      result[result.length - 1] = { start: before.start, end: span.end };
    else result.push(span);
  }
  return result;
}
