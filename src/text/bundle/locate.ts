import { countUpTo } from '../lines.ts';

/** Where a search text stands in a content, as offsets into it. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** How many places of an ambiguous text are looked for. */
const placesLimit = 1000;

/** All places of the text, overlapping ones too, up to a limit. */
export function placesOf(content: string, search: string): Place[] {
  const places: Place[] = [];
  let start = search === '' ? -1 : content.indexOf(search);
  while (start !== -1 && places.length < placesLimit) {
    places.push({ start, end: start + search.length });
    start = content.indexOf(search, start + 1);
  }
  return places;
}

/** As `placesOf`, with CRLF and LF taken as equal. */
export function placesInAnyNewline(content: string, search: string): Place[] {
  if (!content.includes('\r\n') && !search.includes('\r\n')) return placesOf(content, search);
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
