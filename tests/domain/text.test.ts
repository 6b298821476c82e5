import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cleanedText,
  estimateTokens,
  plainText,
  singleLine,
  toSingleLine,
  withoutColours,
  withoutControls,
} from '../../src/domain/text.ts';
import { jsonWithHiddenShown } from '../../src/domain/hidden-characters.ts';

const drivesTerminal = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

test('nothing that drives a terminal is left, and plain text is left alone', () => {
  expect(withoutControls('\u001b[31mred\u0007 \u009b2Jx')).toBe('\\u{1b}[31mred\\u{7} \\u{9b}2Jx');
  expect(cleanedText('\u001b[31mred\u001b[0m\u0007 \u009b2Jx')).toBe('red x');
  expect(withoutColours('\u001b[1;31mred\u001b[0m \u001b]0;x\nline')).toBe('red \\u{1b}]0;x\nline');
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

test.each([
  ['marks of direction', 'a\u202eb\u2066c', 'a\\u{202e}b\\u{2066}c'],
  ['width zero', 'a\u200bb\u2060\ufeff', 'a\\u{200b}b\\u{2060}\\u{feff}'],
  ['tags', 'a\u{e0041}', 'a\\u{e0041}'],
  ['separators of lines', 'a\u2028b\u2029', 'a\\u{2028}b\\u{2029}'],
  [
    'a soft hyphen, a filler, a lone selector',
    'a\u00ad\u3164x\ufe0f',
    'a\\u{ad}\\u{3164}x\\u{fe0f}',
  ],
  ['a string that spans lines', 'a\u001bPx\nhidden\u001b\\b', 'a\\u{1b}Px\nhidden\\u{1b}\\b'],
  [
    'joined emoji and Persian',
    '👩\u200d💻 ❤\ufe0f می\u200cخواهم',
    '👩\u200d💻 ❤\ufe0f می\u200cخواهم',
  ],
])('%s can be seen, and nothing is deleted', (_name, text, shown) => {
  expect(withoutControls(text)).toBe(shown);
});

test('JSON with escapes is the same value', () => {
  const value = { 'a\u202e': 'x\u{e0041}\u009b\u2028', b: '👩\u200d💻' };
  const json = jsonWithHiddenShown(JSON.stringify(value));
  expect(json).not.toMatch(/[\u202e\u009b\u2028]/);
  expect(JSON.parse(json)).toEqual(value);
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
