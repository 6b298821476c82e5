import { expect, test } from 'vitest';
import { createImportResolver } from '../../src/repository/imports/resolver.ts';
import { kindOf } from '../../src/repository/file-kind.ts';
import type { IndexContent, KeptLinks } from '../../src/repository/index/index-content.ts';
import { blobHash, refresh } from '../../src/repository/index/refresh.ts';
import { knownLinks } from '../../src/repository/known-links.ts';
import { packagesIn } from '../../src/repository/packages/packages-in.ts';
import { rowOf } from '../../src/repository/rank/rows.ts';
import { readEntry } from '../../src/repository/read-entry.ts';

const texts = {
  'package.json': '{ "name": "shop", "imports": { "#price": "./src/price.ts" } }',
  'src/cart.ts': "import '#price';\n",
  'src/price.ts': 'export const price = 1;\n',
  'src/rate.ts': 'export const rate = 1;\n',
};

/** The project as a command finds it that knows what the last one kept. @param unlisted also on the disk */
async function command(
  files: Readonly<Record<string, string>>,
  before: IndexContent | null,
  unlisted: Readonly<Record<string, string>> = {},
) {
  const textAt = (path: string): string | null => files[path] ?? unlisted[path] ?? null;
  const hash = (path: string): string | null => {
    const text = textAt(path);
    return text === null ? null : blobHash(Buffer.from(text));
  };
  const listed = Object.keys(files)
    .sort()
    .map((path) => ({
      path,
      kind: kindOf(path),
      size: 1,
      stamp: String(hash(path)),
      changedAt: 0,
    }));
  const { corpus, content } = await refresh(before, listed, {
    bytes: async (path) => Buffer.from(files[path] ?? ''),
    entry: readEntry,
    now: () => new Date(),
    signal: new AbortController().signal,
  });
  const settings = new Map<string, string | null>();
  const view = {
    files: new Set(Object.keys(files)),
    async read(path: string) {
      settings.set(path, hash(path));
      return textAt(path);
    },
  };
  let resolved = 0;
  const { links, kept } = await knownLinks(corpus, {
    before,
    async resolver() {
      const resolve = await createImportResolver(view, await packagesIn(view));
      return (...asked) => {
        resolved += 1;
        return resolve(...asked);
      };
    },
    settings: () => [...settings] as KeptLinks['settings'],
    hashNow: async (path) => hash(path),
  });
  const imports = Object.fromEntries(
    corpus.files.map(({ path }, place) => [
      path,
      [...rowOf(links.imports, place)].map((to) => corpus.files[to]?.path),
    ]),
  );
  return { imports, resolved, isNew: kept !== before?.links, next: { ...content, links: kept } };
}

test('what was resolved is known to the next command', async () => {
  const first = await command(texts, null);
  expect(first.imports).toMatchObject({ 'src/cart.ts': ['src/price.ts'] });
  const second = await command(texts, first.next);
  expect(second).toMatchObject({ imports: first.imports, resolved: 0, isNew: false });
});

test('a file that changed is resolved anew where it asks for something else', async () => {
  const { next } = await command(texts, null);
  const longer = { ...texts, 'src/cart.ts': `${texts['src/cart.ts']}export const cart = 1;\n` };
  const second = await command(longer, next);
  expect(second).toMatchObject({ resolved: 0, isNew: false });
  const other = { ...longer, 'src/price.ts': "import './rate.ts';\n" };
  const third = await command(other, second.next);
  expect(third).toMatchObject({ resolved: 1, isNew: true });
  expect(third.imports).toMatchObject({
    'src/cart.ts': ['src/price.ts'],
    'src/price.ts': ['src/rate.ts'],
  });
  // What came back asks for what it asked for then, not for what was last known of it.
  const fourth = await command(longer, third.next);
  expect(fourth.imports).toMatchObject({ 'src/price.ts': [] });
});

test.each([
  ['a file more', { 'src/price.d.ts': '' }],
  ['another manifest', { 'package.json': texts['package.json'].replace('price.ts', 'rate.ts') }],
])('%s has all resolved anew', async (_, changed) => {
  const { next } = await command(texts, null);
  const all = { ...texts, ...changed };
  const second = await command(all, next);
  expect(second).toMatchObject({ resolved: 1, isNew: true });
  expect(second.imports).toEqual((await command(all, null)).imports);
});

test('a setting that no listing names has all resolved anew, too', async () => {
  const { next } = await command(texts, null);
  expect(await command(texts, next, { 'lerna.json': '{}' })).toMatchObject({ resolved: 1 });
});
