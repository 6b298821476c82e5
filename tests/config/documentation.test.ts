import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaults } from '../../src/config/defaults.ts';
import { settings } from '../../src/config/environment.ts';
import { knownProviders } from '../../src/extensions.ts';

const page = await readFile(join(import.meta.dirname, '../../docs/configuration.md'), 'utf8');

/** The cells of the table row that starts with this one. */
function row(first: string): string[] | undefined {
  const line = page.split('\n').find((line) => line.startsWith(`| \`${first}\` `));
  return line?.split('|').map((cell) => cell.trim());
}

test.each(settings.filter(({ path }) => path[0] !== 'roles'))(
  'the page tells of $variable',
  ({ variable, path }) => {
    expect(row(variable)?.[2]).toContain(`\`${path.join('.')}\``);
  },
);

test.each(
  Object.entries(defaults).flatMap(([section, values]) =>
    typeof values === 'object' && !Array.isArray(values)
      ? Object.entries(values).map(([key, value]) => [`${section}.${key}`, value] as const)
      : [],
  ),
)('the page tells of %s, by default %s', (key, value) => {
  expect(row(key)?.[2]).toBe(String(value));
});

test.each([...knownProviders].filter(([, { kind }]) => !/scripted|offline/.test(kind)))(
  'the page tells of the provider %s',
  (name, { keyVariables = [], baseUrlVariables = [] }) => {
    for (const variable of [...keyVariables, ...baseUrlVariables])
      expect(row(name)?.join('|')).toContain(`\`${variable}\``);
  },
);
