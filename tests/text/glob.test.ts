import { expect, test } from 'vitest';
import { globPattern } from '../../src/text/glob.ts';

test.each<[string, string[], string[]]>([
  ['packages/*', ['packages/a', 'packages/.b'], ['packages', 'packages/a/b']],
  ['./packages/*/', ['packages/a'], ['packages/a/b']],
  ['**', ['a', 'a/b', ''], []],
  ['packages/**', ['packages', 'packages/a', 'packages/a/b'], ['packages2', 'x/packages']],
  ['**/test', ['test', 'a/test', 'a/b/test'], ['atest', 'test/a']],
  ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['ab', 'a/xb']],
  ['{apps,libs}/*', ['apps/a', 'libs/b'], ['lib/c', 'apps']],
  ['{apps/*,tools}', ['apps/a', 'tools'], ['tools/a']],
  ['a?c', ['abc'], ['ac', 'a/c', 'abbc']],
  ['[ab]/x', ['a/x', 'b/x'], ['c/x', '[ab]/x']],
  ['[!a]', ['b'], ['a']],
  ['a.b+c(d)', ['a.b+c(d)'], ['aXb+c(d)']],
  ['a{b', ['a{b'], ['ab']],
  ['[z-a]', [], ['z', 'a']],
])('%s', (glob, fits, others) => {
  expect(fits.filter((path) => !globPattern(glob).test(path))).toEqual([]);
  expect(others.filter((path) => globPattern(glob).test(path))).toEqual([]);
});

test('a pattern made to take for ever is none', () => {
  expect(globPattern('*a'.repeat(40)).test('a'.repeat(200))).toBe(false);
});
