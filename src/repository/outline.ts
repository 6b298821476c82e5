import { estimateTokens } from '../domain/text.ts';
import type { FileEntry, SourceSymbol } from './file-entry.ts';

interface OutlineLine {
  readonly text: string;
  readonly symbol: SourceSymbol | null;
  /** Without it the line says nothing. */
  readonly below: OutlineLine | null;
}

/**
 * What a file declares, one signature a line with the number of its first line, members indented below their
 * owner wherever they stand; an owner that is declared elsewhere has no number. Where all of it is more than
 * `maxTokens` (estimated), what is wanted goes first, then what other files see, and a last line says how many are left out. Empty
 * for a file that declares nothing, and where not even one line fits.
 */
export function outlineOf(
  { symbols }: Pick<FileEntry, 'symbols'>,
  maxTokens = Infinity,
  isWanted: (symbol: SourceSymbol) => boolean = () => false,
): string {
  const lines = outlineLines(symbols);
  const whole = lines.map(({ text }) => text).join('\n');
  if (estimateTokens(whole) <= maxTokens) return whole;
  const room = maxTokens - estimateTokens(left(symbols.length));
  const kept = keptLines(lines, room, isWanted);
  if (kept.size === 0) return '';
  const shown = lines.filter((line) => kept.has(line));
  const count = symbols.length - shown.filter(({ symbol }) => symbol !== null).length;
  return [...shown.map(({ text }) => text), left(count)].join('\n');
}

function left(count: number): string {
  return `… ${count} more`;
}

function keptLines(
  lines: readonly OutlineLine[],
  maxTokens: number,
  isWanted: (symbol: SourceSymbol) => boolean,
): Set<OutlineLine> {
  const kept = new Set<OutlineLine>();
  let used = 0;
  const rankOf = ({ symbol }: OutlineLine): number => {
    if (symbol === null) return 3;
    if (isWanted(symbol)) return 0;
    return symbol.exported ? 1 : 2;
  };
  const order = lines.filter((line) => rankOf(line) < 3).sort((a, b) => rankOf(a) - rankOf(b));
  for (const line of order) {
    const needed = chain(line).filter((one) => !kept.has(one));
    const tokens = needed.reduce((sum, { text }) => sum + estimateTokens(`${text}\n`), 0);
    if (used + tokens > maxTokens) continue;
    used += tokens;
    for (const one of needed) kept.add(one);
  }
  return kept;
}

function chain(line: OutlineLine): OutlineLine[] {
  return line.below === null ? [line] : [...chain(line.below), line];
}

function outlineLines(symbols: readonly SourceSymbol[]): OutlineLine[] {
  const members = new Map<SourceSymbol | string, SourceSymbol[]>();
  const top: (SourceSymbol | string)[] = [];
  const owners = new Map<string, SourceSymbol[]>();
  for (const symbol of symbols)
    owners.set(symbol.name, [...(owners.get(symbol.name) ?? []), symbol]);
  for (const symbol of symbols) {
    if (symbol.owner === null) {
      top.push(symbol);
      continue;
    }
    const owner = ownerOf(symbol, symbol.owner, owners) ?? symbol.owner;
    const listed = members.get(owner);
    if (listed !== undefined) listed.push(symbol);
    else {
      members.set(owner, [symbol]);
      if (typeof owner === 'string') top.push(owner);
    }
  }
  const lines: OutlineLine[] = [];
  const add = (one: SourceSymbol | string, below: OutlineLine | null, indent: string): void => {
    const line =
      typeof one === 'string'
        ? { text: one, symbol: null, below }
        : { text: `${indent}${one.line}: ${one.signature}`, symbol: one, below };
    lines.push(line);
    const inner = members.get(one) ?? [];
    members.delete(one);
    for (const member of inner) add(member, line, `${indent}  `);
  };
  for (const one of top) add(one, null, '');
  return lines;
}

/** The one around it, else the first class or type by that name, else whatever has it. */
function ownerOf(
  symbol: SourceSymbol,
  name: string,
  owners: ReadonlyMap<string, readonly SourceSymbol[]>,
): SourceSymbol | undefined {
  const named = (owners.get(name) ?? []).filter((one) => one !== symbol);
  return (
    named.find(
      (one) =>
        one.line <= symbol.line &&
        symbol.endLine <= one.endLine &&
        (one.kind === 'class' || one.kind === 'type'),
    ) ??
    named.find(({ kind }) => kind === 'class' || kind === 'type') ??
    named[0]
  );
}
