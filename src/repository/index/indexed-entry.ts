import type { FileEntry, SourceSymbol } from '../file-entry.ts';
import { detached } from '../../text/detached.ts';
import type { TermTable } from './terms.ts';

/** A file's entry as the index holds it: words as numbers, symbols in a form that is read when it is needed. */
export interface IndexedEntry extends Omit<FileEntry, 'words' | 'symbols'> {
  /** Pairs of a term and how often it occurs. */
  readonly words: Uint32Array;
  /** Of all words together. */
  readonly length: number;
  /** Terms of the names that the file defines, each once. */
  readonly defines: Uint32Array;
  /** How often it was read with a problem at the end. */
  readonly tries: number;
  symbols(): readonly SourceSymbol[];
  /** The symbols as they are stored. */
  readonly storedSymbols: Uint8Array;
}

/** @param tries how often it had a problem before */
export function packEntry(entry: FileEntry, terms: TermTable, tries = 0): IndexedEntry {
  const { words, symbols, imports, ...rest } = entry;
  const pairs = new Uint32Array(words.size * 2);
  let at = 0;
  let length = 0;
  for (const [word, count] of words) {
    pairs[at++] = terms.idOf(word);
    pairs[at++] = count;
    length += count;
  }
  const defines = new Set(symbols.map(({ name }) => terms.idOf(name)));
  const stored = Buffer.from(JSON.stringify(symbols.map(rowOf)));
  return withSymbols(
    {
      ...rest,
      imports: imports.map(({ specifier, names }) => ({
        specifier: detached(specifier),
        names: names.map(detached),
      })),
      words: pairs,
      length,
      defines: Uint32Array.from(defines),
      tries: entry.problem === null ? 0 : tries + 1,
    },
    stored,
  );
}

/** The entry with its symbols read from what is stored, each time they are asked for. */
export function withSymbols(
  entry: Omit<IndexedEntry, 'symbols' | 'storedSymbols'>,
  stored: Uint8Array,
): IndexedEntry {
  return {
    ...entry,
    storedSymbols: stored,
    symbols: () => (JSON.parse(Buffer.from(stored).toString('utf8')) as SymbolRow[]).map(symbolOf),
  };
}

/** Names of properties would be half of the index. */
type SymbolRow = readonly [
  name: string,
  kind: SourceSymbol['kind'],
  owner: string | null,
  signature: string,
  exported: 0 | 1,
  line: number,
  endLine: number,
];

function rowOf({ name, kind, owner, signature, exported, line, endLine }: SourceSymbol): SymbolRow {
  return [name, kind, owner, signature, exported ? 1 : 0, line, endLine];
}

function symbolOf([
  name,
  kind,
  owner,
  signature,
  exported,
  line,
  endLine,
]: SymbolRow): SourceSymbol {
  return { name, kind, owner, signature, exported: exported === 1, line, endLine };
}
