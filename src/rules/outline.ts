import { Lexer, type Token, type Tokens } from 'marked';
import { inline } from './inline.ts';
import { normalise, sentencesOf } from './plain-prose.ts';
import { isRequirementLike } from './sentence-kind.ts';
import { sectionKind } from './section-kind.ts';
import type { Statement } from './statement.ts';
import { rowsOf } from './table.ts';
import { wordsOf } from './terms.ts';

export interface Outline {
  readonly title: string | null;
  readonly statements: readonly Statement[];
  /** All headings but the title, for briefs that consist of them. */
  readonly headings: readonly string[];
}

/** A label such as `Constraints:` ranks below every real heading. */
const labelDepth = 7;

/** Reads a brief of any format into its statements, in order. Never fails. */
export function outlineOf(brief: string): Outline {
  const source = normalise(brief);
  const reader = new OutlineReader();
  reader.readAll(blocksOf(source));
  return reader.outline();
}

function blocksOf(source: string): Token[] {
  try {
    // Blocks alone: inline markup is not needed, and its cost on odd input is not bounded.
    return new Lexer().blockTokens(source, []);
  } catch {
    // Nesting beyond the stack: what is left is text by lines.
    return source.split('\n').map((text) => ({ type: 'paragraph', raw: text, text }));
  }
}

class OutlineReader {
  private title: string | null = null;
  private readonly statements: Statement[] = [];
  private readonly headings: string[] = [];
  private open: { text: string; depth: number }[] = [];
  private lead: string | null = null;

  outline(): Outline {
    return { title: this.title, statements: this.statements, headings: this.headings };
  }

  readAll(tokens: readonly Token[]): void {
    for (const token of tokens) this.read(token);
    this.dropLead();
  }

  private read(token: Token): void {
    if (token.type === 'space' || token.type === 'hr' || token.type === 'def') return;
    if (token.type === 'list') return this.list(token as Tokens.List);
    this.dropLead();
    if (token.type === 'heading') {
      const { text, depth } = token as Tokens.Heading;
      this.heading(inline(text, 120), depth);
    } else if (token.type === 'code') {
      this.code(token as Tokens.Code);
    } else if (token.type === 'table') {
      for (const row of rowsOf(token as Tokens.Table)) this.add(row.text, 'item', row.details);
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
    const label = labelIn(raw);
    if (label !== null) return this.heading(label, labelDepth);
    const sentences = sentencesOf(raw);
    const last = sentences.at(-1);
    if (last !== undefined && /[:：]$/.test(last)) this.lead = sentences.pop() ?? null;
    for (const sentence of sentences) {
      const previous = this.statements.at(-1);
      if (/^(?:given|when|then|and then)\b.*/i.test(sentence) && previous?.from === 'sentence') {
        previous.details.push(inline(sentence));
      } else {
        this.add(sentence, 'sentence');
      }
    }
  }

  private list(list: Tokens.List): void {
    const lead = this.lead;
    this.lead = null;
    const items = list.items.map(readItem).filter(({ text }) => text !== '');
    if (lead === null) {
      for (const { text, details, examples } of items) this.add(text, 'item', details, examples);
      return;
    }
    const words = inline(lead).replace(/[:：]\s*$/u, '');
    if (sectionKind(words) !== null) {
      const above = this.open;
      this.open = [...above, { text: words, depth: labelDepth }];
      for (const { text, details, examples } of items) this.add(text, 'item', details, examples);
      this.open = above;
    } else if (/\b(?:must|shall|should|can|will|may|to)$/i.test(words)) {
      for (const { text, details, examples } of items)
        this.add(`${words} ${text}`, 'item', details, examples);
    } else if (isRequirementLike(words) && items.every(isShort)) {
      this.add(
        words,
        'sentence',
        items.map(({ text }) => text),
      );
    } else {
      this.add(words, 'lead');
      for (const { text, details, examples } of items) this.add(text, 'item', details, examples);
    }
  }

  private code({ text, lang, codeBlockStyle }: Tokens.Code): void {
    // Indented text in mails and notes is prose more often than code.
    if (codeBlockStyle === 'indented' && /(?:\p{L}{2,} ){3}/u.test(text)) return this.prose(text);
    if (/^(?:gherkin|feature)$/i.test(lang ?? '') || /^\s*given\b[^]*^\s*then\b/im.test(text)) {
      for (const scenario of scenariosOf(text)) this.add(scenario.text, 'item', scenario.steps);
      return;
    }
    this.statements.at(-1)?.examples.push(text);
  }

  private dropLead(): void {
    if (this.lead === null) return;
    this.add(this.lead.replace(/[:：]\s*$/u, ''), 'sentence');
    this.lead = null;
  }

  private add(
    raw: string,
    from: Statement['from'],
    details: readonly string[] = [],
    examples: readonly string[] = [],
  ): void {
    const text = inline(raw);
    if (text === '') return;
    this.statements.push({
      text,
      path: this.open.map((heading) => heading.text),
      from,
      details: details.map((detail) => inline(detail)).filter((detail) => detail !== ''),
      examples: [...examples],
    });
  }
}

interface Item {
  readonly text: string;
  readonly details: string[];
  readonly examples: string[];
}

function readItem(item: Tokens.ListItem): Item {
  const details: string[] = [];
  const examples: string[] = [];
  const own: string[] = [];
  for (const token of item.tokens) {
    if (token.type === 'list') details.push(...(token as Tokens.List).items.flatMap(deepTexts));
    else if (token.type === 'code') examples.push((token as Tokens.Code).text);
    else if (token.type !== 'checkbox') own.push(token.raw);
  }
  const [text = '', ...more] = sentencesOf(own.join('\n'));
  // A second sentence says more of the same point.
  return { text: text.replace(/[:：]$/u, ''), details: [...more, ...details], examples };
}

function deepTexts(item: Tokens.ListItem): string[] {
  const { text, details } = readItem(item);
  return [text, ...details];
}

function isShort({ text, details }: Item): boolean {
  return details.length === 0 && wordsOf(text).length <= 6;
}

/** `**Goals**` or `Constraints:` on a line of its own. */
function labelIn(raw: string): string | null {
  const text = raw.trim();
  if (text.includes('\n') || text.length > 80) return null;
  const bold = /^(?:\*\*|__)([^*_]+?):?(?:\*\*|__):?$/.exec(text)?.[1];
  if (bold !== undefined) return inline(bold, 120);
  const words = /^(.+)[:：]$/u.exec(text)?.[1];
  return words !== undefined && sectionKind(words) !== null ? inline(words, 120) : null;
}

function scenariosOf(text: string): { text: string; steps: string[] }[] {
  return text
    .split(/^(?=\s*(?:scenario|example)\b.*$)/im)
    .map((part) => part.split('\n').map((line) => line.trim()))
    .map((lines) => ({
      name: lines.find((line) => /^(?:scenario|example)\b/i.test(line)),
      steps: lines.filter((line) => /^(?:given|when|then|and|but)\b/i.test(line)),
    }))
    .filter(({ steps }) => steps.length > 0)
    .map(({ name, steps }) => ({
      text: name?.replace(/^[^:]*:\s*/, '') ?? steps.at(-1) ?? '',
      steps,
    }));
}
