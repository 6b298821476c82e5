import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { cellsOf, cutTo, inOneLine, oneCellEach, printable } from '../../../src/cli/views/cells.ts';

describe('cutTo', () => {
  it('leaves what fits', () => {
    expect(cutTo('abc', 3)).toBe('abc');
    expect(cutTo('日本', 4)).toBe('日本');
  });

  it('cuts by cells, not by characters', () => {
    expect(cutTo('日本語', 5)).toBe('日本…');
    expect(cutTo('日本語', 4)).toBe('日…');
  });

  it('halves no character that is joined of several', () => {
    const family = '👩‍👩‍👧‍👦';
    expect(cutTo(`${family}${family}`, 3)).toBe(`${family}…`);
    expect(cutTo('e\u0301e\u0301e\u0301', 2)).toBe('e\u0301…');
  });

  it('never takes more cells than it may', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 0, max: 40 }),
        (text, width) => cellsOf(cutTo(text, width)) <= width,
      ),
    );
  });

  it('cuts a very long text without measuring it whole', () => {
    expect(cutTo('x'.repeat(2_000_000), 10)).toBe('xxxxxxxxx…');
  });
});

describe('printable', () => {
  it('shows what would drive a terminal', () => {
    expect(printable('a\u001B[2Jb\u001B]0;title\u0007c\u009B1md\u0000')).toBe(
      String.raw`a\u{1b}[2Jb\u{1b}]0;title\u{7}c\u{9b}1md\u{0}`,
    );
  });

  it('lets no line return to its start', () => {
    expect(printable('approved\rrejected\r\nnext')).toBe('approved\nrejected\nnext');
  });
});

describe('inOneLine', () => {
  it('keeps runs of spaces, which may align', () => {
    expect(inOneLine('a  b\nc\td')).toBe('a  b c d');
  });
});

it('text that is not measured has a cell a character', () => {
  for (let code = 0x20; code < 0x3000; code++) {
    const text = String.fromCodePoint(code);
    if (oneCellEach.test(text)) expect([text, stringWidth(text)]).toEqual([text, 1]);
  }
});

it('a line takes as many cells as its clusters do, of which only those that are not plain are measured', () => {
  const marks = ['\u0301', '\u200D', '\uFE0F', '\u20E3', '🏻', '\u001B[31m', '\t', '\u00AD'];
  const others = ['日', '👩', '❤', '🇩', '🇪', '⚡', '█', '»', 'क', 'ि', 'ᄀ', 'ᅡ', 'ﾞ', '\u0600'];
  const plain = ['a', '1', '#', ' ', 'é', '…', '✔', '▶', '©', '↔', '‼', '’', 'Ж', '│'];
  const lines = fc.array(fc.constantFrom(...plain, ...marks, ...others), { maxLength: 12 });
  fc.assert(
    fc.property(lines, (parts) => {
      const line = parts.join('');
      expect(cellsOf(line)).toBe(stringWidth(line));
    }),
    { numRuns: 2_000 },
  );
});
