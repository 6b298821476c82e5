import { expect, test } from 'vitest';
import { mendPaths } from '../../../src/text/bundle/mend-paths.ts';

const there = new Set(['x.js', 'src/x.js', 'b/own.js', 'notes (copy).txt', 'a -- b.txt']);
const empty = { files: [], edits: [], deletions: [], tests: [], commands: [], notes: '' };
const mended = (bundle: Partial<typeof empty>) =>
  mendPaths({ ...empty, ...bundle }, async (path) => there.has(path));

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
])('what is deleted as «%s» is %s', async (path, meant) => {
  expect((await mended({ deletions: [path] as never[] })).bundle.deletions).toEqual([meant]);
});

test('an edit is of the file that is there, or that the reply makes', async () => {
  const edit = (path: string) => ({ path, search: 'a', replace: 'b' });
  const { bundle, doubts } = await mended({
    files: [{ path: 'a/src/x.js', content: '' }] as never[],
    edits: ['a/x.js', 'a/src/x.js', 'x.js # why', 'b/none.js'].map(edit) as never[],
  });
  expect(bundle.edits.map(({ path }) => path)).toEqual([
    'x.js',
    'a/src/x.js',
    'x.js # why',
    'b/none.js',
  ]);
  expect(doubts).toEqual([expect.stringMatching(/^a\/src\/x\.js is not there, and src\/x\.js is/)]);
});

test('a whole file is doubted only where the file without the prefix is there alone', async () => {
  const paths = ['b/own.js', 'a/new.js', 'x.js', 'a/b/x.js'];
  const files = paths.map((path) => ({ path, content: '' })) as never[];
  expect((await mended({ files })).doubts).toEqual([]);
});
