import { createHash, createHmac } from 'node:crypto';
import { withSymbols, type IndexedEntry } from './indexed-entry.ts';

/** What is kept of a project from one command to the next. */
export interface IndexContent {
  readonly words: readonly string[];
  /** By what they were read from: the blob's hash and the file's ending. */
  readonly entries: ReadonlyMap<string, IndexedEntry>;
  /** By path: the file's stamp when it was read, and its blob's hash. */
  readonly stamps: ReadonlyMap<string, StampedHash>;
}

export interface StampedHash {
  readonly stamp: string;
  readonly hash: string;
}

/** Raised whenever the same file would be read otherwise, or the file of the index has another form. */
const version = 4;

type Row = readonly [
  key: string,
  grammar: IndexedEntry['grammar'],
  nature: IndexedEntry['nature'],
  problem: string | null,
  tries: number,
  lines: number,
  length: number,
  words: number,
  defines: number,
  symbols: number,
  imports: readonly (readonly [string, ...string[]])[],
];

interface Head {
  readonly words: number;
  readonly rows: number;
  readonly stamps: number;
  readonly numbers: number;
  readonly symbols: number;
}

/**
 * One line with the version and a seal over all that follows, one with the sections' sizes in bytes, then
 * the sections: words by line, a row for each entry, stamps (JSON), numbers (32 bits, the machine's order),
 * symbols (JSON, one text after another).
 * @param key of this user; null where none can be kept
 */
export function encodeIndex(content: IndexContent, key: Buffer | null): Buffer {
  const rows: Row[] = [];
  const numbers: Uint32Array[] = [];
  const symbols: Uint8Array[] = [];
  for (const [name, entry] of content.entries) {
    rows.push([
      name,
      entry.grammar,
      entry.nature,
      entry.problem,
      entry.tries,
      entry.lines,
      entry.length,
      entry.words.length,
      entry.defines.length,
      entry.storedSymbols.length,
      entry.imports.map(({ specifier, names }) => [specifier, ...names] as const),
    ]);
    numbers.push(entry.words, entry.defines);
    symbols.push(entry.storedSymbols);
  }
  const stamps = [...content.stamps].map(([path, { stamp, hash }]) => [path, stamp, hash]);
  const texts = [content.words.join('\n'), JSON.stringify(rows), JSON.stringify(stamps)];
  const [words, rowBytes, stampBytes] = texts.map((text) => Buffer.from(text));
  const head: Head = {
    words: words?.length ?? 0,
    rows: rowBytes?.length ?? 0,
    stamps: stampBytes?.length ?? 0,
    numbers: numbers.reduce((sum, { byteLength }) => sum + byteLength, 0),
    symbols: symbols.reduce((sum, { length }) => sum + length, 0),
  };
  const parts = [
    Buffer.from(`${JSON.stringify(head)}\n`),
    ...[words, rowBytes, stampBytes].flatMap((part) => part ?? []),
    ...numbers.map((part) => bytesOf(part)),
    ...symbols,
  ];
  // Put together once: it may be a hundred megabytes.
  return Buffer.concat([Buffer.from(`${firstLine(sealOf(parts, key))}\n`), ...parts]);
}

/** Null for an index of another version or maker, and for one that is not whole. */
export function decodeIndex(bytes: Buffer, key: Buffer | null): IndexContent | null {
  const start = bytes.indexOf(10) + 1;
  const body = bytes.subarray(start);
  if (start === 0 || bytes.toString('latin1', 0, start - 1) !== firstLine(sealOf([body], key)))
    return null;
  const end = body.indexOf(10) + 1;
  const head = JSON.parse(body.toString('utf8', 0, end)) as Head;
  let at = end;
  const take = (length: number): Buffer => body.subarray(at, (at += length));
  const words = take(head.words).toString('utf8').split('\n');
  const rows = JSON.parse(take(head.rows).toString('utf8')) as Row[];
  const stamps = JSON.parse(take(head.stamps).toString('utf8')) as [string, string, string][];
  // Copied, so that it begins where numbers may begin.
  const numbers = new Uint32Array(Uint8Array.from(take(head.numbers)).buffer);
  return {
    words: head.words === 0 ? [] : words,
    entries: entriesOf(rows, numbers, take(head.symbols)),
    stamps: new Map(stamps.map(([path, stamp, hash]) => [path, { stamp, hash }])),
  };
}

function entriesOf(
  rows: readonly Row[],
  numbers: Uint32Array,
  symbols: Uint8Array,
): Map<string, IndexedEntry> {
  let number = 0;
  let symbol = 0;
  return new Map(
    rows.map(
      ([key, grammar, nature, problem, tries, lines, length, words, defines, stored, imports]) => {
        const entry = withSymbols(
          {
            grammar,
            nature,
            problem,
            tries,
            lines,
            length,
            words: numbers.subarray(number, number + words),
            defines: numbers.subarray(number + words, number + words + defines),
            imports: imports.map(([specifier, ...names]) => ({ specifier, names })),
          },
          symbols.subarray(symbol, symbol + stored),
        );
        number += words + defines;
        symbol += stored;
        return [key, entry];
      },
    ),
  );
}

function firstLine(seal: string): string {
  return `blueprint-index ${version} ${seal}`;
}

function sealOf(parts: readonly Uint8Array[], key: Buffer | null): string {
  const hash = key === null ? createHash('sha256') : createHmac('sha256', key);
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
