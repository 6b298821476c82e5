import { describe, expect, test } from 'vitest';
import {
  decodeText,
  encodeText,
  encodingFault,
  encodingToWrite,
  type FileBefore,
} from '../../src/text/encoding.ts';

const big = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();

describe('bytes that say what they are', () => {
  test.each([
    ['UTF-8', Buffer.from('café\r\n'), 'utf-8', 'café\r\n'],
    ['UTF-8 with a mark', Buffer.from('\ufeffcafé'), 'utf-8', '\ufeffcafé'],
    ['nothing', Buffer.alloc(0), 'utf-8', ''],
    [
      'UTF-16, little endian',
      Buffer.from('\ufeffcafé 😀\r\n', 'utf16le'),
      'utf-16le',
      '\ufeffcafé 😀\r\n',
    ],
    ['UTF-16, big endian', big('café 😀\n'), 'utf-16be', '\ufeffcafé 😀\n'],
    ['UTF-16, its mark alone', Buffer.from('\ufeff', 'utf16le'), 'utf-16le', '\ufeff'],
  ] as const)('%s', (_name, bytes, encoding, text) => {
    expect(decodeText(bytes, 'a.txt')).toEqual({ text, encoding });
    expect(encodeText(text, encoding, 'a.txt')).toEqual(Buffer.from(bytes));
  });

  test('a mark that was left out is put back', () => {
    expect(encodeText('a', 'utf-16be', 'a.txt')).toEqual(big('a'));
  });

  test.each([
    ['latin-1', Buffer.from('caf\xe9\n', 'latin1'), /another encoding/],
    ['UTF-16 without a mark', Buffer.from('café', 'utf16le'), /is binary$/],
    ['UTF-16 that is cut', Buffer.from('\ufeffa', 'utf16le').subarray(0, 3), /is binary/],
    ['half a character in UTF-16', Buffer.from('\ufeff\ud800a', 'utf16le'), /is binary/],
    ['UTF-32', Buffer.of(0xff, 0xfe, 0, 0, 0x61, 0, 0, 0), /is binary$/],
    ['a picture', Buffer.of(0x89, 0x50, 0x4e, 0x47, 0, 0), /is binary$/],
  ])('%s is no text', (_name, bytes, problem) => {
    expect(decodeText(bytes, 'a.txt')).toEqual({
      problem: expect.stringMatching(problem) as string,
    });
  });
});

const python = '# -*- coding: latin-1 -*-\nname = "Ren\u00e9"\n';

describe('text that declares its encoding', () => {
  test.each([
    ['a.py', python, 'latin-1'],
    [
      'a.py',
      '#!/usr/bin/env python\n# vim: set fileencoding=cp1252 :\n"\u00e9 \u20ac\u2019"\n',
      'windows-1252',
    ],
    ['run', '#!/usr/bin/python3\r\n# coding=iso-8859-15\r\n"\u20ac"\r\n', 'iso-8859-15'],
    ['a.rb', '# encoding: Latin_9\n"\u0153"', 'iso-8859-15'],
    ['a.el', ';; -*- mode: lisp; coding: koi8-r-unix -*-\n"\u0436"\n', 'koi8-r'],
    ['a.xml', '<?xml version="1.0" encoding="ISO-8859-1"?>\r\n<a>\u00e9\x85</a>', 'latin-1'],
    ['a.svg', "<?xml version='1.0' encoding='windows-1251'?><a>\u0416</a>", 'windows-1251'],
    ['a.css', '@charset "iso-8859-1";\na::after { content: "\u20ac\u00e9" }\n', 'windows-1252'],
    [
      'a.html',
      '<!doctype html>\n<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2">\u0142',
      'iso-8859-2',
    ],
  ])('%s: %j', (path, text, encoding) => {
    const bytes = encodeText(text, encodingToWrite(path, text, null), path);
    expect(bytes).toHaveLength(text.length);
    expect(decodeText(bytes, path)).toEqual({ text, encoding });
  });

  test('is written byte for byte, whatever bytes there are', () => {
    const all = Buffer.from(Array.from({ length: 255 }, (_, index) => index + 1));
    for (const label of ['latin-1', 'cp1252', 'cp437', 'iso-8859-5', 'mac-roman', 'koi8-u']) {
      const bytes = Buffer.concat([Buffer.from(`# coding: ${label}\n`), all]);
      const read = decodeText(bytes, 'a.py');
      if (label === 'cp437') expect(read).toHaveProperty('problem');
      else if ('problem' in read) throw new Error(`${label}: ${read.problem}`);
      else expect(encodeText(read.text, read.encoding, 'a.py')).toEqual(bytes);
    }
  });

  test.each([
    ['of another kind', 'notes.md', python],
    ['in the third line', 'a.py', `\n\n${python}`],
    ['below code', 'a.py', `import os\n${python}`],
    ['of UTF-8', 'a.py', python.replace('latin-1', 'utf-8')],
    ['of ASCII', 'a.py', python.replace('latin-1', 'ascii')],
    ['of more bytes', 'a.py', python.replace('latin-1', 'shift_jis')],
    ['behind other rules', 'a.css', `a {}\n@charset "latin1";\u00e9`],
    ['in words', 'a.html', '<p>charset=latin1</p>\u00e9'],
  ])('is none by a declaration %s', (_name, path, text) => {
    expect(decodeText(Buffer.from(text, 'latin1'), path)).toHaveProperty('problem');
    expect(encodingToWrite(path, text, null)).toBe('utf-8');
  });

  const before = (text: string, encoding: FileBefore['encoding']): FileBefore => ({
    path: 'a.py',
    text,
    encoding,
  });
  const plain = python.replace('\u00e9', 'e');
  const utf8 = python.replace('latin-1', 'utf-8');
  test.each([
    ['stays', python, before(python, 'latin-1'), 'latin-1'],
    ['gets its first letter beyond ASCII', python, before(plain, 'utf-8'), 'latin-1'],
    ['is UTF-8 all the same', python, before(python, 'utf-8'), 'utf-8'],
    ['declares UTF-8 from now on', utf8, before(python, 'latin-1'), 'utf-8'],
    ['declares it from now on', python, before(utf8, 'utf-8'), 'latin-1'],
    ['is UTF-16', `\ufeff${python}`, before(`\ufeff${python}`, 'utf-16le'), 'utf-16le'],
  ])('%s', (_name, text, was, encoding) => {
    expect(encodingToWrite('a.py', text, was)).toBe(encoding);
  });

  test('is told what it cannot hold', () => {
    const arrow = `${python}# a \u2192 b\n`;
    const fault = encodingFault('a.py', arrow, python);
    expect(fault).toContain(
      'a.py declares the encoding latin-1, which has no \u00ab\u2192\u00bb (line 3)',
    );
    expect(encodingFault('a.py', `${python}\u{1f600}`, null)).toContain('\u{1f600}');
    expect(encodingFault('a.py', arrow.replace('latin-1', 'utf-8'), python)).toBeNull();
    // It was no Latin-1 before.
    expect(encodingFault('a.py', `${arrow}#`, arrow)).toBeNull();
    expect(() => encodeText(arrow, 'latin-1', 'a.py')).toThrow('does not hold all');
  });
});
