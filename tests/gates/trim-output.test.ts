import { expect, test } from 'vitest';
import { estimateTokens } from '../../src/domain/text.ts';
import { trimOutput } from '../../src/gates/trim-output.ts';

const noise = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `compiling module number ${index}`);

test('a short output is given whole, without what drives a terminal', () => {
  expect(trimOutput('\u001b[31mred\u001b[0m\r\nline\n\n', 100)).toBe('red\nline');
});

test('of a long one: head, what tells the failure with its lines, tail, and what was left out', () => {
  const text = [
    ...noise(400),
    'test adds two numbers',
    'AssertionError: expected 3 to be 4',
    '    at adds (sum.js:3:1)',
    ...noise(400),
    'the last line',
  ].join('\n');
  const trimmed = trimOutput(text, 300);
  expect(estimateTokens(trimmed)).toBeLessThanOrEqual(330);
  expect(trimmed).toMatch(/^compiling module number 0\n/);
  expect(trimmed).toContain(
    'test adds two numbers\nAssertionError: expected 3 to be 4\n    at adds (sum.js:3:1)',
  );
  expect(trimmed).toMatch(/… \d+ lines left out …/);
  expect(trimmed).toMatch(/the last line$/);
});

test('one endless line is cut', () => {
  expect(trimOutput('x'.repeat(100_000), 300).length).toBeLessThan(400);
});

test('a flood of failures does not crowd out the tail', () => {
  const text = [...Array.from({ length: 5_000 }, (_, at) => `error ${at}`), 'Tests: 5000 failed'];
  expect(trimOutput(text.join('\n'), 200)).toMatch(/Tests: 5000 failed$/);
});
