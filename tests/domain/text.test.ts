import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  estimateTokens,
  plainText,
  singleLine,
  toSingleLine,
  withoutControls,
} from '../../src/domain/text.ts';

const drivesTerminal = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

test('nothing that drives a terminal is left, and plain text is left alone', () => {
  expect(withoutControls('\u001b[31mred\u001b[0m\u0007 \u009b2Jx')).toBe('red x');
  expect(withoutControls('a\tb\r\nc')).toBe('a\tb\r\nc');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(withoutControls(text)).not.toMatch(drivesTerminal);
    }),
  );
});

test('a hyperlink or a title sequence leaves no code behind', () => {
  expect(withoutControls('\u001b]8;;https://x\u0007link\u001b]8;;\u0007')).not.toMatch(
    drivesTerminal,
  );
  expect(withoutControls('\u001b\u001b[31m[2J')).not.toMatch(drivesTerminal);
});

describe('toSingleLine', () => {
  test('joins lines and cuts at the limit', () => {
    expect(toSingleLine(' a\n\n b\t c ')).toBe('a b c');
    expect(toSingleLine('abcdef', 4)).toBe('abc…');
    expect(toSingleLine('ab cdef', 4)).toBe('ab…');
    expect(toSingleLine('abcd', 4)).toBe('abcd');
  });

  test('whatever the text, the result is one line within the limit', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 50 }), (text, limit) => {
        const line = toSingleLine(text, limit);
        expect(line.length).toBeLessThanOrEqual(limit);
        expect(line).not.toMatch(/[\n\r\t]/);
      }),
    );
  });
});

test('plainText and singleLine say what is wrong', () => {
  expect(plainText.safeParse('a\nb\tc').success).toBe(true);
  expect(plainText.safeParse('a\u001bb').error?.issues[0]?.message).toMatch(/control character/);
  expect(singleLine.safeParse('one line').success).toBe(true);
  for (const text of ['', '  ', 'a\nb', 'a\tb', 'x'.repeat(301), 'a\u0000'])
    expect(singleLine.safeParse(text).success).toBe(false);
});

test('estimateTokens grows with the text', () => {
  expect(estimateTokens('')).toBe(0);
  expect(estimateTokens('x')).toBe(1);
  expect(estimateTokens('x'.repeat(35))).toBe(10);
});
