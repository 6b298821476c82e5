import { expect, test } from 'vitest';
import { fenced, fenceFor } from '../../src/text/fence.ts';

test('a fence is longer than any run of backticks in the text', () => {
  expect(fenceFor('plain')).toBe('```');
  expect(fenceFor('`a` and ```` b')).toBe('`````');
  expect(fenceFor('plain', 4)).toBe('````');
  expect(fenceFor('```', 4)).toBe('````');
});

test('the closing fence stands on a line of its own', () => {
  expect(fenced('a')).toBe('```\na\n```');
  expect(fenced('a\n')).toBe('```\na\n```');
  expect(fenced('```js\n')).toBe('````\n```js\n````');
});
