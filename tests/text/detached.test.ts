import { expect, test } from 'vitest';
import { detached } from '../../src/text/detached.ts';

test.each([
  '',
  'short',
  'a part that is longer',
  'größer als vorher 😀',
  '"quoted" \\ and \n more',
  'lone \ud83d surrogate',
])('%j is the same', (text) => {
  expect(detached(`before ${text} after`.slice(7, 7 + text.length))).toBe(text);
});
