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
  const sizes = sections.map((parts) => parts.reduce((sum, { length }) => sum + length, 0));
  const head: Head = { sizes, ...rest };
  const text = Buffer.from(`${JSON.stringify(head)}\n`);
  const start = firstLine('0'.repeat(64), after).length + 1 + text.length;
  // Numbers can be read where they are from a place that is a multiple of their size.
  const parts = [Buffer.from(' '.repeat((4 - (start % 4)) % 4)), text, ...sections.flat()];
  yield* inPieces([Buffer.from(`${firstLine(sealOf(parts, key, after), after)}\n`), ...parts]);
}

type Sections = Omit<Head, 'sizes'> & { readonly sections: readonly Uint8Array[][] };

function sectionsOf({ words, entries, stamps, links }: IndexContent): Sections {
  const names: string[] = [];
  const nameOf = (name: string | null): number => {
    if (name === null) return 0;
    const at = names.indexOf(name);
    return at === -1 ? names.push(name) : at + 1;
  };
  const all = [...entries.values()];
  const rows = new Uint32Array(all.length * columns);
  for (const [row, entry] of all.entries())
    rows.set([nameOf(entry.grammar), nameOf(entry.nature), ...sizesOf(entry)], row * columns);
  const listed = [...stamps].flatMap(([path, { stamp, key }]) => [path, stamp, key]);
  return {
    names,
    problems: all.flatMap(({ problem }, row) => (problem === null ? [] : [[row, problem]])),
    links: links && {
      listing: links.listing,
      settings: links.settings,
      files: links.imports.starts.length - 1,
    },
    sections: [
      all.flatMap((entry) => [bytesOf(entry.words), bytesOf(entry.defines)]),
      [bytesOf(rows)],
      links === null ? [] : [bytesOf(links.imports.starts), bytesOf(links.imports.places)],
      all.flatMap(({ storedImports, storedSymbols }) => [storedImports, storedSymbols]),
      [Buffer.from(words.join('\n'))],
      [Buffer.from([...entries.keys()].join('\n'))],
      [Buffer.from(listed.join('\0'))],
    ],
  };
}

function sizesOf(entry: IndexedEntry): number[] {
  const { tries, lines, length, words, defines, storedImports, storedSymbols } = entry;
  const sizes = [words, defines, storedImports, storedSymbols].map((part) => part.length);
  return [tries, lines, length, ...sizes];
}

const pieceSize = 1 << 20;

/** Small ones together, as each piece is written by itself. */
function* inPieces(parts: readonly Uint8Array[]): Generator<Uint8Array> {
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
