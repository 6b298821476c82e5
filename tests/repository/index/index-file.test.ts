import { describe, expect, it } from 'vitest';
import {
  decodeIndex,
  encodeIndex,
  type IndexContent,
} from '../../../src/repository/index/index-file.ts';
import { packEntry } from '../../../src/repository/index/indexed-entry.ts';
import { createTermTable } from '../../../src/repository/index/terms.ts';
import { readText } from '../read-text.ts';

const key = Buffer.from('the key of this user');

async function content(): Promise<IndexContent> {
  const terms = createTermTable();
  const texts = {
    'a.ts':
      "import { b } from './b.ts';\n\nexport function größe(of: string): number {\n  return b(of);\n}\n",
    'b.py': 'from .c import d, e\n\nclass F:\n    def g(self): ...\n',
    'empty.md': '',
  };
  const entries = new Map(
    await Promise.all(
      Object.entries(texts).map(
        async ([path, text]) =>
          [`hash-of-${path}`, packEntry(await readText(path, text), terms)] as const,
      ),
    ),
  );
  const stamps = new Map([
    ['a.ts', { stamp: '1-2-3', hash: 'h' }],
    ['with\nnewline', { stamp: '4', hash: 'i' }],
  ]);
  return { words: terms.words(), entries, stamps };
}

/** An index in values that compare. */
function plain({ words, entries, stamps }: IndexContent): unknown {
  return {
    words,
    stamps: [...stamps],
    entries: [...entries].map(
      ([name, { symbols, storedSymbols, words: pairs, defines, ...entry }]) => ({
        name,
        ...entry,
        words: [...pairs],
        defines: [...defines],
        symbols: symbols(),
        bytes: storedSymbols.length,
      }),
    ),
  };
}

describe('the file of the index', () => {
  it('gives back what was kept in it', async () => {
    const kept = await content();
    const read = decodeIndex(encodeIndex(kept, key), key);
    expect(read === null ? null : plain(read)).toEqual(plain(kept));
  });

  it('holds nothing where nothing is known', () => {
    const nothing = { words: [], entries: new Map(), stamps: new Map() };
    expect(decodeIndex(encodeIndex(nothing, null), null)).toEqual(nothing);
  });

  it('is none when it was cut off, wherever', async () => {
    const bytes = encodeIndex(await content(), key);
    for (let length = 0; length < bytes.length; length += 7)
      expect(decodeIndex(bytes.subarray(0, length), key)).toBeNull();
  });

  it('is none when a byte of it is another, or more follow', async () => {
    const bytes = encodeIndex(await content(), key);
    for (let at = 0; at < bytes.length; at += 11) {
      const broken = Buffer.from(bytes);
      broken[at] = (broken[at] ?? 0) ^ 1;
      expect(decodeIndex(broken, key)).toBeNull();
    }
    expect(decodeIndex(Buffer.concat([bytes, Buffer.from('x')]), key)).toBeNull();
  });

  it('is none when somebody else made it, or another version', async () => {
    const bytes = encodeIndex(await content(), key);
    expect(decodeIndex(bytes, Buffer.from('another key'))).toBeNull();
    expect(decodeIndex(bytes, null)).toBeNull();
    const older = Buffer.from(
      bytes.toString('latin1').replace(/^blueprint-index \d+/, 'blueprint-index 0'),
      'latin1',
    );
    expect(decodeIndex(older, key)).toBeNull();
  });
});
