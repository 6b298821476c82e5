import { expect, test } from 'vitest';
import { baseName, folderFrom, folderOf, innermost, isBelow } from '../../src/files/slash-paths.ts';

test('the two parts of a path', () => {
  expect(['a.ts', 'a/b.ts', 'a/b/c'].map(folderOf)).toEqual(['', 'a', 'a/b']);
  expect(['a.ts', 'a/b.ts', 'a/b/c'].map(baseName)).toEqual(['a.ts', 'b.ts', 'c']);
});

test.each([
  ['a/b', '../c', 'a/c'],
  ['a', '..', ''],
  ['', './x/', 'x'],
  ['', '.', ''],
  ['a', '../../out', '../out'],
])('from «%s» by %s', (folder, path, place) => {
  expect(folderFrom(folder, path)).toBe(place);
});

test('below, and innermost', () => {
  expect(isBelow('a/b', 'a')).toBe(true);
  expect(isBelow('a', 'a')).toBe(true);
  expect(isBelow('ab', 'a')).toBe(false);
  expect(isBelow('a', '')).toBe(true);
  expect(innermost('a/b/c.ts', ['', 'a', 'a/b', 'a/bc'])).toBe('a/b');
  expect(innermost('x.ts', ['a'])).toBeNull();
});
