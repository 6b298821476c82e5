import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { FileEntry, ImportClause, SourceSymbol } from '../file-entry.ts';
import type { Slabs } from './slabs.ts';
import type { TermTable } from './terms.ts';

/** A file's entry as the index holds it: words as numbers, the rest in a form that is read when it is needed. */
export interface IndexedEntry extends Omit<FileEntry, 'words' | 'symbols' | 'imports'> {
  /** Pairs of a term and how often it occurs. */
  readonly words: Uint32Array;
  /** Of all words together. */
  readonly length: number;
  /** Terms of the names that the file defines, each once. */
  readonly defines: Uint32Array;
  /** How often it was read with a problem at the end. */
  readonly tries: number;
  /** See `importsOf`; the same bytes are the same imports. */
  readonly storedImports: Uint8Array;
  /** See `symbolsOf`. */
  readonly storedSymbols: Uint8Array;
}

/** @param tries how often it had a problem before */
export function packEntry(
  entry: FileEntry,
  terms: TermTable,
  slabs: Slabs,
  tries = 0,
): IndexedEntry {
  const { grammar, nature, problem, lines, words, symbols, imports } = entry;
  const pairs = new Uint32Array(words.size * 2);
  let at = 0;
  let length = 0;
  for (const [word, count] of words) {
    pairs[at++] = terms.idOf(word);
    pairs[at++] = count;
    length += count;
  }
  const defines = new Set(symbols.map(({ name }) => terms.idOf(name)));
  return {
    grammar,
    nature,
    problem,
    lines,
    words: slabs.numbers(pairs),
    length,
    defines: slabs.numbers([...defines]),
    tries: problem === null ? 0 : tries + 1,
    storedImports: slabs.bytes(storedAs(imports.map(importRow), (text) => text)),
    // Signatures are much alike; packed they take a fifth.
    storedSymbols: slabs.bytes(storedAs(symbols.map(symbolRow), deflateRawSync)),
  };
}

const nothing = new Uint8Array(0);

function storedAs(rows: readonly unknown[], pack: (text: Buffer) => Uint8Array): Uint8Array {
  return rows.length === 0 ? nothing : pack(Buffer.from(JSON.stringify(rows)));
}

/** In the order of the text; read from what is stored, each time. */
export function symbolsOf({
  storedSymbols: stored,
}: Pick<IndexedEntry, 'storedSymbols'>): SourceSymbol[] {
  if (stored.length === 0) return [];
  return (JSON.parse(inflateRawSync(stored).toString('utf8')) as SymbolRow[]).map(symbolIn);
}

/** In the order of the text; read from what is stored, each time. */
export function importsOf({
  storedImports: stored,
}: Pick<IndexedEntry, 'storedImports'>): ImportClause[] {
  if (stored.length === 0) return [];
  const { buffer, byteOffset, length } = stored;
  const text = Buffer.from(buffer, byteOffset, length).toString('utf8');
  return (JSON.parse(text) as ImportRow[]).map(([specifier, ...names]) => ({ specifier, names }));
}

type ImportRow = readonly [specifier: string, ...names: string[]];

function importRow({ specifier, names }: ImportClause): ImportRow {
  return [specifier, ...names];
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

function symbolRow({
  name,
  kind,
  owner,
  signature,
  exported,
  line,
  endLine,
}: SourceSymbol): SymbolRow {
  return [name, kind, owner, signature, exported ? 1 : 0, line, endLine];
}

function symbolIn([
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
