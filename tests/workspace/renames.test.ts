import { expect, test } from 'vitest';
import { encodingOfNew, renamedFrom } from '../../src/workspace/renames.ts';

const wide = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');
const poem = 'one line\nanother line\na third line\n';
const gone = [
  { path: 'a.txt', bytes: wide(poem) },
  { path: 'b.txt', bytes: Buffer.from('quite\ndifferent\n') },
];

test('a byte order mark is from a file that goes, where all lines are others', () => {
  const marked = '\ufeffall is new\n';
  expect(encodingOfNew('c/new.txt', marked, gone)).toBe('utf-16le');
  expect(encodingOfNew('c/new.txt', 'all is new\n', gone)).toBe('utf-8');
  const other = { path: 'x', bytes: wide('x').swap16() };
  expect(encodingOfNew('c/new.txt', marked, [...gone, other])).toBe('utf-8');
});

test.each([
  ['with the same text', 'c/new.txt', `\ufeff${poem}`, 'a.txt'],
  ['edited', 'c/new.txt', poem.replace('another line', 'another'), 'a.txt'],
  ['under the same name elsewhere', 'c/b.txt', 'nothing alike\n', 'b.txt'],
  ['with less than half of its lines', 'c/new.txt', 'one line\nand all else is new here\n', null],
  ['empty', 'c/new.txt', '', null],
])('a new file %s comes from the one that goes', (_name, path, text, from) => {
  expect(renamedFrom(path, text, gone)?.path ?? null).toBe(from);
  expect(encodingOfNew(path, text, gone)).toBe(from === 'a.txt' ? 'utf-16le' : 'utf-8');
});
