import { expect, test } from 'vitest';
import { checkCitation } from '../../../src/workflows/rag/check-citation.ts';
import { sourcesOf } from '../../../src/workflows/rag/sources.ts';
import { knownProject } from '../../helpers/known-project.ts';

const text = '# Title\r\n\r\nIt is   retried\tfour times.\nThen it fails.\n\nÉté — “quoted”.\n';
const read = async (path: string) =>
  path === 'a.md' ? text : path === 'long.md' ? 'x\n'.repeat(100) : null;
const shown = new Set(['a.md', 'long.md', 'gone.md']);
const check = (path: string, firstLine: number, lastLine: number, quote: string) =>
  checkCitation({ path, firstLine, lastLine, quote }, shown, read);

test.each([
  ['a line', 'a.md', 3, 3, 'It is retried four times.'],
  ['part of a line', 'a.md', 3, 3, 'retried four'],
  ['over a line end', 'a.md', 3, 4, 'four times. Then it fails.'],
  ['with the line end', 'a.md', 3, 4, 'four times.\nThen it'],
  ['of a longer range', 'a.md', 1, 6, 'Then it fails.'],
  ['with marks and accents', 'a.md', 6, 6, 'Été — “quoted”'],
  ['with a dot before its path', './a.md', 4, 4, 'fails'],
])('a quote %s holds', async (_what, path, first, last, quote) => {
  expect(await check(path, first, last, quote)).toMatchObject({ citation: { path: 'a.md' } });
});

test.each([
  ['a letter differs', 'a.md', 3, 3, 'retried Four times', 'nor anywhere else'],
  ['a character is missing', 'a.md', 3, 3, 'retried our times', 'nor anywhere else'],
  ['a plain dash stands for a long one', 'a.md', 6, 6, 'Été - “quoted”', 'nor anywhere else'],
  ['it stands in another line', 'a.md', 1, 1, 'Then it fails', 'begins in line 4'],
  ['it stands in other lines', 'a.md', 1, 1, 'times. Then', 'begins in line 3'],
  ['the line is not there', 'a.md', 99, 99, 'fails', 'no such lines'],
  ['the lines are turned round', 'a.md', 4, 3, 'fails', 'no such lines'],
  ['the line is 0', 'a.md', 0, 1, 'Title', 'no such lines'],
  ['it is empty', 'a.md', 3, 3, '  ', 'says nothing'],
  ['it is of marks alone', 'a.md', 3, 3, '.', 'says nothing'],
  ['it cites all there is', 'long.md', 1, 100, 'x', 'at most 40 lines'],
  ['the file was not shown', 'b.md', 1, 1, 'x', 'was shown'],
  ['the file is outside', '../a.md', 1, 1, 'x', 'was shown'],
  ['the file is gone', 'gone.md', 1, 1, 'x', 'is not there'],
])('where %s it does not hold', async (_what, path, first, last, quote, fault) => {
  expect(await check(path, first, last, quote)).toEqual({ fault: expect.stringContaining(fault) });
});

test('files of several folders are told apart by their folder', async () => {
  const one = knownProject({ files: { 'x.md': 'one' } }).project;
  const two = knownProject({ files: { 'x.md': 'two' } }).project;
  const hit = (score: number, line: number) => [
    { path: 'x.md', line, endLine: line, text: 'x', heading: null, score },
  ];
  const sources = sourcesOf([
    { prefix: 'one/', project: { ...one, search: async () => [...hit(50, 1), ...hit(10, 2)] } },
    { prefix: 'two/', project: { ...two, search: async () => hit(3, 1) } },
  ]);
  expect(await sources.read('one/x.md')).toBe('one');
  expect(await sources.read('two/x.md')).toBe('two');
  expect(await sources.read('x.md')).toBeNull();
  const found = await sources.search('x', 2);
  expect(found.map(({ path, line }) => `${path}:${line}`)).toEqual(['one/x.md:1', 'two/x.md:1']);
});
