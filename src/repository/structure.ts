import { countUpTo } from '../text/lines.ts';
import type { SourceSymbol } from './file-entry.ts';

/** Where the parts of a text end; lines from 0, an end is the line after the last. */
export interface Structure {
  /** Ascending. */
  readonly ends: readonly number[];
  /** Where parts that are too long can be cut. */
  readonly innerEnds: ReadonlySet<number>;
  /** What tells the lines apart from others. */
  headingAt(start: number, end: number): string | null;
}

const none: ReadonlySet<number> = new Set();

/** By headings in Markdown, by symbols where there are some, else by blank lines. */
export function structureOf(
  path: string,
  lines: readonly string[],
  symbols: readonly SourceSymbol[],
): Structure {
  if (/\.(?:md|mdx|markdown)$/i.test(path)) return byHeadings(lines);
  if (symbols.length > 0) return bySymbols(symbols);
  const ends = lines.flatMap((line, index) => (line.trim() === '' ? [index + 1] : []));
  return { ends, innerEnds: none, headingAt: () => null };
}

interface Heading {
  readonly at: number;
  /** With those above it. */
  readonly path: string;
}

function byHeadings(lines: readonly string[]): Structure {
  const headings = headingsIn(lines);
  const ends = headings.map(({ at }) => at);
  return {
    ends,
    innerEnds: none,
    headingAt: (start) => headings[countUpTo(ends, start) - 1]?.path ?? null,
  };
}

/** Those of `#`, outside of code. */
function headingsIn(lines: readonly string[]): Heading[] {
  const headings: Heading[] = [];
  const above: string[] = [];
  let fence: string | null = null;
  for (const [at, line] of lines.entries()) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== null) {
      if (mark?.startsWith(fence) === true && line.trim() === mark) fence = null;
      continue;
    }
    if (mark !== undefined) {
      fence = mark;
      continue;
    }
    const [, level = '', title = ''] = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/.exec(line) ?? [];
    if (level === '') continue;
    above.length = Math.min(above.length, level.length - 1);
    while (above.length < level.length - 1) above.push('');
    above.push(title);
    headings.push({ at, path: above.filter((one) => one !== '').join(' › ') });
  }
  return headings;
}

function bySymbols(symbols: readonly SourceSymbol[]): Structure {
  const outer: SourceSymbol[] = [];
  for (const symbol of symbols) {
    const before = outer.at(-1);
    if (before === undefined || symbol.line > before.endLine) outer.push(symbol);
    // Two on the same line: the longer one is around the other.
    else if (symbol.endLine > before.endLine) outer[outer.length - 1] = symbol;
  }
  return {
    ends: outer.map(({ endLine }) => endLine),
    innerEnds: new Set(symbols.map(({ endLine }) => endLine)),
    headingAt(start, end) {
      const touched = symbols.filter((one) => one.line <= end && one.endLine > start);
      const [first] = touched;
      const within = touched.filter((one) => one.line <= start + 1).at(-1) ?? first;
      if (within === undefined) return null;
      return within.owner === null ? within.name : `${within.owner}.${within.name}`;
    },
  };
}
