/** What a text file says of itself by its first bytes; UTF-8 where it says nothing. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

export type DecodedText =
  { readonly text: string; readonly encoding: Encoding } | { readonly problem: string };

/** Text that would come back byte for byte when written, its byte order mark included, or why there is none. */
export function decodeText(bytes: Uint8Array): DecodedText {
  const encoding = encodingOf(bytes);
  const text = decoded(bytes, encoding);
  if (text !== null && !text.includes('\0')) return { text, encoding };
  if (bytes.includes(0)) return { problem: 'is binary' };
  return { problem: 'is binary, or text in another encoding than UTF-8' };
}

/** The bytes of a text; in UTF-16 with its mark, which tells the encoding. */
export function encodeText(text: string, encoding: Encoding): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text);
  const little = Buffer.from(text.startsWith(mark) ? text : mark + text, 'utf16le');
  return encoding === 'utf-16le' ? little : little.swap16();
}

/** The encoding of a file that is to be replaced, UTF-8 for what is no text. */
export function encodingOf([first, second]: Uint8Array): Encoding {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return 'utf-8';
}

const mark = '\ufeff';

function decoded(bytes: Uint8Array, encoding: Encoding): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
