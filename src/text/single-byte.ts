/** An encoding with one byte a character, by the name of the Encoding Standard; `latin-1` is ISO 8859-1 itself. */
export type SingleByte =
  | 'latin-1'
  | 'ibm866'
  | 'macintosh'
  | 'x-mac-cyrillic'
  | `iso-8859-${string}`
  | `koi8-${string}`
  | `windows-${string}`;

interface Table {
  /** By byte; undefined where it is none. */
  readonly characters: readonly (string | undefined)[];
  readonly bytes: ReadonlyMap<string, number>;
}

/** From 0x80; written down, as some versions of Node read it as Latin-1 (nodejs/node#56542). */
const windows1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

const tables = new Map<SingleByte, Table>();

/** The encoding of that name in Python, XML or CSS; null for others, and for those of more bytes. */
export function singleByteNamed(label: string): SingleByte | null {
  const plain = label.toLowerCase().replaceAll('_', '-');
  if (/^(?:latin-?1|l1|iso-?8859-1)$/.test(plain)) return 'latin-1';
  if (/^(?:us-)?ascii$/.test(plain)) return null;
  for (const each of [plain.replace(/^latin-?(?=\d)/, 'l'), `x-${plain}`]) {
    const name = encodingName(each);
    if (name !== null) return isSingleByte(name) ? name : null;
  }
  return null;
}

function encodingName(label: string): string | null {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return null;
  }
}

function isSingleByte(name: string): name is SingleByte {
  return /^(?:ibm866|macintosh|x-mac-cyrillic|iso-8859-.+|koi8-.+|windows-.+)$/.test(name);
}

/** Null where a byte stands for no character. */
export function decodeSingleByte(bytes: Uint8Array, encoding: SingleByte): string | null {
  const { characters } = tableOf(encoding);
  let text = '';
  for (const byte of bytes) {
    const character = characters[byte];
    if (character === undefined) return null;
    text += character;
  }
  return text;
}

/** Null where a character has no byte. */
export function encodeSingleByte(text: string, encoding: SingleByte): Buffer | null {
  const { bytes } = tableOf(encoding);
  const found = Buffer.alloc(text.length);
  for (let at = 0; at < text.length; at++) {
    const byte = bytes.get(text.charAt(at));
    if (byte === undefined) return null;
    found[at] = byte;
  }
  return found;
}

/** The first character that has no byte, and its line; null where all have. */
export function firstWithoutByte(
  text: string,
  encoding: SingleByte,
): { readonly character: string; readonly line: number } | null {
  const { bytes } = tableOf(encoding);
  let line = 1;
  for (const character of text) {
    if (!bytes.has(character)) return { character, line };
    if (character === '\n') line++;
  }
  return null;
}

function tableOf(encoding: SingleByte): Table {
  const known = tables.get(encoding);
  if (known !== undefined) return known;
  const characters = Array.from({ length: 256 }, (_, byte) => characterOf(byte, encoding));
  const bytes = new Map<string, number>();
  for (const [byte, character] of characters.entries())
    if (character !== undefined) bytes.set(character, byte);
  const table = { characters, bytes };
  tables.set(encoding, table);
  return table;
}

function characterOf(byte: number, encoding: SingleByte): string | undefined {
  if (byte < 0x80 || encoding === 'latin-1') return String.fromCharCode(byte);
  if (encoding === 'windows-1252') return windows1252[byte - 0x80] ?? String.fromCharCode(byte);
  const character = new TextDecoder(encoding).decode(Uint8Array.of(byte));
  return character === '\ufffd' ? undefined : character;
}
