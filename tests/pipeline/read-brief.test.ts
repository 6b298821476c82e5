import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlueprintError } from '../../src/domain/errors.ts';
import { readBriefBytes } from '../../src/pipeline/read-brief.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const join = (...parts: (Uint8Array | readonly number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

function faultOf(content: Uint8Array, maxBytes = 1_000_000): BlueprintError {
  try {
    readBriefBytes(content, 'brief.md', maxBytes);
  } catch (error) {
    if (error instanceof BlueprintError) return error;
    throw error;
  }
  throw new Error('The brief was taken');
}

describe('readBriefBytes', () => {
  it('takes text of any script as it is', () => {
    const text = '# 単語を数える\r\n\r\nÜber 🎉\tdone';
    expect(readBriefBytes(bytes(text), 'brief.md', 1_000)).toBe(text);
  });

  it('takes off a UTF-8 byte order mark', () => {
    expect(readBriefBytes(join([0xef, 0xbb, 0xbf], bytes('Build it')), 'x', 100)).toBe('Build it');
  });

  it('takes a brief of exactly the limit', () => {
    expect(readBriefBytes(bytes('abcd'), 'x', 4)).toBe('abcd');
  });

  it.each([
    ['nothing', bytes(''), 'is empty'],
    ['whitespace', bytes(' \n\t\r\n\u00a0 '), 'holds no words'],
    ['a byte order mark alone', bytes('\ufeff'), 'holds no words'],
    ['invisible characters', bytes('\u200b\u2060'), 'holds no words'],
    ['a rule', bytes('---\n***\n'), 'holds no words'],
  ])('refuses %s', (_, content, words) => {
    const fault = faultOf(content);
    expect(fault.code).toBe('brief-empty');
    expect(fault.message).toContain(`brief.md ${words}`);
    expect(fault.exitCode).toBe(2);
  });

  it('refuses five megabytes, with size, limit and the config key', () => {
    const fault = faultOf(new Uint8Array(5_000_000).fill(97));
    expect(fault.code).toBe('brief-too-large');
    expect(fault.message).toContain('5000000');
    expect(fault.message).toContain('1000000');
    expect(fault.fix).toContain('pipeline.maxBriefBytes');
  });

  it('refuses a NUL byte and says where', () => {
    const fault = faultOf(join(bytes('ab'), [0], bytes('cd')));
    expect(fault.code).toBe('brief-binary');
    expect(fault.message).toContain('byte 2');
  });

  it.each([
    ['UTF-16, little endian', [0xff, 0xfe, 0x61, 0], 'UTF-16'],
    ['UTF-16, big endian', [0xfe, 0xff, 0, 0x61], 'UTF-16'],
    ['UTF-32', [0xff, 0xfe, 0, 0, 0x61, 0, 0, 0], 'UTF-32'],
  ])('names %s', (_, content, name) => {
    const fault = faultOf(Uint8Array.from(content));
    expect(fault.code).toBe('brief-encoding');
    expect(fault.message).toContain(`is ${name}, not UTF-8`);
  });

  it.each([
    ['a lone byte', join(bytes('one\ntwo ü\nthr'), [0xff], bytes('ee')), 14, 3],
    ['a sequence that is broken off inside', join(bytes('a\n'), [0xe2, 0x82], bytes('b')), 2, 2],
    ['a sequence that is cut off at the end', join(bytes('abc'), [0xf0, 0x9f, 0x8e]), 3, 1],
    ['the first byte', join([0x80], bytes('a')), 0, 1],
    ['a surrogate', join(bytes('ab'), [0xed, 0xa0, 0x80]), 2, 1],
  ])('finds %s', (_, content, offset, line) => {
    const fault = faultOf(content);
    expect(fault.code).toBe('brief-encoding');
    expect(fault.message).toContain(`at byte ${offset}, line ${line}`);
    expect(fault.target).toBe(`brief.md:${line}`);
  });

  it('finds the start of any invalid sequence after any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
        fc.constantFrom([0xff], [0xc0, 0xaf], [0xe2, 0x28], [0xf4, 0x90]),
        (text, broken) => {
          const valid = bytes(text);
          const fault = faultOf(join(valid, broken, bytes('z')));
          expect(fault.message).toContain(`at byte ${valid.length},`);
        },
      ),
    );
  });
});
