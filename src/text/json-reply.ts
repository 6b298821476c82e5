import { jsonrepair } from 'jsonrepair';

/** A reply with more brackets than this before its JSON is not searched any further. */
const mostStarts = 20;

/** Text that may be the JSON value of a reply; not whole when its brackets never close. */
export interface JsonPiece {
  readonly text: string;
  readonly whole: boolean;
}

/**
 * The pieces of a reply that begin with a bracket, in order: prose before the JSON may hold brackets of
 * its own. Pieces inside a whole piece are not given.
 */
export function jsonPieces(text: string): JsonPiece[] {
  const pieces: JsonPiece[] = [];
  let from = 0;
  for (let starts = 0; starts < mostStarts; starts++) {
    const offset = text.slice(from).search(/[{[]/);
    if (offset === -1) break;
    const start = from + offset;
    const { end, inString } = scanJson(text, start);
    if (end !== null) {
      pieces.push({ text: text.slice(start, end), whole: true });
      from = end;
      continue;
    }
    const hidden = inString ? hiddenEnd(text, start) : null;
    pieces.push({ text: text.slice(start, hidden ?? undefined), whole: hidden !== null });
    from = start + 1;
  }
  return pieces;
}

/**
 * A quote that was not escaped hides the closing bracket from the scan; it still ends the reply. A reply
 * that was cut short ends in something else.
 */
function hiddenEnd(text: string, start: number): number | null {
  let end = text.length;
  while (end > start && /[\s`]/.test(text[end - 1] ?? '')) end--;
  const closing = text[start] === '{' ? '}' : ']';
  return end > start + 1 && text[end - 1] === closing ? end : null;
}

/** Whether a reply ends with the end of a JSON value; a fence may close behind it. */
export function isWholeJson(text: string): boolean {
  const last = jsonPieces(text).at(-1);
  return (
    last?.whole === true &&
    /^[\s`]*$/.test(text.slice(text.lastIndexOf(last.text) + last.text.length))
  );
}

/** The value of a whole piece, small syntax faults mended. @throws Error that says what is wrong. */
export function parseJsonPiece(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(jsonrepair(text));
  }
}

/** Where the value that begins with a bracket at `start` ends; null when its brackets never close. */
export function scanJson(
  text: string,
  start: number,
): { readonly end: number | null; readonly inString: boolean } {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') {
      depth--;
      if (depth === 0) return { end: at + 1, inString: false };
    }
  }
  return { end: null, inString };
}
