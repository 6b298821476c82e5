import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { schemaFiles } from '../../scripts/schemas.ts';
import { documentOf } from '../state/fixtures.ts';

const folder = join(import.meta.dirname, '../../schemas');

test('the published schemas are those of the code (npx tsx scripts/schemas.ts writes them)', async () => {
  const expected = schemaFiles();
  expect((await readdir(folder)).sort()).toEqual([...expected.keys()].sort());
  for (const [name, text] of expected)
    expect(await readFile(join(folder, name), 'utf8')).toBe(text);
});

function validator(name: string): (value: unknown) => boolean {
  const ajv = new Ajv({ strict: false, formats: { 'date-time': true, uri: true } });
  const text = schemaFiles().get(`${name}.schema.json`);
  if (text === undefined) throw new Error(`no schema ${name}`);
  const validate = ajv.compile(JSON.parse(text) as object);
  return (value) => validate(value) === true;
}

test.each<[string, unknown, boolean]>([
  ['tasks', documentOf(2), true],
  ['tasks', { ...documentOf(0), tasks: [{ id: 'T1', title: 'Short', type: 'code' }] }, true],
  ['tasks', { ...documentOf(0), tasks: [{ id: '../x', title: 'Short', type: 'code' }] }, false],
  ['tasks', { ...documentOf(0), tasks: [{ id: 'T1', title: 'Short', type: 'cod' }] }, false],
  ['tasks', { ...documentOf(0), extra: 1 }, false],
  ['config', { $schema: 'x', roles: { coder: ['openai/x'] } }, true],
  ['config', { roles: { coder: { models: ['openai/x'], large: ['google/y'] } } }, true],
  ['config', { roles: { codr: ['openai/x'] } }, false],
  ['config', { executor: { concurrency: 0 } }, false],
  ['bundle', { files: [], edits: [], deletions: [], tests: [], commands: [], notes: '' }, true],
  ['bundle', { files: [] }, false],
  ['review', { verdict: 'maybe' }, false],
])('the schema %s judges %j: %s', (name, value, sound) => {
  expect(validator(name)(value)).toBe(sound);
});
