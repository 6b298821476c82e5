import { expect, test } from 'vitest';
import { partsOf, wordsOf } from '../../src/text/words.ts';

test.each([
  ['readFile2HTML', ['read', 'file', 'html']],
  ['HTMLParser', ['html', 'parser']],
  ['parse_http_Request', ['parse', 'http', 'request']],
  ['MAX_RETRY_COUNT', ['max', 'retry', 'count']],
  ['sha256Of', ['sha', '256', 'of']],
  ['x2y', []],
  ['kebab-case.name', ['kebab', 'case', 'name']],
  ['ÜberGröße', ['über', 'größe']],
  ['файлСистемы', ['файл', 'системы']],
  ['読み込みFile', ['読み込み', 'file']],
  ['readRead', ['read']],
  ['', []],
  ['___', []],
])('%s has the parts %j', (identifier, parts) => {
  expect(partsOf(identifier)).toEqual(parts);
});

test('words count as they are written and by their parts', () => {
  expect([...wordsOf('readFile(read, Reader); readFile')]).toEqual([
    ['readFile', 2],
    ['read', 3],
    ['file', 2],
    ['Reader', 1],
    ['reader', 1],
  ]);
});

test('numbers, single letters and what is longer than a word are left out', () => {
  const long = 'a'.repeat(61);
  expect([...wordsOf(`x = 1000 + 0xff; ${long} ${'b'.repeat(60)}`).keys()]).toEqual([
    'b'.repeat(60),
  ]);
  expect([...wordsOf(`${'Part'.repeat(20)}`).keys()]).toEqual(['part']);
});

test('what is left out as it is written still counts as a part', () => {
  const words = wordsOf('import importFile', { without: new Set(['import']) });
  expect([...words]).toEqual([
    ['importFile', 1],
    ['import', 1],
    ['file', 1],
  ]);
});

test('the most frequent words are kept, of equals the first', () => {
  const words = wordsOf('one two two three four', { most: 3 });
  expect([...words]).toEqual([
    ['two', 2],
    ['one', 1],
    ['three', 1],
  ]);
});

test('a surrogate that stands alone and characters of two units do no harm', () => {
  expect([...wordsOf('ok\ud83d 😀 fine').keys()]).toContain('fine');
});
