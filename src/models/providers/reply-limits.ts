import { ProviderError } from './provider-error.ts';

/** How much of a reply is taken. */
export interface ReplyLimits {
  /** For a reply's text, and for a single line of its stream, bytes. */
  readonly maxReplyBytes: number;
}

/** What events add to the text that they carry: some vendors send 400 bytes for a token of four. */
const eventsFactor = 16;

/**
 * Counts a stream's bytes. A line without an end would grow in an SDK's memory, and so would the whole in
 * one that keeps its events.
 * @returns a function that takes each chunk and throws ProviderError when there were too many
 */
export function streamCounter(limits: ReplyLimits): (chunk: Uint8Array) => void {
  let whole = 0;
  let line = 0;
  return (chunk) => {
    const lineEnd = chunk.lastIndexOf(0x0a);
    whole += chunk.length;
    line = lineEnd < 0 ? line + chunk.length : chunk.length - lineEnd - 1;
    const long = line > limits.maxReplyBytes || whole > limits.maxReplyBytes * eventsFactor;
    if (long) throw tooLong(limits);
  };
}

/** As `streamCounter`, for the pieces of a reply's text. */
export function textCounter(limits: ReplyLimits): (delta: string) => void {
  let bytes = 0;
  return (delta) => {
    bytes += Buffer.byteLength(delta);
    if (bytes > limits.maxReplyBytes) throw tooLong(limits);
  };
}

function tooLong({ maxReplyBytes }: ReplyLimits): ProviderError {
  return new ProviderError({
    kind: 'malformed',
    message: `the reply is longer than ${maxReplyBytes} bytes (calls.maxReplyBytes)`,
    fix: 'Put another model first for this role, or raise calls.maxReplyBytes in the config.',
  });
}
