import { BlueprintError } from '../domain/errors.ts';
import { declaredEncoding } from './declared-encoding.ts';
import {
  decodeSingleByte,
  encodeSingleByte,
  firstWithoutByte,
  type SingleByte,
} from './single-byte.ts';

/** What a text file says of itself, by its first bytes or in its words; UTF-8 where it says nothing. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | SingleByte;

export interface EncodedText {
  readonly text: string;
  readonly encoding: Encoding;
}

export type DecodedText = EncodedText | { readonly problem: string };

/**
 * Text that would come back byte for byte when written, its byte order mark included, or why there is none.
 * What is UTF-8 is so whatever it declares.
 */
export function decodeText(bytes: Uint8Array, path: string): DecodedText {
  const marked = markedEncoding(bytes);
  const text = decoded(bytes, marked);
  if (text !== null && !text.includes('\0')) return { text, encoding: marked };
  if (bytes.includes(0)) return { problem: 'is binary' };
  const head = Buffer.from(bytes.subarray(0, 1024)).toString('latin1');
  const encoding = declaredEncoding(path, head);
  const single = encoding === null ? null : decodeSingleByte(bytes, encoding);
  if (encoding !== null && single !== null) return { text: single, encoding };
  return { problem: 'is binary, or text in another encoding than UTF-8' };
}

/** The bytes of a text; in UTF-16 with its mark. @throws BlueprintError `encoding-cannot-hold` */
export function encodeText(text: string, encoding: Encoding, path: string): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text);
  if (encoding === 'utf-16le' || encoding === 'utf-16be') {
    const little = Buffer.from(text.startsWith(mark) ? text : mark + text, 'utf16le');
    return encoding === 'utf-16le' ? little : little.swap16();
  }
  const bytes = encodeSingleByte(text, encoding);
  if (bytes !== null) return bytes;
  throw new BlueprintError({
    code: 'encoding-cannot-hold',
    message: `${path} declares the encoding ${encoding}, which does not hold all of its characters`,
    target: path,
    fix: 'Write them in another way, or have the file declare UTF-8.',
  });
}

/** A file that is replaced, or that gets another name. */
export interface FileBefore extends EncodedText {
  readonly path: string;
}

/**
 * How a text is written: UTF-16 as it was, else as it declares, unless the file before declared the same and
 * was UTF-8 all the same.
 */
export function encodingToWrite(path: string, text: string, before: FileBefore | null): Encoding {
  if (before?.encoding.startsWith('utf-16') === true) return before.encoding;
  const declared = declaredEncoding(path, text);
  if (before?.encoding !== 'utf-8' || isAscii(before.text)) return declared ?? 'utf-8';
  const isUntrue = declaredEncoding(before.path, before.text) === declared;
  return isUntrue ? 'utf-8' : (declared ?? 'utf-8');
}

/**
 * What keeps a text from being written as it declares, in words for the model; null where nothing does.
 * @param before the file that it replaces: where that holds as much, its declaration is not true.
 */
export function encodingFault(path: string, text: string, before: string | null): string | null {
  const declared = declaredEncoding(path, text);
  const unheld = declared === null ? null : firstWithoutByte(text, declared);
  if (declared === null || unheld === null) return null;
  const isUntrue =
    before !== null &&
    declaredEncoding(path, before) === declared &&
    firstWithoutByte(before, declared) !== null;
  return isUntrue
    ? null
    : `${path} declares the encoding ${declared}, which has no «${unheld.character}» (line ${unheld.line}): write it in another way, as an escape, or have the file declare UTF-8.`;
}

/** By the first bytes, UTF-8 for what is no text. */
function markedEncoding([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return 'utf-8';
}

const mark = '\ufeff';

const ascii = /^[\x00-\x7f]*$/;

function isAscii(text: string): boolean {
  return ascii.test(text);
}

function decoded(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
