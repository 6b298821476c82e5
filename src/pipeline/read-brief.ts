import { BlueprintError } from '../domain/errors.ts';

/**
 * The text of a brief as it came from a file or a pipe, without a byte order mark.
 *
 * @param source what to call it in errors: a path or `stdin`
 * @param maxBytes the limit of the config key `pipeline.maxBriefBytes`
 * @throws BlueprintError `brief-too-large`, `brief-encoding`, `brief-binary`, `brief-empty`
 */
export function readBriefBytes(bytes: Uint8Array, source: string, maxBytes: number): string {
  if (bytes.length > maxBytes) {
    throw new BlueprintError({
      code: 'brief-too-large',
      message: `The brief ${source} has ${bytes.length} bytes; the limit is ${maxBytes}`,
      target: source,
      fix: 'Give the part that says what to build, with the rest as --context, or raise pipeline.maxBriefBytes in the config.',
    });
  }
  const encoding = foreignEncoding(bytes);
  if (encoding !== null) {
    throw new BlueprintError({
      code: 'brief-encoding',
      message: `The brief ${source} is ${encoding}, not UTF-8`,
      target: source,
      fix: 'Save it as UTF-8.',
    });
  }
  const nul = bytes.indexOf(0);
  if (nul !== -1) {
    throw new BlueprintError({
      code: 'brief-binary',
      message: `The brief ${source} is binary: byte ${nul} is NUL`,
      target: source,
      fix: 'Give a text file, as Markdown.',
    });
  }
  const text = decode(bytes, source);
  if (!/[\p{L}\p{N}]/u.test(text)) {
    throw new BlueprintError({
      code: 'brief-empty',
      message: `The brief ${source} ${bytes.length === 0 ? 'is empty' : 'holds no words'}`,
      target: source,
      fix: 'Write what is to be built; one sentence is enough.',
    });
  }
  return text;
}

const replacement = '\ufffd';

function foreignEncoding(bytes: Uint8Array): string | null {
  const startsWith = (...mark: number[]): boolean =>
    mark.every((byte, index) => bytes[index] === byte);
  if (startsWith(0xff, 0xfe, 0, 0) || startsWith(0, 0, 0xfe, 0xff)) return 'UTF-32';
  if (startsWith(0xff, 0xfe) || startsWith(0xfe, 0xff)) return 'UTF-16';
  return null;
}

function decode(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const { offset, line } = firstInvalid(bytes);
    throw new BlueprintError({
      code: 'brief-encoding',
      message: `The brief ${source} is not valid UTF-8 at byte ${offset}, line ${line}`,
      target: `${source}:${line}`,
      fix: 'Save it as UTF-8, or delete the character there.',
      cause,
    });
  }
}

/** Where the first sequence starts that is no UTF-8: bytes from 0, lines from 1. */
function firstInvalid(bytes: Uint8Array): { offset: number; line: number } {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let offset = 0;
  // What cannot be decoded becomes U+FFFD, which may also stand in the text itself.
  for (const piece of decoder.decode(bytes).split(replacement)) {
    offset += Buffer.byteLength(piece);
    if (!Buffer.from(replacement).equals(bytes.subarray(offset, offset + 3))) break;
    offset += 3;
  }
  const before = decoder.decode(bytes.subarray(0, offset));
  return { offset, line: before.split(/\r\n|\r|\n/).length };
}
