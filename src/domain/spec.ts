import type { Token, Tokens } from 'marked';
import { blocksOf } from './markdown-blocks.ts';
import { plainLine, plainText } from './plain-markdown.ts';
import type { Requirement } from './task.ts';

/** A requirement, and the part of the product that it is about, where the spec names parts. */
export interface SpecRequirement extends Requirement {
  readonly area?: string | null;
}

/** A spec as people read it; `spec.md` is `renderSpec` of one, or whatever a person made of it. */
export interface SpecDocument {
  readonly title: string;
  readonly overview: string;
  readonly goals: readonly string[];
  readonly nonGoals: readonly string[];
  readonly requirements: readonly SpecRequirement[];
  readonly interfaces: string;
  readonly constraints: readonly string[];
  readonly openQuestions: readonly string[];
}

export interface SpecSection {
  readonly heading: string;
  readonly depth: number;
  /** Markdown up to the next heading of any depth, the heading left out. */
  readonly body: string;
}

/** The spec as markdown, in the sections that `requirementsOf` and the architect's prompt name. */
export function renderSpec(spec: SpecDocument): string {
  const list = (items: readonly string[]): string =>
    items.length === 0 ? '- None.' : items.map((item) => `- ${item}`).join('\n');
  const requirements = spec.requirements.flatMap(({ id, text, acceptance, area }, index) => [
    // What is about a part stands below the heading of that part.
    ...(area && area !== spec.requirements[index - 1]?.area ? [`### ${area}`] : []),
    `${area ? '####' : '###'} ${id}: ${text}`,
    ...(acceptance.length > 0 ? [list(acceptance)] : []),
  ]);
  return [
    `# ${spec.title}`,
    `## Overview\n\n${spec.overview}`,
    `## Goals\n\n${list(spec.goals)}`,
    `## Non-goals\n\n${list(spec.nonGoals)}`,
    `## Requirements\n\n${requirements.join('\n\n')}`,
    `## Data and interfaces\n\n${spec.interfaces}`,
    `## Constraints\n\n${list(spec.constraints)}`,
    `## Open questions\n\n${list(spec.openQuestions)}`,
  ]
    .join('\n\n')
    .concat('\n');
}

export function sectionsOf(markdown: string): SpecSection[] {
  const sections: { heading: string; depth: number; body: string }[] = [];
  for (const token of blocksOf(markdown)) {
    if (token.type === 'heading') {
      const { text, depth } = token as Tokens.Heading;
      sections.push({ heading: text, depth, body: '' });
    } else {
      const last = sections.at(-1);
      if (last !== undefined) last.body += token.raw;
    }
  }
  return sections.map((section) => ({ ...section, body: section.body.trim() }));
}

/** The first heading, or null. */
export function titleOf(markdown: string): string | null {
  return sectionsOf(markdown)[0]?.heading ?? null;
}

/** A requirement as a spec states it. */
export interface StatedRequirement extends Requirement {
  /** Its id as it is written there, where the one that is kept has another form: `R-2`, `R1a`. */
  readonly written?: string;
}

interface Statement {
  readonly written: string;
  readonly isHeading: boolean;
  text: string;
  readonly acceptance: string[];
}

/**
 * The requirements that a spec states as `### R1: text` with a list of acceptance criteria below, or as
 * list items `- R1: text` with nested items. Of several statements of an id the most detailed counts, as a
 * summary may stand before or after the requirements; of equals the first. `R1.2` is a criterion of R1.
 * An id that no task can name gets the next free one. Empty when the spec uses neither form.
 */
export function requirementsOf(markdown: string): StatedRequirement[] {
  const best = new Map<string, Statement>();
  for (const statement of statementsOf(markdown)) {
    const key = canonicalRequirement(statement.written) ?? statement.written;
    const known = best.get(key);
    if (statement.text !== '' && (known === undefined || weight(statement) > weight(known)))
      best.set(key, statement);
  }
  let next = 1;
  return [...best].map(([key, { written, text, acceptance }]) => {
    while (canonicalRequirement(key) === null && best.has(`R${next}`)) next++;
    const id = canonicalRequirement(key) ?? `R${next++}`;
    return { id, text, acceptance: [...acceptance], ...(written !== id && { written }) };
  });
}

/** Ids that a spec states more than once with the same weight: only one of these can count. */
export function repeatedRequirements(markdown: string): string[] {
  const headings = statementsOf(markdown).filter(({ isHeading }) => isHeading);
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { written } of headings) {
    const id = canonicalRequirement(written) ?? written;
    (seen.has(id) ? repeated : seen).add(id);
  }
  return [...repeated];
}

/** The id of a requirement in the form that is kept, for `r1`, `R01`, `R-1`, `REQ 1`; null for `R1a`. */
export function canonicalRequirement(text: string): string | null {
  const number = /^\s*R(?:EQ)?[-_ ]?0*([1-9]\d{0,4})(?![\w]|\.\d)/i.exec(text)?.[1];
  return number === undefined ? null : `R${number}`;
}

/** Whether a heading states a requirement or a criterion of one. */
export function isRequirementHeading(heading: string): boolean {
  return readStatement(plainLine(heading)) !== null;
}

function weight({ isHeading, acceptance }: Statement): number {
  return (acceptance.length > 0 ? 2 : 0) + (isHeading ? 1 : 0);
}

/** What was read last: a plan asks for the requirements of one spec many times. */
let last: { readonly markdown: string; readonly statements: readonly Statement[] } = {
  markdown: '',
  statements: [],
};

function statementsOf(text: string): readonly Statement[] {
  const markdown = text.trimEnd();
  if (last.markdown !== markdown) last = { markdown, statements: readStatements(markdown) };
  return last.statements;
}

function readStatements(markdown: string): Statement[] {
  const statements: Statement[] = [];
  /** The latest by each id. */
  const named = new Map<string, Statement>();
  let current: Statement | null = null;
  const enter = (source: string, isHeading: boolean): Statement | null => {
    const read = readStatement(source);
    if (read === null) return null;
    const [base = ''] = read.written.split('.');
    const parent = named.get(base);
    if (base !== read.written && parent !== undefined) {
      parent.acceptance.push(source.trim());
      return parent;
    }
    const statement = { ...read, isHeading, acceptance: [] };
    statements.push(statement);
    named.set(statement.written, statement);
    return statement;
  };
  for (const token of blocksOf(markdown)) {
    if (token.type === 'heading') {
      current = enter(plainText((token as Tokens.Heading).tokens), true);
    } else if (token.type === 'list') {
      for (const item of (token as Tokens.List).items) {
        const own = enter(ownText(item), false);
        if (own !== null) own.acceptance.push(...nestedItems(item));
        else current?.acceptance.push(itemText(item));
      }
    } else if (current !== null && !isSilent(token)) {
      const text = blockText(token);
      current.text = current.text === '' ? text : `${current.text}\n${text}`;
    }
  }
  return statements;
}

/** What says nothing to a reader: rules, blank lines, comments. */
function isSilent({ type, raw }: Token): boolean {
  return type === 'space' || type === 'hr' || type === 'def' || raw.startsWith('<!--');
}

const statementPattern =
  /^(?:\d+(?:\.\d+)*\.?\s+)?(?:Requirement\s+)?[[(]?((?:NFR|FR|REQ|R)[-_ ]?0*[1-9]\d{0,4}(?:\.\d{1,4})*[a-z]?)[\])]?(?!\w)\s*[:.–—-]?\s*(.*)$/s;

function readStatement(source: string): { written: string; text: string } | null {
  const [, written, text] = statementPattern.exec(source.trim()) ?? [];
  return written === undefined || text === undefined ? null : { written, text: text.trim() };
}

/** A block as text: a paragraph without its marks; a table, code or quotation as it is written. */
function blockText(token: Token): string {
  if (token.type !== 'paragraph' && token.type !== 'text') return token.raw.trim();
  return plainText((token as Tokens.Paragraph).tokens).trim();
}

function itemText(item: Tokens.ListItem): string {
  const blocks = item.tokens.filter(({ type }) => type !== 'space' && type !== 'checkbox');
  return blocks.map(blockText).join('\n').trim();
}

function ownText(item: Tokens.ListItem): string {
  const own = item.tokens.filter(({ type }) => type !== 'list');
  return itemText({ ...item, tokens: own });
}

function nestedItems(item: Tokens.ListItem): string[] {
  return item.tokens
    .filter((token): token is Tokens.List => token.type === 'list')
    .flatMap((list) => list.items.map(itemText));
}
