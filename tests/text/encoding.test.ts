import { describe, expect, test } from 'vitest';
import { decodeText, encodeText, encodingOf } from '../../src/text/encoding.ts';

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
    expect(decodeText(bytes)).toEqual({ text, encoding });
    expect(encodeText(text, encodingOf(bytes))).toEqual(Buffer.from(bytes));
  });

  test('a mark that was left out is put back', () => {
    expect(encodeText('a', 'utf-16be')).toEqual(big('a'));
  });

  test.each([
    ['latin-1', Buffer.from('caf\xe9\n', 'latin1'), /another encoding/],
    ['UTF-16 without a mark', Buffer.from('café', 'utf16le'), /is binary$/],
    ['UTF-16 that is cut', Buffer.from('\ufeffa', 'utf16le').subarray(0, 3), /is binary/],
    ['half a character in UTF-16', Buffer.from('\ufeff\ud800a', 'utf16le'), /is binary/],
    ['UTF-32', Buffer.of(0xff, 0xfe, 0, 0, 0x61, 0, 0, 0), /is binary$/],
    ['a picture', Buffer.of(0x89, 0x50, 0x4e, 0x47, 0, 0), /is binary$/],
  ])('%s is no text', (_name, bytes, problem) => {
    expect(decodeText(bytes)).toEqual({ problem: expect.stringMatching(problem) as string });
  });
});
