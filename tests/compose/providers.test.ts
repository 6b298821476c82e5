import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { absentProviders } from '../../src/compose/providers.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { startOllamaServer } from '../helpers/loopback/ollama-server.ts';
import { temporaryFolder } from '../state/fixtures.ts';

const signal = new AbortController().signal;

/** A port where a server was, and is no more. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

async function absent(env: Record<string, string>): Promise<ReadonlyMap<string, string>> {
  const cwd = await temporaryFolder();
  return absentProviders(await loadConfig({ cwd, env, flags: {}, home: cwd }), signal);
}

test('an Ollama that a role names is there when something answers', async () => {
  const server = await startOllamaServer({});
  onTestFinished(() => server.close());
  const env = { OLLAMA_HOST: server.url, BLUEPRINT_ROLE_CODER: 'ollama/qwen3' };
  expect(await absent(env)).toEqual(new Map());
  expect(server.asked('/api/version')).toBe(1);
});

test('it is absent, with the address and the fix, where nothing listens', async () => {
  const host = `127.0.0.1:${await closedPort()}`;
  expect(
    await absent({ OLLAMA_HOST: host, BLUEPRINT_ROLE_PARSER: 'openai/gpt,ollama/qwen3' }),
  ).toEqual(
    new Map([['ollama', `Ollama does not answer at http://${host}; start it with: ollama serve`]]),
  );
});

test('it is absent where a server takes the connection and says nothing', async () => {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const found = await absent({ OLLAMA_HOST: host, BLUEPRINT_ROLE_CODER: 'ollama/qwen3' });
  expect([...found.keys()]).toEqual(['ollama']);
});

test('nobody is asked when no role names it and a key is set', async () => {
  const server = await startOllamaServer({});
  onTestFinished(() => server.close());
  const env = { OLLAMA_HOST: server.url, GROQ_API_KEY: 'sk-abcdefgh12345678' };
  expect(await absent(env)).toEqual(new Map());
  expect(server.asked('/api/version')).toBe(0);
});

test('what runs and has no model is told with what helps', async () => {
  const server = await startOllamaServer({ missing: true });
  onTestFinished(() => server.close());
  expect((await absent({ OLLAMA_HOST: server.url })).get('ollama')).toContain('ollama pull');
});
