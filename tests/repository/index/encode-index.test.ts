import { describe, expect, it } from 'vitest';
import { decodeIndex } from '../../../src/repository/index/decode-index.ts';
import { encodeIndex } from '../../../src/repository/index/encode-index.ts';
import type { IndexContent } from '../../../src/repository/index/index-content.ts';
import { importsOf, packEntry, symbolsOf } from '../../../src/repository/index/indexed-entry.ts';
import { createSlabs } from '../../../src/repository/index/slabs.ts';
import { createTermTable } from '../../../src/repository/index/terms.ts';
import { readText } from '../read-text.ts';

const key = Buffer.from('the key of this user');

async function content(): Promise<IndexContent> {
  const terms = createTermTable();
  const slabs = createSlabs();
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
          [`hash-of-${path}`, packEntry(await readText(path, text), terms, slabs)] as const,
      ),
    ),
  );
  const stamps = new Map([
    ['a.ts', { stamp: '1-2-3', key: 'hash-of-a.ts' }],
    ['with\nnewline', { stamp: '', key: 'gone' }],
  ]);
  const imports = { starts: Uint32Array.of(0, 1, 3), places: Uint32Array.of(1, 0, 1) };
  const settings = [
    ['package.json', 'h'],
    ['lerna.json', null],
  ] as const;
  return { words: terms.words(), entries, stamps, links: { listing: 'l', settings, imports } };
}

/** An index in values that compare. */
function plain({ words, entries, stamps, links }: IndexContent): unknown {
  return {
    words,
    stamps: [...stamps],
    links: links && {
      ...links,
      imports: [[...links.imports.starts], [...links.imports.places]],
    },
    entries: [...entries].map(([name, entry]) => ({
      ...entry,
      name,
      words: [...entry.words],
      defines: [...entry.defines],
      storedImports: importsOf(entry),
      storedSymbols: symbolsOf(entry),
    })),
  };
}

const written = (content: IndexContent, by: Buffer | null, after?: string): Buffer =>
  Buffer.concat([...encodeIndex(content, by, after)]);

describe('the file of the index', () => {
  it('gives back what was kept in it', async () => {
    const kept = await content();
    const read = decodeIndex(written(kept, key), key);
    expect(read?.after).toBeNull();
    expect(read === null ? null : plain(read.content)).toEqual(plain(kept));
  });

  it('holds nothing where nothing is known', () => {
    const nothing = { words: [], entries: new Map(), stamps: new Map(), links: null };
    expect(decodeIndex(written(nothing, null), null)?.content).toEqual(nothing);
  });

  it('is read where it stands, wherever that is', async () => {
    const kept = await content();
    const bytes = written(kept, key);
    for (let before = 0; before < 4; before += 1) {
      const moved = Buffer.concat([Buffer.alloc(before), bytes]).subarray(before);
      const read = decodeIndex(moved, key);
      expect(read === null ? null : plain(read.content)).toEqual(plain(kept));
    }
  });

  it('says which one it goes on from', async () => {
    const whole = decodeIndex(written(await content(), key), key);
    const seal = whole?.seal ?? '';
    expect(seal).toMatch(/^[0-9a-f]{64}$/);
    const changes = written(await content(), key, seal);
    expect(decodeIndex(changes, key)).toMatchObject({ after: seal });
    const other = Buffer.from(changes.toString('latin1').replace(seal, '0'.repeat(64)), 'latin1');
    expect(decodeIndex(other, key)).toBeNull();
  });

  it('is none when it was cut off, wherever', async () => {
    const bytes = written(await content(), key);
    for (let length = 0; length < bytes.length; length += 7)
      expect(decodeIndex(bytes.subarray(0, length), key)).toBeNull();
  });

  it('is none when a byte of it is another, or more follow', async () => {
    const bytes = written(await content(), key);
    for (let at = 0; at < bytes.length; at += 11) {
      const broken = Buffer.from(bytes);
      broken[at] = (broken[at] ?? 0) ^ 1;
      expect(decodeIndex(broken, key)).toBeNull();
    }
    expect(decodeIndex(Buffer.concat([bytes, Buffer.from('x')]), key)).toBeNull();
  });

  it('is none when somebody else made it, or another version', async () => {
    const bytes = written(await content(), key);
    expect(decodeIndex(bytes, Buffer.from('another key'))).toBeNull();
    expect(decodeIndex(bytes, null)).toBeNull();
    const older = Buffer.from(
      bytes.toString('latin1').replace(/^blueprint-index \d+/, 'blueprint-index 0'),
      'latin1',
    );
    expect(decodeIndex(older, key)).toBeNull();
  });
});
