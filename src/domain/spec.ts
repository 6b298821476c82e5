import { lexer, type Token, type Tokens } from 'marked';
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

const requirementHeading = /^(R[1-9][0-9]{0,4})\b\s*[:.–—-]?\s*(.*)$/s;

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
  for (const token of lexer(markdown)) {
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

/**
 * The requirements that a spec states as `### R1: text` with a list of acceptance criteria below, or as
 * list items `- R1: text` with nested items. The first of an id counts. Empty when it uses neither form.
 */
export function requirementsOf(markdown: string): Requirement[] {
  const found = new Map<string, { id: string; text: string; acceptance: string[] }>();
  let current: { text: string; acceptance: string[] } | null = null;
  const enter = (source: string): { text: string; acceptance: string[] } | null => {
    const [, id, text] = requirementHeading.exec(source.trim()) ?? [];
    if (id === undefined || text === undefined) return null;
    const requirement = { id, text: text.trim(), acceptance: [] };
    if (!found.has(id)) found.set(id, requirement);
    return requirement;
  };
  for (const token of lexer(markdown)) {
    if (token.type === 'heading') {
      current = enter(plain((token as Tokens.Heading).text));
    } else if (token.type === 'list') {
      for (const item of (token as Tokens.List).items) {
        const own = enter(ownText(item));
        if (own !== null) own.acceptance.push(...nestedItems(item));
        else current?.acceptance.push(plain(item.text));
      }
    } else if (token.type === 'paragraph' && current !== null) {
      const text = plain((token as Tokens.Paragraph).text);
      current.text = current.text === '' ? text : `${current.text}\n${text}`;
    }
  }
  return [...found.values()].filter((requirement) => requirement.text !== '');
}

function plain(text: string): string {
  return text.replace(/\*\*|__|`/g, '').trim();
}

function ownText(item: Tokens.ListItem): string {
  const own = item.tokens.filter((token: Token) => token.type !== 'list');
  return plain(own.map((token) => token.raw).join(''));
}

function nestedItems(item: Tokens.ListItem): string[] {
  return item.tokens
    .filter((token): token is Tokens.List => token.type === 'list')
    .flatMap((list) => list.items.map((nested) => plain(nested.text)));
}
