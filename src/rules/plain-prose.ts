import { withoutControls } from '../domain/text.ts';

const segmenter = new Intl.Segmenter('und', { granularity: 'sentence' });
/** Abbreviations after which the platform's rules see the end of a sentence. */
const abbreviation =
  /(?:^|[\s(])(?:e\.g|i\.e|etc|vs|approx|resp|no|nr|z\.B|d\.h|bzw|ca|Dr|Mr|Mrs|St)\.\s*$/i;

/** The text with one kind of line end and of bullet, without front matter and what drives terminals. */
export function normalise(text: string): string {
  return (
    withoutControls(text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n'))
      .replace(/^---\n(?:[\w-]+:.*\n|[ \t-].*\n)+---\n/, '')
      .replaceAll('\t', '    ')
      // Quotes and bullets within their like on one line mean no more than one, and cost a parser much.
      .replace(/^[ ]*(?:>[ ]?){2,}/gm, '> ')
      .replace(/^([ ]*)(?:[-*+][ ]+){2,}(?=\S)/gm, '$1- ')
      .replace(/^([ ]*)(?:[•‣◦▪●○–—]|[a-zA-Z]\)|[A-Z]{1,6}-?\d{1,4}[:.)])[ ]+/gm, '$1- ')
  );
}

/** The sentences of a paragraph, or its lines where each line is a statement. */
export function sentencesOf(paragraph: string): string[] {
  const lines = paragraph
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const oneEach = lines.length > 1 && lines.every((line) => /^[\p{Lu}\p{Lo}\p{N}«"“`]/u.test(line));
  return (oneEach ? lines : [lines.join(' ')]).flatMap(split);
}

function split(text: string): string[] {
  const sentences: string[] = [];
  let open = '';
  for (const { segment } of segmenter.segment(text)) {
    open += segment;
    // A sentence does not end within code or a quotation mark's pair.
    const inCode = (open.match(/`/g)?.length ?? 0) % 2 === 1 && open.length < 400;
    if (abbreviation.test(open) || inCode) continue;
    sentences.push(open.trim());
    open = '';
  }
  if (open.trim() !== '') sentences.push(open.trim());
  return sentences.filter((sentence) => sentence !== '');
}
