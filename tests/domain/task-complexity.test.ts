import { expect, it } from 'vitest';
import { estimateComplexity } from '../../src/domain/task-complexity.ts';

it.each([
  ['', 1, '0 words'],
  ['Fix the typo', 1, '3 words'],
  [`${'word '.repeat(130)}`, 3, '130 words'],
  ['- one\n- two\n  3. three\n* four\n', 3, '8 words, 4 listed points'],
  ['Distributed transactions, with encryption; distributed ones.', 4, '6 words, 3 hard words'],
  [`${'word '.repeat(2_000)}`, 10, '2000 words'],
])('%j is rated', (text, value, reason) => {
  expect(estimateComplexity(text)).toEqual({ value, reason });
});
