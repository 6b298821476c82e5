import { expect, test } from 'vitest';
import { corpusOf } from '../../src/repository/index/corpus.ts';
import { createTermTable } from '../../src/repository/index/terms.ts';
import { searchCorpus } from '../../src/repository/search.ts';
import { smallProject } from './corpus.ts';

const { signal } = new AbortController();

async function found(texts: Readonly<Record<string, string>>, query: string, limit = 50) {
  const { corpus } = await smallProject(texts);
  const read = async (path: string) => texts[path] ?? null;
  return searchCorpus(corpus, query, { limit, read, signal });
}

test('of many files that hold a word those are looked into that hold it most, each once', async () => {
  const texts = Object.fromEntries(
    Array.from({ length: 60 }, (_, at) => [
      `docs/n${String(at).padStart(2, '0')}.md`,
      `${'The gateway waits. '.repeat(1 + (at % 7))}${'Others do not. '.repeat(7 - (at % 7))}\n`,
    ]),
  );
  const paths = (await found(texts, 'the gateway')).map(({ path }) => path);
  expect(new Set(paths).size).toBe(paths.length);
  expect(paths).toHaveLength(40);
  const often = Object.keys(texts).filter((_, at) => at % 7 >= 3);
  expect(often.every((path) => paths.includes(path))).toBe(true);
});

test('a file that is named is looked into, though many fit the words better', async () => {
  const many = Array.from({ length: 60 }, (_, at) => [`n${at}.md`, 'A gateway, a gateway.\n']);
  const texts = { ...Object.fromEntries(many), 'notes/z.md': 'One gateway, and much else.\n' };
  const paths = (query: string) => found(texts, query).then((hits) => hits.map(({ path }) => path));
  expect(await paths('What of the gateway?')).not.toContain('notes/z.md');
  expect(await paths('What does notes/z.md say of the gateway?')).toContain('notes/z.md');
});

test('nothing is found by words that no file holds, and by none', async () => {
  const texts = { 'a.md': 'The gateway waits.\n' };
  for (const query of ['zebra', '', 'of the']) expect(await found(texts, query)).toEqual([]);
});

test('a name among very many files is looked for like any other', async () => {
  const files = Array.from({ length: 200_000 }, (_, at) => ({
    path: `f${at}.bin`,
    size: 1,
    key: null,
    entry: null,
  }));
  const corpus = corpusOf(files, createTermTable());
  const read = async () => null;
  expect(await searchCorpus(corpus, 'What is f7.bin?', { limit: 5, read, signal })).toEqual([]);
});
