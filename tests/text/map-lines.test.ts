import { describe, expect, it } from 'vitest';
import { mapLines } from '../../src/text/map-lines.ts';

const lines = (...all: string[]): string => `${all.join('\n')}\n`;

describe('mapLines', () => {
  it.each([
    ['stays where nothing changed', lines('a', 'b'), lines('a', 'b'), 2, 2, false],
    ['moves down behind what was put in', lines('a', 'b'), lines('x', 'y', 'a', 'b'), 2, 4, false],
    ['moves up behind what went', lines('x', 'a', 'b'), lines('a', 'b'), 3, 2, false],
    ['is changed in its place', lines('a', 'b', 'c'), lines('a', 'B', 'c'), 2, 2, true],
    ['is changed among several', lines('a', 'b', 'c'), lines('X', 'Y', 'c'), 2, 2, true],
    ['that went is where the next one stands', lines('a', 'b', 'c'), lines('a', 'c'), 2, 2, true],
    ['beyond the end is the last', lines('a'), lines('b'), 99, 2, true],
  ])('a line %s', (_, before, after, line, to, isChanged) => {
    expect(mapLines(before, after)(line)).toEqual({ line: to, isChanged });
  });

  it('knows no line of a file that went', () => {
    expect(mapLines(lines('a', 'b'), '')(1)).toBeNull();
  });

  it('keeps the ends of a text that was rewritten between them', () => {
    const body = (word: string): string[] => Array.from({ length: 4_000 }, (_, at) => word + at);
    const map = mapLines(
      lines('first', ...body('a'), 'last'),
      lines('first', ...body('b'), 'last'),
    );
    expect(map(1)).toEqual({ line: 1, isChanged: false });
    expect(map(4_002)).toEqual({ line: 4_002, isChanged: false });
    expect(map(2_000)).toEqual({ line: 2_000, isChanged: true });
  });
});
