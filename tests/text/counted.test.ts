import { expect, test } from 'vitest';
import { counted, someOf } from '../../src/text/counted.ts';

test('a number with its word', () => {
  expect([0, 1, 2].map((count) => counted(count, 'file'))).toEqual([
    '0 files',
    '1 file',
    '2 files',
  ]);
});

test('of many names the first are told, and how many more there are', () => {
  const names = Array.from({ length: 14 }, (_, index) => `T${index + 1}`);
  expect(someOf([])).toBe('');
  expect(someOf(['T1'])).toBe('T1');
  expect(someOf(names.slice(0, 12))).toBe('T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12');
  expect(someOf(names)).toBe('T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12 and 2 more');
  expect(someOf(names, 2)).toBe('T1, T2 and 12 more');
});
