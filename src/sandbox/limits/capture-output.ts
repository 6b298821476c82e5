/** Keeps both streams up to a number of bytes together, and tells when there is more. */
export function captureOutput(maxBytes: number, tooMuch: () => void) {
  let left = maxBytes;
  const keep = (chunks: Uint8Array[]) => (chunk: Uint8Array) => {
    if (chunk.byteLength > left) tooMuch();
    const kept = chunk.byteLength > left ? chunk.subarray(0, left) : chunk;
    // What is dropped must not be held in memory by the part that is kept.
    if (kept.byteLength > 0) chunks.push(kept.byteLength < chunk.byteLength ? kept.slice() : kept);
    left -= kept.byteLength;
  };
  const out: Uint8Array[] = [];
  const err: Uint8Array[] = [];
  const text = (chunks: readonly Uint8Array[]): string =>
    new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(chunks));
  return {
    stdout: keep(out),
    stderr: keep(err),
    texts: () => ({ stdout: text(out), stderr: text(err), outputBytes: maxBytes - left }),
  };
}
