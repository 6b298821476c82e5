import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pages, pageWithTables, tableNames } from '../../scripts/tables.ts';
import { configKeys } from '../../src/config/keys.ts';
import { gateNames, knownProviders, providerKinds, strategyNames } from '../../src/extensions.ts';

const textOf = (page: string): Promise<string> =>
  readFile(join(import.meta.dirname, '../../docs', page), 'utf8');

test.each(pages)(
  'the tables of docs/%s are those of the code (npm run schemas writes them)',
  async (page) => {
    expect(await pageWithTables(page)).toBe(await textOf(page));
  },
);

const all = (await Promise.all(pages.map(textOf))).join('\n');

test.each(tableNames)('some page has the table of %s', (name) => {
  expect(all).toContain(`<!-- table: ${name} -->`);
});

test.each([...providerKinds, ...gateNames, ...strategyNames, ...knownProviders.keys()])(
  'a row or a sentence of the docs tells of %s',
  (name) => {
    expect(all).toContain(`\`${name}\``);
  },
);

test('every key says what it is', () => {
  const silent = configKeys().filter(
    ({ text, facts }) => text === '' && (facts.variable ?? facts.option) !== undefined,
  );
  expect(silent.map(({ path }) => path.join('.'))).toEqual([]);
});
