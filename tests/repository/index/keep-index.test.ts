import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { IndexContent } from '../../../src/repository/index/index-content.ts';
import { packEntry } from '../../../src/repository/index/indexed-entry.ts';
import { indexFolder, keptIndex } from '../../../src/repository/index/keep-index.ts';
import { createSlabs } from '../../../src/repository/index/slabs.ts';
import { createTermTable } from '../../../src/repository/index/terms.ts';
import { readText } from '../read-text.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'blueprint-index-'));
  folders.push(folder);
  return folder;
}

const key = async (): Promise<Buffer> => Buffer.from('the key of this user');

/** What is known, with these files more. */
async function withFiles(
  known: IndexContent | null,
  texts: Readonly<Record<string, string>>,
): Promise<IndexContent> {
  const terms = createTermTable(known?.words);
  const slabs = createSlabs();
  const entries = new Map(known?.entries);
  const stamps = new Map(known?.stamps);
  for (const [path, text] of Object.entries(texts)) {
    entries.set(text, packEntry(await readText(path, text), terms, slabs));
    stamps.set(path, { stamp: text, key: text });
  }
  return { words: terms.words(), entries, stamps, links: known?.links ?? null };
}

const letters = (number: number): string =>
  String(number).replace(/\d/g, (digit) => 'abcdefghij'.charAt(Number(digit)));
const numbered = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${at}.md`, `word${letters(at)}`]));

/** Words of the files by path, as they are read back. */
function wordsIn(content: IndexContent | null): Record<string, string> {
  const { words = [], entries, stamps = new Map() } = content ?? {};
  return Object.fromEntries(
    [...stamps].map(([path, { key: name }]) => {
      const [term = -1] = entries?.get(name)?.words ?? [];
      return [path, words[term] ?? ''];
    }),
  );
}

test('few changes are kept beside what was known, and found with it', async () => {
  const root = await temporaryFolder();
  expect(await keptIndex(root, key).load()).toBeNull();
  expect(await keptIndex(root, key).save(await withFiles(null, numbered(3)))).toBeNull();
  const place = (name: string): string => join(root, indexFolder, name);
  const whole = await readFile(place('files.bin'));

  for (const added of [{ 'g.md': 'grown' }, { 'h.md': 'higher', 'f1.md': 'other' }]) {
    const index = keptIndex(root, key);
    expect(await index.save(await withFiles(await index.load(), added))).toBeNull();
  }
  expect(await readFile(place('files.bin'))).toEqual(whole);
  const expected = { 'f0.md': 'worda', 'f1.md': 'other', 'f2.md': 'wordc' };
  expect(wordsIn(await keptIndex(root, key).load())).toEqual({
    ...expected,
    'g.md': 'grown',
    'h.md': 'higher',
  });

  const changes = await readFile(place('changes.bin'));
  for (const broken of [changes.subarray(0, -1), whole, Buffer.alloc(0)]) {
    await writeFile(place('changes.bin'), broken);
    expect(wordsIn(await keptIndex(root, key).load())).toEqual(numbered(3));
  }
});

test('links are kept with the changes that they came with', async () => {
  const root = await temporaryFolder();
  await keptIndex(root, key).save(await withFiles(null, numbered(2)));
  const index = keptIndex(root, key);
  const known = await withFiles(await index.load(), {});
  const imports = { starts: Uint32Array.of(0, 1, 1), places: Uint32Array.of(1) };
  const links = { listing: 'l', settings: [['go.mod', 'h']] as const, imports };
  await index.save({ ...known, links });
  const again = keptIndex(root, key);
  const loaded = await again.load();
  expect(loaded?.links).toEqual(links);
  await again.save(await withFiles(loaded, { 'g.md': 'grown' }));
  expect((await keptIndex(root, key).load())?.links).toEqual(links);
});

test('much that is new, and words of other numbers, make the whole anew', async () => {
  const root = await temporaryFolder();
  await keptIndex(root, key).save(await withFiles(null, numbered(2)));
  const first = keptIndex(root, key);
  await first.save(await withFiles(await first.load(), { 'g.md': 'grown' }));
  const second = keptIndex(root, key);
  await second.save(await withFiles(await second.load(), numbered(120)));
  expect((await readdir(join(root, indexFolder))).sort()).toEqual(['.gitignore', 'files.bin']);
  expect(wordsIn(await keptIndex(root, key).load())).toEqual({
    ...numbered(120),
    'g.md': 'grown',
  });

  const third = keptIndex(root, key);
  await third.load();
  await third.save(await withFiles(null, { 'other.md': 'alone' }));
  expect(wordsIn(await keptIndex(root, key).load())).toEqual({ 'other.md': 'alone' });
});

test('changes that go on from another index are none', async () => {
  const root = await temporaryFolder();
  await keptIndex(root, key).save(await withFiles(null, numbered(2)));
  const slow = keptIndex(root, key);
  const content = await withFiles(await slow.load(), { 'slow.md': 'slow' });
  await keptIndex(root, key).save(await withFiles(null, { 'quick.md': 'quick' }));
  expect(await slow.save(content)).toBeNull();
  expect(wordsIn(await keptIndex(root, key).load())).toEqual({ 'quick.md': 'quick' });
});
