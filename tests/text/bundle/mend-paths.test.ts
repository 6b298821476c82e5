import { expect, test } from 'vitest';
import { mendPaths } from '../../../src/text/bundle/mend-paths.ts';

const there = new Set(['x.js', 'src/x.js', 'b/own.js', 'notes (copy).txt', 'a -- b.txt']);
const empty = { files: [], edits: [], deletions: [], tests: [], commands: [], notes: '' };
const mended = (bundle: Partial<typeof empty>, unnamed: string[] = []) =>
  mendPaths(
    { ...empty, ...bundle },
    { isThere: async (path) => there.has(path), list: async () => there, unnamed },
  );

test.each([
  ['x.js', 'x.js'],
  ['a/x.js', 'x.js'],
  ['b/src/x.js', 'src/x.js'],
  ['b/own.js', 'b/own.js'],
  ['c/x.js', 'c/x.js'],
  ['a/none.js', 'a/none.js'],
  ['x.js (no longer used)', 'x.js'],
  ['x.js # not used', 'x.js'],
  ['a/x.js // not used', 'x.js'],
  ['x.js — its work is done in src/x.js', 'x.js'],
  ['x.js <!-- gone -->', 'x.js'],
  ['x.js - replaced', 'x.js'],
  ['notes (copy).txt', 'notes (copy).txt'],
  ['a -- b.txt', 'a -- b.txt'],
  ['none.js # gone', 'none.js # gone'],
  ['../x.js', '../x.js'],
  ['x.js -> src/y.js', 'x.js -> src/y.js'],
  ['src\\x.js', 'src/x.js'],
  ['..\\x.js', '..\\x.js'],
  ['/home/me/project/b/own.js', 'b/own.js'],
  ['/home/me/project/src/x.js', '/home/me/project/src/x.js'],
])('what is deleted as «%s» is %s', async (path, meant) => {
  expect((await mended({ deletions: [path] as never[] })).bundle.deletions).toEqual([meant]);
});

test('an edit is of the file that is there, or that the reply makes', async () => {
  const edit = (path: string) => ({ path, search: 'a', replace: 'b' });
  const { bundle, doubts } = await mended({
    files: [{ path: 'a/src/x.js', content: '' }] as never[],
    edits: ['a/x.js', 'a/src/x.js', 'x.js # why', 'b/none.js'].map(edit) as never[],
  });
  expect(bundle.edits.map(({ path }) => path)).toEqual(['x.js', 'a/src/x.js', 'x.js', 'b/none.js']);
  expect(doubts).toEqual([]);
});

test.each([
  ['x.js:12', 'x.js'],
  ['src/x.js:3-7', 'src/x.js'],
  ['src/x.js#L3-L7', 'src/x.js'],
  ['x.js (lines 1-2)', 'x.js'],
])('what is edited as «%s» is %s', async (path, meant) => {
  const edits = [{ path, search: 'a', replace: 'b' }] as never[];
  expect((await mended({ edits })).bundle.edits.map((edit) => edit.path)).toEqual([meant]);
});

test('a folder, or several files, are deleted by one line', async () => {
  const deletions = (path: string) =>
    mended({ deletions: [path] as never[] }).then(({ bundle }) => bundle.deletions);
  expect(await deletions('src/')).toEqual(['src/x.js']);
  expect(await deletions('src/**')).toEqual(['src/x.js']);
  expect(await deletions('src (no longer used)')).toEqual(['src/x.js']);
  expect(await deletions('x.js, `src/x.js`')).toEqual(['x.js', 'src/x.js']);
  expect(await deletions('x.js none.js')).toEqual(['x.js none.js']);
  expect(await deletions('../src')).toEqual(['../src']);
});

test('a whole file with the prefix of a diff is the file that is there, unless the folder is', async () => {
  const names = async (...paths: string[]) => {
    const files = paths.map((path) => ({ path, content: '' })) as never[];
    const { bundle, doubts } = await mended({ files });
    return { names: bundle.files.map(({ path }) => path), doubts: doubts.length };
  };
  expect(await names('a/x.js', 'a/src/x.js')).toEqual({ names: ['x.js', 'src/x.js'], doubts: 0 });
  expect(await names('b/x.js')).toEqual({ names: ['b/x.js'], doubts: 1 });
  expect(await names('a/x.js', 'a/new.js')).toEqual({ names: ['a/x.js', 'a/new.js'], doubts: 1 });
  expect(await names('x.js # changed')).toEqual({ names: ['x.js'], doubts: 0 });
  expect(await names('new.js — the new module')).toMatchObject({ doubts: 1 });
  expect(await names('docs/Design - all of it.md', 'v1.2 (draft).txt')).toMatchObject({
    doubts: 0,
  });
});

test('a test file is known by the name that it gets', async () => {
  const files = [{ path: 'a/x.js', content: '' }] as never[];
  const { bundle } = await mended({ files, tests: ['a/x.js', 'src/x.js'] as never[] });
  expect(bundle.tests).toEqual(['x.js', 'src/x.js']);
});

test('a path above a block is doubted where it may be no file', async () => {
  const files = [{ path: 'new.js', content: '' }] as never[];
  expect((await mended({ files }, ['new.js'])).doubts).toEqual([]);
  expect((await mended({ files }, ['other.js'])).doubts).toEqual([
    expect.stringContaining('other.js stands above a block without a directive'),
  ]);
  const known = [{ path: 'x.js', content: '' }] as never[];
  expect((await mended({ files: known }, ['x.js'])).doubts).toHaveLength(1);
});

test('a whole file is doubted only where the file without the prefix is there alone', async () => {
  const paths = ['b/own.js', 'a/new.js', 'x.js', 'a/b/x.js', 'a -- b.txt'];
  const files = paths.map((path) => ({ path, content: '' })) as never[];
  expect((await mended({ files })).doubts).toEqual([]);
});
