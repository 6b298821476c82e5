import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { BlueprintError } from '../../src/domain/errors.ts';

const made: string[] = [];
afterAll(async () => {
  for (const folder of made) await rm(folder, { recursive: true, force: true });
});

async function load(providers: unknown, env: NodeJS.ProcessEnv = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'blueprint-config-'));
  made.push(folder);
  await writeFile(join(folder, 'blueprint.config.json'), JSON.stringify({ providers }));
  const config = await loadConfig({ cwd: folder, env, flags: {}, home: folder });
  return { folder, providers: config.providers };
}

async function refused(providers: unknown): Promise<BlueprintError> {
  const error: unknown = await load(providers).catch((thrown: unknown) => thrown);
  if (error instanceof BlueprintError) return error;
  throw new Error('The config was accepted');
}

test('the known programs need no config', async () => {
  const { providers } = await load({}, { PATH: '/bin' });
  for (const [name, command] of [
    ['claude-cli', 'claude'],
    ['codex-cli', 'codex'],
    ['gemini-cli', 'gemini'],
  ] as const) {
    expect(providers.get(name)?.kind).toBe(name);
    expect(providers.get(name)?.cli).toMatchObject({ command, environment: { PATH: '/bin' } });
    expect(providers.get(name)?.keyVariables).toEqual([]);
  }
});

test('a command of one’s own, with the variable that it is given', async () => {
  const { folder, providers } = await load(
    {
      mine: { command: './bin/model', args: ['{model}'], output: 'jsonl', apiKeyEnv: 'MINE' },
      work: { kind: 'claude-cli', command: 'claude-work', family: 'claude' },
    },
    { MINE: 'my-own-key', OTHER_API_KEY: 'other', AWS_SECRET_ACCESS_KEY: 'aws' },
  );
  expect(providers.get('mine')).toMatchObject({
    kind: 'command',
    apiKey: 'my-own-key',
    cli: { command: join(folder, 'bin/model'), args: ['{model}'], output: 'jsonl' },
  });
  expect(providers.get('mine')?.cli?.environment).toEqual({ MINE: 'my-own-key', NO_COLOR: '1' });
  expect(providers.get('work')?.cli).toMatchObject({ command: 'claude-work', family: 'claude' });
});

test('a cloud’s variables go along only where the cloud is in use', async () => {
  const aws = { AWS_PROFILE: 'mine', AWS_REGION: 'eu' };
  const without = await load({}, aws);
  expect(without.providers.get('claude-cli')?.cli?.environment).toEqual({ NO_COLOR: '1' });
  const used = await load({}, { ...aws, CLAUDE_CODE_USE_BEDROCK: '1' });
  expect(used.providers.get('claude-cli')?.cli?.environment).toMatchObject(aws);
  expect(used.providers.get('codex-cli')?.cli?.environment).toEqual({ NO_COLOR: '1' });
});

test.each([
  { provider: { kind: 'command' }, message: /names none/ },
  { provider: { kind: 'claude-cli', args: ['--x'] }, message: /has args/ },
  { provider: { command: 'x', textPath: 'a.b' }, message: /textPath, but its output is text/ },
  { provider: { baseUrl: 'https://x.example/v1', family: 'gpt' }, message: /has family/ },
  { provider: { command: ' ' }, message: /command/ },
  { provider: { command: 'x', output: 'xml' }, message: /output/ },
])('$provider is told as wrong', async ({ provider, message }) => {
  const error = await refused({ mine: provider });
  expect(error.message).toMatch(message);
  expect(error.fix).toMatch(/./);
});
