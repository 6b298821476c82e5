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
  // The decoder does not say where it failed, but it fails for every longer prefix too.
  let valid = 0;
  let invalid = bytes.length + 1;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (prefix(bytes, middle) === null) invalid = middle;
    else valid = middle;
  }
  // A prefix may end within a sequence, which then is not part of the text.
  const text = prefix(bytes, valid) ?? '';
  return { offset: new TextEncoder().encode(text).length, line: text.split(/\r\n|\r|\n/).length };
}

function prefix(bytes: Uint8Array, length: number): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      bytes.subarray(0, length),
      { stream: true },
    );
  } catch {
    return null;
  }
}
