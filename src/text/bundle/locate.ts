import { countUpTo } from '../lines.ts';

/** Where a search text stands in a content, as offsets into it. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** How many places of an ambiguous text are looked for. */
const placesLimit = 1000;

/**
 * All places of the text, overlapping ones too, up to a limit; in time linear in both lengths, whatever they
 * hold, which `indexOf` does not promise (Knuth, Morris and Pratt: Fast Pattern Matching in Strings, 1977).
 * @param step hears of each comparison
 */
export function placesOf(content: string, search: string, step?: () => void): Place[] {
  const places: Place[] = [];
  const { length } = search;
  if (length === 0 || length > content.length) return places;
  const borders = bordersOf(search, step);
  let matched = 0;
  for (let at = 0; at < content.length && places.length < placesLimit; at++) {
    const code = content.charCodeAt(at);
    step?.();
    while (matched > 0 && search.charCodeAt(matched) !== code) {
      matched = borders[matched - 1] ?? 0;
      step?.();
    }
    if (search.charCodeAt(matched) === code) matched++;
    if (matched < length) continue;
    places.push({ start: at + 1 - length, end: at + 1 });
    matched = borders[matched - 1] ?? 0;
  }
  return places;
}

/** For each beginning of the text, how long the longest part is with which it both begins and ends. */
function bordersOf(search: string, step?: () => void): Uint32Array {
  const borders = new Uint32Array(search.length);
  let matched = 0;
  for (let at = 1; at < search.length; at++) {
    const code = search.charCodeAt(at);
    step?.();
    while (matched > 0 && search.charCodeAt(matched) !== code) {
      matched = borders[matched - 1] ?? 0;
      step?.();
    }
    if (search.charCodeAt(matched) === code) matched++;
    borders[at] = matched;
  }
  return borders;
}

/** The place of the text at the very end, with CRLF and LF taken as equal; null where another text stands. */
export function placeAtEnd(content: string, search: string): Place | null {
  let start = content.length;
  for (let at = search.length - 1; at >= 0; at--) {
    start--;
    if (start < 0 || content[start] !== search[at]) return null;
    if (search[at] !== '\n') continue;
    if (search[at - 1] === '\r') at--;
    if (content[start - 1] === '\r') start--;
  }
  return { start, end: content.length };
}

/** As `placesOf` for what that does not find, with CRLF and LF taken as equal. */
export function placesInAnyNewline(content: string, search: string): Place[] {
  if (!content.includes('\r\n') && !search.includes('\r\n')) return [];
  const plain = content.replaceAll('\r\n', '\n');
  const offsets = offsetMap(content);
  return placesOf(plain, search.replaceAll('\r\n', '\n')).map(({ start, end }) => ({
    start: offsets(start),
    end: offsets(end),
  }));
}

/** From an offset in the text with LF alone to the offset in the text as it is. */
function offsetMap(content: string): (offset: number) => number {
  const breaks: number[] = [];
  for (let at = content.indexOf('\r\n'); at !== -1; at = content.indexOf('\r\n', at + 2))
    breaks.push(at - breaks.length);
  return (offset) => offset + countUpTo(breaks, offset - 1);
}
