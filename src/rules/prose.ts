import { cleanedLine, cleanedText } from '../domain/text.ts';

const htmlTag =
  /<\/?(?:a|b|blockquote|br|center|code|details|div|em|font|h[1-6]|hr|i|img|kbd|li|ol|p|pre|script|section|small|span|strong|style|sub|summary|sup|table|tbody|td|textarea|th|thead|tr|u|ul)(?:\s[^<>]*)?\/?>/gi;
const link = /!?\[([^\][]*)\]\([^()\s]*(?:\s[^()]*)?\)/g;
/** What would make a line something else than text: bullets, numbers, rules, boxes, requirement ids. */
const marker =
  /^(?:[-+*#>~=|•‣◦▪–—]+(?=\s|$)|[-=_*~`|]{3,}|\d{1,4}[.)](?=\s)|\[[ xX]?\]|R[1-9]\d{0,4}\b\s*[:.–—-]?)\s*/;
const segmenter = new Intl.Segmenter('und', { granularity: 'sentence' });
/** Abbreviations after which the platform's rules see the end of a sentence. */
const abbreviation =
  /(?:^|[\s(])(?:e\.g|i\.e|etc|vs|approx|resp|no|nr|z\.B|d\.h|bzw|ca|Dr|Mr|Mrs|St)\.\s*$/i;

/** The text with one kind of line end and of bullet, without front matter and what drives terminals. */
export function normalise(text: string): string {
  return (
    cleanedText(text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n'))
      .replace(/^---\n(?:[\w-]+:.*\n|[ \t-].*\n)+---\n/, '')
      .replaceAll('\t', '    ')
      // Quotes and bullets within their like on one line mean no more than one, and cost a parser much.
      .replace(/^[ ]*(?:>[ ]?){2,}/gm, '> ')
      .replace(/^([ ]*)(?:[-*+][ ]+){2,}(?=\S)/gm, '$1- ')
      .replace(/^([ ]*)(?:[•‣◦▪●○–—]|[a-zA-Z]\)|[A-Z]{1,6}-?\d{1,4}[:.)])[ ]+/gm, '$1- ')
  );
}

/** The sentences of a paragraph; its lines, where each line begins like a statement. */
export function sentencesOf(paragraph: string): string[] {
  const lines = paragraph.split('\n').flatMap((line) => line.trim() || []);
  const oneEach = lines.length > 1 && lines.every((line) => /^[\p{Lu}\p{Lo}\p{N}«"“`]/u.test(line));
  return (oneEach ? lines : [lines.join(' ')]).flatMap((text) => {
    const sentences: string[] = [];
    let open = '';
    for (const { segment } of segmenter.segment(text)) {
      open += segment;
      const inCode = (open.match(/`/g)?.length ?? 0) % 2 === 1 && open.length < 400;
      if (abbreviation.test(open) || inCode) continue;
      sentences.push(open.trim());
      open = '';
    }
    return [...sentences, open.trim()].filter((sentence) => sentence !== '');
  });
}

/**
 * Text from anywhere as one line that is safe within the spec's markdown: it starts no block of its own
 * and is not taken for a requirement's heading. Empty when there is no letter or digit in it.
 */
export function inline(text: string, limit = 400): string {
  // Cut before the patterns run, so that none of them meets megabytes.
  let line = cleanedLine(text.slice(0, limit * 4), limit * 2)
    .split(/(`[^`]*`)/)
    .map((piece) =>
      piece.startsWith('`')
        ? piece
        : piece.replace(link, '$1').replace(htmlTag, ' ').replaceAll('**', ''),
    )
    .join('')
    .replace(/\s+/g, ' ')
    .trim();
  while (marker.test(line)) line = line.replace(marker, '');
  line = line.replace(/^<([^<>`]{1,60})>/, '`<$1>`').replace(/^<+/, '');
  return /[\p{L}\p{N}]/u.test(line) ? cleanedLine(line, limit) : '';
}

const quoted = /`([^`]+)`|"([^"]{2,80})"|“([^”]{2,80})”|«([^»]{2,80})»/g;

/** The inline code and the quoted pieces of a text, each once: the examples that its writer gave. */
export function quotedIn(text: string, limit: number): string[] {
  const found = [...text.matchAll(quoted)].map((match) => match.slice(1).find(Boolean) ?? '');
  return [...new Set(found.map((example) => inline(example, limit)))].filter(Boolean);
}

/** The text with code and quotations taken out, so that patterns judge the writer's own words alone. */
export function withoutQuoted(text: string): string {
  return text.replace(quoted, ' x ');
}
