import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { temporaryFolder } from '../state/fixtures.ts';

async function load(file: unknown) {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, 'blueprint.config.json'), JSON.stringify(file));
  return loadConfig({ cwd, env: {}, flags: {}, home: cwd });
}

const ollama = { kind: 'openai-compatible', baseUrl: 'http://box:1/v1' };

test.each([{}, { version: 1 }])(
  'a file of version 1 (%j) describes Ollama by its name',
  async (head) => {
    const { providers } = await load({ ...head, providers: { ollama } });
    expect(providers.get('ollama')).toMatchObject({ kind: 'ollama', keyless: true });
  },
);

test('in a file of this version a kind is what it says', async () => {
  const { providers } = await load({ version: 2, providers: { ollama } });
  expect(providers.get('ollama')).toMatchObject({ kind: 'openai-compatible' });
});

test.each([
  [3, 'config-version-unknown'],
  ['2', 'config-unknown-value'],
  [0, 'config-unknown-value'],
])('a file of version %j is refused', async (version, code) => {
  await expect(load({ version })).rejects.toMatchObject({
    code,
    exitCode: 2,
    target: expect.stringContaining('blueprint.config.json') as string,
  });
});
