import { lineCounter } from './lines.ts';
import { createMender, type MendJson } from './mend-json.ts';
import { withoutThinking } from './thinking.ts';

/** A reply with more brackets than this that never close is not searched any further. */
const mostUnclosed = 40;
/** Nor is one in which the search for their ends has read so many characters in vain. */
const mostReadInVain = 8_000_000;

/** No reply that is asked for is nested deeper by far. */
const deepest = 1_000;

/** Text that may be the JSON value of a reply; not whole when its brackets never close. */
export interface JsonPiece {
  readonly text: string;
  /** Offsets in the reply. */
  readonly start: number;
  readonly end: number;
  readonly whole: boolean;
}

/**
 * The pieces of a reply that begin with a bracket, in order: prose before the JSON may hold brackets of
 * its own. Pieces inside a whole piece are not given.
 */
export function jsonPieces(text: string): JsonPiece[] {
  const pieces: JsonPiece[] = [];
  let from = 0;
  const bracket = /[{[]/g;
  let inVain = 0;
  for (let unclosed = 0; unclosed < mostUnclosed && inVain < mostReadInVain;) {
    bracket.lastIndex = from;
    const start = bracket.exec(text)?.index;
    if (start === undefined) break;
    const scan = scanJson(text, start);
    const hidden = scan.inString ? hiddenEnd(text, start) : null;
    const end = scan.end ?? hidden ?? text.length;
    const whole = scan.end !== null || hidden !== null;
    pieces.push({ text: text.slice(start, end), start, end, whole });
    if (scan.end === null) {
      unclosed++;
      inVain += text.length - start;
    }
    from = scan.end ?? start + 1;
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
  return jsonPieces(text).some(({ whole, end }) => whole && /^[\s`]*$/.test(text.slice(end)));
}

/**
 * The piece of a reply that answers: of those that have the keys that were asked for, the last, as earlier
 * ones are drafts that it corrects, be they more lenient or whole where it is not. Else the longest, to say
 * what is wrong with it. Null where there is no bracket. Thinking is no part of the answer.
 * @param keys of the object that was asked for.
 */
export function answerIn(
  reply: string,
  keys: readonly string[],
  mend: MendJson = createMender(),
): JsonPiece | null {
  const pieces = jsonPieces(withoutThinking(reply, linesOfJson));
  const meant = pieces.findLast((piece) => isMeant(piece, keys, mend));
  if (meant !== undefined) return meant;
  return pieces.reduce<JsonPiece | null>(
    (longest, piece) => (piece.text.length > (longest?.text.length ?? 0) ? piece : longest),
    null,
  );
}

/** Whether more of its keys than not were asked for; of a piece that never closes, whether its first was. */
function isMeant({ text, whole }: JsonPiece, keys: readonly string[], mend: MendJson): boolean {
  if (keys.length === 0) return whole;
  if (!whole) {
    const first = /^\{\s*["']?(\w+)["']?\s*:/.exec(text)?.[1];
    return first !== undefined && keys.includes(first);
  }
  let value: unknown;
  try {
    value = unwrapped(parseJsonPiece(text, mend), keys);
  } catch {
    // Not readable: its first keys tell whether it was meant.
    return keys.some((key) => new RegExp(`^\\{\\s*["']?${key}["']?\\s*:`).test(text));
  }
  return hasKeys(value, keys);
}

function hasKeys(value: unknown, keys: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const own = Object.keys(value);
  const asked = own.filter((key) => keys.includes(key)).length;
  return asked > 0 && asked * 2 >= own.length;
}

/** What was asked for, out of a list of one or an object of one key around it: `{"plan": {…}}`. */
export function unwrapped(value: unknown, keys: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null || hasKeys(value, keys)) return value;
  const inner: unknown[] = Object.values(value);
  return inner.length === 1 && hasKeys(inner[0], keys) ? inner[0] : value;
}

/** Lines within JSON that is whole: what looks like a mark there stands in a string. */
function linesOfJson(text: string): (line: number) => boolean {
  const lineAt = lineCounter(text);
  const inside = new Set<number>();
  for (const { start, end } of jsonPieces(text)) {
    // Its end was found by its brackets, not taken to be the reply's.
    if (scanJson(text, start).end !== end) continue;
    for (let line = lineAt(start) + 1; line < lineAt(end); line++) inside.add(line);
  }
  return (line) => inside.has(line + 1);
}

/** The value of a whole piece, small syntax faults mended. @throws Error that says what is wrong. */
export function parseJsonPiece(text: string, mend: MendJson = createMender()): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(mend(text));
  }
}

/** Where the value that begins with a bracket at `start` ends; null when its brackets never close, or too deep. */
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
    else if (character === '{' || character === '[') {
      depth++;
      if (depth > deepest) return { end: null, inString: false };
    } else if (character === '}' || character === ']') {
      depth--;
      if (depth === 0) return { end: at + 1, inString: false };
    }
  }
  return { end: null, inString };
}
