/** The tables of docs/ that list what the code declares. `scripts/schemas.ts` writes them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { choicesOf, configKeys, defaultOf } from '../src/config/keys.ts';
import { modelRoles } from '../src/domain/model-role.ts';
import { taskCategories } from '../src/domain/task.ts';
import { gates, knownProviders, providers, strategies } from '../src/extensions.ts';
import { formatted } from './format.js';

const code = (text: string): string => (text === '' ? '' : `\`${text}\``);
const codes = (texts: readonly string[]): string => texts.map(code).join(', ');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The least and the most that a number may be. */
function rangeOf(schema: z.core.$ZodType): string {
  const { type, minimum, maximum = Infinity } = z.toJSONSchema(schema, { io: 'input' });
  if (type !== 'integer' && type !== 'number') return '';
  return maximum < 1_000 ? `${minimum ?? 0} to ${maximum}` : '';
}

/** Names of an enumeration stand once, by what they are. */
const folded: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`^(budget\\.)?roles\\.(?:${modelRoles.join('|')}|NAME)$`), '$1roles.ROLE'],
  [new RegExp(`^(\\w+)\\.categories\\.(?:${taskCategories.join('|')})`), '$1.categories.CATEGORY'],
];

function keyRows(): (readonly string[])[] {
  const rows = configKeys().flatMap(({ path, text, schema, facts }) => {
    const name = folded.reduce((key, [from, to]) => key.replace(from, to), path.join('.'));
    const isInner = name.includes('NAME.') || /^(?:roles|strategy)\./.test(name);
    if ((text === '' || isInner || name === 'sandbox') && name !== 'roles.ROLE') return [];
    const option = facts.option === undefined ? '' : `--${facts.option}`;
    const variable = facts.variable === undefined ? '' : `BLUEPRINT_${facts.variable}`;
    const isRole = name === 'roles.ROLE';
    const set = isRole ? ['--role', 'BLUEPRINT_ROLE_…'] : [option, variable];
    const words = isRole ? 'the role’s models, the preferred one first; see below' : text;
    const [meaning = '', page] = words.split(/; see (\w+)\.md/);
    const takes = codes(choicesOf(schema)) || rangeOf(schema);
    return [
      [
        code(name),
        name.includes('CATEGORY') ? 'see [ensemble](ensemble.md)' : defaultOf(schema),
        codes(set.filter((part) => part !== '')),
        [
          ...(takes === '' ? [meaning] : [`${meaning}: ${takes}`]),
          ...(page === undefined ? [] : [`see [${page}](${page}.md)`]),
        ].join('; '),
      ],
    ];
  });
  const seen = new Set<string>();
  return rows.filter(([name = '']) => !seen.has(name) && seen.add(name));
}

const providerKeys = (): (readonly string[])[] =>
  configKeys().flatMap(({ path, text }) =>
    path[0] === 'providers' && path.length === 3 ? [[code(path[2] ?? ''), text]] : [],
  );

const known = [...knownProviders];
const servers = known.filter(([, { kind }]) => providers[kind].list !== undefined);

const tables: Readonly<Record<string, () => string>> = {
  keys: () => table(['key', 'default', 'option, variable', 'meaning'], keyRows()),
  'provider keys': () => table(['key', 'meaning'], providerKeys()),
  'provider kinds': () =>
    table(
      ['kind', 'what it is'],
      Object.entries(providers).map(([kind, { description }]) => [code(kind), description]),
    ),
  'known providers': () =>
    table(
      ['provider', 'key', 'base URL from', 'default base URL', 'structured output'],
      servers.map(([name, { kind, keyVariables = [], baseUrlVariables = [], ...own }]) => [
        code(name),
        keyVariables.map(code).join(', else ') || 'none',
        codes(baseUrlVariables),
        code(own.baseUrl ?? providers[kind].list?.baseUrl ?? ''),
        code(own.structured ?? providers[kind].structured ?? 'json_schema'),
      ]),
    ),
  gates: () =>
    table(
      ['gate', 'what it looks at'],
      Object.entries(gates).map(([name, { description }]) => [code(name), description]),
    ),
  strategies: () =>
    table(
      ['strategy', 'how candidates are had and one is chosen'],
      Object.entries(strategies).map(([name, { description }]) => [code(name), description]),
    ),
};

export const pages = ['configuration.md', 'providers.md', 'gates.md'] as const;

/** A page of docs/ as it should be: each table between its marks is the code's. */
export async function pageWithTables(page: (typeof pages)[number]): Promise<string> {
  const text = readFileSync(join(import.meta.dirname, '../docs', page), 'utf8');
  const marked = /(<!-- table: ([a-z ]+) -->\n).*?(\n<!-- end -->)/gs;
  const whole = text.replace(marked, (_all, start: string, name: string, end: string) => {
    const made = tables[name];
    if (made === undefined) throw new Error(`docs/${page} asks for a table «${name}»`);
    return `${start}\n${made()}\n${end}`;
  });
  return formatted(page, whole);
}

export const tableNames = Object.keys(tables);
