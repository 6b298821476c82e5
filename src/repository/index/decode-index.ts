import type { IndexContent, Stamped } from './index-content.ts';
import { columns, firstLine, sealOf, type Head } from './index-form.ts';
import type { IndexedEntry } from './indexed-entry.ts';

/** The content of a file, by the seals that name it and what it goes on from. */
export interface DecodedIndex {
  readonly content: IndexContent;
  readonly seal: string;
  /** Null for a whole one. */
  readonly after: string | null;
}

/**
 * What the file of an index holds, in the same memory; null for one of another version or maker, and for one
 * that is not whole.
 */
export function decodeIndex(bytes: Buffer, key: Buffer | null): DecodedIndex | null {
  const start = bytes.indexOf(10) + 1;
  const body = bytes.subarray(start);
  const line = bytes.toString('latin1', 0, Math.max(0, start - 1));
  const last = line.slice(line.lastIndexOf(' ') + 1);
  const after = last === '-' ? null : last;
  const seal = sealOf([body], key, after);
  if (line !== firstLine(seal, after)) return null;
  const end = body.indexOf(10) + 1;
  const head = JSON.parse(body.toString('utf8', 0, end)) as Head;
  let at = end;
  const take = (section: number): Buffer => body.subarray(at, (at += head.sizes[section] ?? 0));
  const numbers = numbersIn(take(0));
  const rows = numbersIn(take(1));
  const links = numbersIn(take(2));
  const stored = take(3);
  const words = listIn(take(4), '\n');
  const keys = listIn(take(5), '\n');
  const stamps = stampsIn(listIn(take(6), '\0'));
  const entries = entriesIn(head, keys, rows, numbers, stored);
  return { seal, after, content: { words, entries, stamps, links: linksIn(head, links) } };
}

/** Copied where they do not begin where numbers may. */
function numbersIn(bytes: Buffer): Uint32Array {
  const { buffer, byteOffset, length } = byteAligned(bytes);
  return new Uint32Array(buffer, byteOffset, length / 4);
}

function byteAligned(bytes: Buffer): Uint8Array {
  return bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
}

function listIn(bytes: Buffer, separator: string): string[] {
  return bytes.length === 0 ? [] : bytes.toString('utf8').split(separator);
}

function entriesIn(
  { names, problems }: Head,
  keys: readonly string[],
  rows: Uint32Array,
  numbers: Uint32Array,
  stored: Uint8Array,
): Map<string, IndexedEntry> {
  const problemOf = new Map(problems);
  const entries = new Map<string, IndexedEntry>();
  let number = numbers.byteOffset;
  let byte = stored.byteOffset;
  // Views by their places are made in a fraction of the time that parts of parts take.
  for (const [row, key] of keys.entries()) {
    const at = row * columns;
    const words = new Uint32Array(numbers.buffer, number, rows[at + 5]);
    const defines = new Uint32Array(numbers.buffer, number + words.byteLength, rows[at + 6]);
    const storedImports = new Uint8Array(stored.buffer, byte, rows[at + 7]);
    const storedSymbols = new Uint8Array(stored.buffer, byte + storedImports.length, rows[at + 8]);
    number += words.byteLength + defines.byteLength;
    byte += storedImports.length + storedSymbols.length;
    entries.set(key, {
      grammar: (names[(rows[at] ?? 0) - 1] ?? null) as IndexedEntry['grammar'],
      nature: (names[(rows[at + 1] ?? 0) - 1] ?? null) as IndexedEntry['nature'],
      problem: problemOf.get(row) ?? null,
      tries: rows[at + 2] ?? 0,
      lines: rows[at + 3] ?? 0,
      length: rows[at + 4] ?? 0,
      words,
      defines,
      storedImports,
      storedSymbols,
    });
  }
  return entries;
}

function stampsIn(listed: readonly string[]): Map<string, Stamped> {
  const stamps = new Map<string, Stamped>();
  for (let at = 0; at + 2 < listed.length; at += 3)
    stamps.set(listed[at] ?? '', { stamp: listed[at + 1] ?? '', key: listed[at + 2] ?? '' });
  return stamps;
}

function linksIn({ links }: Head, numbers: Uint32Array): IndexContent['links'] {
  if (links === null) return null;
  const { listing, settings, files } = links;
  const imports = {
    starts: numbers.subarray(0, files + 1),
    places: numbers.subarray(files + 1),
  };
  return { listing, settings, imports };
}
