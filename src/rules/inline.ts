import { toSingleLine } from '../domain/text.ts';

const htmlTag =
  /<\/?(?:a|b|blockquote|br|center|code|details|div|em|font|h[1-6]|hr|i|img|kbd|li|ol|p|pre|script|section|small|span|strong|style|sub|summary|sup|table|tbody|td|textarea|th|thead|tr|u|ul)(?:\s[^<>]*)?\/?>/gi;
/** What would make a line something else than text: bullets, numbers, rules, boxes, requirement ids. */
const marker =
  /^(?:[-+*#>~=|•‣◦▪–—]+(?=\s|$)|[-=_*~`|]{3,}|\d{1,4}[.)](?=\s)|\[[ xX]?\]|R[1-9]\d{0,4}\b\s*[:.–—-]?)\s*/;

/**
 * Text from anywhere as one line that is safe within the spec's markdown: it starts no block of its own
 * and is not taken for a requirement's heading. Empty when there is no letter or digit in it.
 */
export function inline(text: string, limit = 400): string {
  // Cut before the patterns run, so that none of them meets megabytes.
  let line = toSingleLine(text.slice(0, limit * 4), limit * 2)
    .split(/(`[^`]*`)/)
    .map((piece) => (piece.startsWith('`') ? piece : withoutMarkup(piece)))
    .join('')
    .replace(/\s+/g, ' ')
    .trim();
  for (let next = line.replace(marker, ''); next !== line; next = line.replace(marker, ''))
    line = next;
  line = line.replace(/^<([^<>`]{1,60})>/, '`<$1>`').replace(/^<+/, '');
  if (!/[\p{L}\p{N}]/u.test(line)) return '';
  return toSingleLine(line, limit);
}

function withoutMarkup(text: string): string {
  return text
    .replace(/!?\[([^\][]*)\]\([^()\s]*(?:\s[^()]*)?\)/g, '$1')
    .replace(htmlTag, ' ')
    .replaceAll('**', '');
}

/** The inline code and the quoted pieces of a text: the examples that its writer gave. */
export function quotedIn(text: string): string[] {
  const found = [...text.matchAll(/`([^`]+)`|"([^"]{2,80})"|“([^”]{2,80})”|«([^»]{2,80})»/g)];
  return found.map(([, code, plain, curly, angle]) => code ?? plain ?? curly ?? angle ?? '');
}

/** The text with code and quotations taken out, so that patterns judge the writer's own words alone. */
export function withoutQuoted(text: string): string {
  return text.replace(/`[^`]*`|"[^"]{2,80}"|“[^”]{2,80}”|«[^»]{2,80}»/g, ' x ');
}
