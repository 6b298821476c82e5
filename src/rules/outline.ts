import type { Token, Tokens } from 'marked';
import { blocksOf } from '../domain/markdown-blocks.ts';
import { asksFor, kindOf, sectionKind, type SectionKind } from './kinds.ts';
import { inline, normalise, sentencesOf } from './prose.ts';
import { wordsOf } from './terms.ts';

/** One thing that a brief says, with what stands below it. */
export interface Statement {
  readonly text: string;
  readonly kind: SectionKind;
  /** Headings above it, the title left out. */
  readonly path: readonly string[];
  /** `lead`: a sentence that introduces a list whose items speak for themselves. */
  readonly from: 'sentence' | 'item' | 'lead';
  /** Sub-points: they say when it is done. */
  readonly details: string[];
  /** Code blocks that follow it. */
  readonly examples: string[];
}

type Point = { text: string; details?: readonly string[]; examples?: readonly string[] };

/** A label such as `Constraints:` ranks below every real heading. */
const labelDepth = 7;
const colon = /[:：]\s*$/u;

/** A brief of any format as its statements, in order. Never fails. */
export class Outline {
  title: string | null = null;
  readonly statements: Statement[] = [];
  /** All headings but the title, for briefs that consist of them. */
  readonly headings: string[] = [];
  private open: { text: string; depth: number }[] = [];
  private lead: string | null = null;

  /** @param answers to questions about the brief, as if they stood at its end. */
  constructor(brief: string, answers: readonly string[]) {
    this.readAll(blocksOf(normalise(brief)));
    this.open = [];
    for (const text of answers.flatMap(sentencesOf)) this.add({ text }, 'item');
  }

  private readAll(tokens: readonly Token[]): void {
    for (const token of tokens) this.read(token);
    this.dropLead();
  }

  private read(token: Token): void {
    if (token.type === 'space' || token.type === 'hr' || token.type === 'def') return;
    if (token.type === 'list') return this.list((token as Tokens.List).items);
    this.dropLead();
    if (token.type === 'heading') {
      const { text, depth } = token as Tokens.Heading;
      this.heading(inline(text, 120), depth);
    } else if (token.type === 'code') {
      this.code(token as Tokens.Code);
    } else if (token.type === 'table') {
      for (const row of rowsOf(token as Tokens.Table))
        this.add(row, row.details === undefined ? 'sentence' : 'item');
    } else if (token.type === 'blockquote') {
      this.readAll((token as Tokens.Blockquote).tokens);
    } else {
      this.prose(token.raw.replace(/^\s*>+\s?/gm, ''));
    }
  }

  private heading(text: string, depth: number): void {
    if (text === '') return;
    if (this.title === null && depth < labelDepth && this.statements.length === 0) {
      this.title = text;
      return;
    }
    this.open = [...this.open.filter((heading) => heading.depth < depth), { text, depth }];
    this.headings.push(text);
  }

  private prose(raw: string): void {
    const label = labelIn(raw.trim());
    if (label !== null) return this.heading(label, labelDepth);
    const sentences = sentencesOf(raw);
    if (colon.test(sentences.at(-1) ?? '')) this.lead = sentences.pop() ?? null;
    for (const text of sentences) {
      const previous = this.statements.at(-1);
      if (/^(?:given|when|then|and then)\b/i.test(text) && previous?.from === 'sentence')
        previous.details.push(inline(text));
      else this.add({ text }, 'sentence');
    }
  }

  private list(items: readonly Tokens.ListItem[]): void {
    const lead = inline(this.lead ?? '').replace(colon, '');
    this.lead = null;
    const points = items.map(readItem).filter(({ text }) => text !== '');
    const above = this.open;
    if (lead !== '' && sectionKind(lead) !== null) {
      this.open = [...above, { text: lead, depth: labelDepth }];
    } else if (/\b(?:must|shall|should|can|will|may|to)$/i.test(lead)) {
      for (const point of points) point.text = `${lead} ${point.text}`;
    } else if (asksFor(lead) && points.every(isShort)) {
      return this.add({ text: lead, details: points.map(({ text }) => text) }, 'sentence');
    } else {
      this.add({ text: lead }, 'lead');
    }
    for (const point of points) this.add(point, 'item');
    this.open = above;
  }

  private code({ text, lang, codeBlockStyle }: Tokens.Code): void {
    // Indented text in mails and notes is prose more often than code.
    if (codeBlockStyle === 'indented' && /(?:\p{L}{2,} ){3}/u.test(text)) return this.prose(text);
    if (/^(?:gherkin|feature)$/i.test(lang ?? '') || /^\s*given\b[^]*^\s*then\b/im.test(text))
      for (const scenario of scenariosOf(text)) this.add(scenario, 'item');
    else this.statements.at(-1)?.examples.push(text);
  }

  private dropLead(): void {
    this.add({ text: this.lead?.replace(colon, '') ?? '' }, 'sentence');
    this.lead = null;
  }

  private add({ text: raw, details = [], examples = [] }: Point, from: Statement['from']): void {
    const text = inline(raw);
    if (text === '' || text === 'None.') return;
    const path = this.open.map((heading) => heading.text);
    this.statements.push({
      text,
      kind: kindOf(text, path, from),
      path,
      from,
      details: details.map((detail) => inline(detail)).filter((detail) => detail !== ''),
      examples: [...examples],
    });
  }
}

function readItem(item: Tokens.ListItem): Required<Point> {
  const nested: string[] = [];
  const examples: string[] = [];
  const own: string[] = [];
  for (const token of item.tokens) {
    if (token.type === 'list')
      for (const below of (token as Tokens.List).items.map(readItem))
        nested.push(below.text, ...below.details);
    else if (token.type === 'code') examples.push((token as Tokens.Code).text);
    else if (token.type !== 'checkbox') own.push(token.raw);
  }
  // A second sentence says more of the same point.
  const [text = '', ...more] = sentencesOf(own.join('\n'));
  return { text: text.replace(colon, ''), details: [...more, ...nested], examples };
}

function isShort({ text, details }: Required<Point>): boolean {
  return details.length === 0 && wordsOf(text).length <= 6;
}

/** `**Goals**` or `Constraints:` on a line of its own. */
function labelIn(line: string): string | null {
  if (line.includes('\n') || line.length > 80) return null;
  const bold = /^(?:\*\*|__)([^*_]+?):?(?:\*\*|__):?$/.exec(line)?.[1];
  if (bold !== undefined) return inline(bold, 120);
  const words = line.replace(colon, '');
  return words !== line && sectionKind(words) !== null ? inline(words, 120) : null;
}

const statementColumn =
  /requirement|feature|description|story|statement|what|function|task|behaviou?r|purpose|anforderung|beschreibung|funktion|zweck|aufgabe|exigence|fonction|besoin|requisito|descripci|descri[çz]|需求|要求|功能|描述|说明|要件|機能/iu;
/** Two such columns are facts, no list of what is asked for. */
const factColumn =
  /^(?:name|key|field|item|property|setting|schlüssel|feld|nom|champ|clave|名称)$/iu;
const idColumn = /^(?:id|#|no\.?|nr\.?|key|ref)$/i;

/** A table's rows: the telling column, else the first that is no id; the others as `Heading: cell`. */
function rowsOf({ header, rows }: Tokens.Table): Point[] {
  const heads = header.map((cell) => cell.text.trim());
  const named = heads.findIndex((head) => statementColumn.test(head));
  if (named === -1 && heads.length === 2 && factColumn.test(heads[0] ?? ''))
    return rows.map((row) => ({ text: row.map(({ text }) => text.trim()).join(': ') }));
  const main = named === -1 ? heads.findIndex((head) => !idColumn.test(head)) : named;
  return rows.map((row) => ({
    text: row[main]?.text ?? '',
    details: row.flatMap(({ text }, at) => {
      const head = heads[at] ?? '';
      if (at === main || idColumn.test(head) || text.trim() === '') return [];
      return head === '' ? text : `${head}: ${text}`;
    }),
  }));
}

function scenariosOf(text: string): Point[] {
  return text.split(/^(?=\s*(?:scenario|example)\b)/im).flatMap((part) => {
    const lines = part.split('\n').map((line) => line.trim());
    const name = lines.find((line) => /^(?:scenario|example)\b/i.test(line));
    const details = lines.filter((line) => /^(?:given|when|then|and|but)\b/i.test(line));
    const last = details.at(-1);
    return last === undefined ? [] : { text: name?.replace(/^[^:]*:\s*/, '') ?? last, details };
  });
}
