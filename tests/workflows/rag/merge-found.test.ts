import { expect, test } from 'vitest';
import { mergedByRank } from '../../../src/workflows/rag/merge-found.ts';

const piece = (path: string, line = 1) => ({ path, line, text: path });
const paths = (found: readonly { path: string; line: number }[]): string[] =>
  found.map(({ path, line }) => `${path}:${line}`);

test('one search stays as it is', () => {
  const found = [piece('b'), piece('a'), piece('a', 9)];
  expect(mergedByRank([found], 10)).toEqual(found);
});

test('what several find comes first, each piece once, so many at most', () => {
  const found = [
    [piece('a'), piece('b'), piece('c')],
    [piece('d'), piece('b')],
    [piece('b'), piece('a', 9)],
  ];
  expect(paths(mergedByRank(found, 10))).toEqual(['b:1', 'a:1', 'd:1', 'a:9', 'c:1']);
  expect(paths(mergedByRank(found, 2))).toEqual(['b:1', 'a:1']);
});

test('searches that find nothing change nothing', () => {
  expect(mergedByRank([[], [piece('a')], []], 5)).toEqual([piece('a')]);
  expect(mergedByRank([[], []], 5)).toEqual([]);
});
