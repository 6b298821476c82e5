import type { IndexContent } from './index-content.ts';
import { columns, firstLine, sealOf, type Head } from './index-form.ts';
import type { IndexedEntry } from './indexed-entry.ts';

/**
 * The file of an index.
 * @param key of this user; null where none can be kept
 * @param after the seal of the index that it goes on from; null for a whole one
 * @returns pieces, each made when it is asked for: all of them may be a hundred megabytes
 */
export function* encodeIndex(
  content: IndexContent,
  key: Buffer | null,
  after: string | null = null,
): Generator<Uint8Array> {
  const { sections, ...rest } = sectionsOf(content);
  const sizes = sections.map((parts) => {
    let size = 0;
    for (const { length } of parts()) size += length;
    return size;
  });
  const head: Head = { sizes, ...rest };
  const text = Buffer.from(`${JSON.stringify(head)}\n`);
  const start = firstLine('0'.repeat(64), after).length + 1 + text.length;
  // Numbers can be read where they are from a place that is a multiple of their size.
  const first = [Buffer.from(' '.repeat((4 - (start % 4)) % 4)), text];
  const seal = sealOf(all([() => first, ...sections]), key, after);
  const line = Buffer.from(`${firstLine(seal, after)}\n`);
  yield* inPieces(all([() => [line, ...first], ...sections]));
}

/** Parts of a section, made anew each time: all of them together would be as large as the index. */
type Section = () => Iterable<Uint8Array>;

function* all(sections: readonly Section[]): Generator<Uint8Array> {
  for (const parts of sections) yield* parts();
}

type Sections = Omit<Head, 'sizes'> & { readonly sections: readonly Section[] };

function sectionsOf({ words, entries, stamps, links }: IndexContent): Sections {
  const names: string[] = [];
  const nameOf = (name: string | null): number => {
    if (name === null) return 0;
    const at = names.indexOf(name);
    return at === -1 ? names.push(name) : at + 1;
  };
  const rows = new Uint32Array(entries.size * columns);
  const problems: [number, string][] = [];
  let row = 0;
  for (const entry of entries.values()) {
    rows.set([nameOf(entry.grammar), nameOf(entry.nature), ...sizesOf(entry)], row * columns);
    if (entry.problem !== null) problems.push([row, entry.problem]);
    row += 1;
  }
  const texts = [words.join('\n'), [...entries.keys()].join('\n'), stampTexts(stamps).join('\0')];
  const [wordBytes, keyBytes, stampBytes] = texts.map((text) => [Buffer.from(text)]);
  return {
    names,
    problems,
    links: links && {
      listing: links.listing,
      settings: links.settings,
      files: links.imports.starts.length - 1,
    },
    sections: [
      () => ofEach(entries, ({ words: terms, defines }) => [bytesOf(terms), bytesOf(defines)]),
      () => [bytesOf(rows)],
      () => (links === null ? [] : [bytesOf(links.imports.starts), bytesOf(links.imports.places)]),
      () => ofEach(entries, ({ storedImports, storedSymbols }) => [storedImports, storedSymbols]),
      () => wordBytes ?? [],
      () => keyBytes ?? [],
      () => stampBytes ?? [],
    ],
  };
}

function* ofEach(
  entries: IndexContent['entries'],
  parts: (entry: IndexedEntry) => readonly Uint8Array[],
): Generator<Uint8Array> {
  for (const entry of entries.values()) yield* parts(entry);
}

function stampTexts(stamps: IndexContent['stamps']): string[] {
  const texts: string[] = [];
  for (const [path, { stamp, key }] of stamps) texts.push(path, stamp, key);
  return texts;
}

function sizesOf(entry: IndexedEntry): number[] {
  const { tries, lines, length, words, defines, storedImports, storedSymbols } = entry;
  const sizes = [words, defines, storedImports, storedSymbols].map((part) => part.length);
  return [tries, lines, length, ...sizes];
}

const pieceSize = 1 << 20;

/** Small ones together, as each piece is written by itself. */
function* inPieces(parts: Iterable<Uint8Array>): Generator<Uint8Array> {
  let piece: Uint8Array[] = [];
  let size = 0;
  for (const part of parts) {
    piece.push(part);
    size += part.length;
    if (size < pieceSize) continue;
    yield Buffer.concat(piece, size);
    piece = [];
    size = 0;
  }
  yield Buffer.concat(piece, size);
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
