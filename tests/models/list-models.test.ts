import { afterEach, describe, expect, test } from 'vitest';
import type { ResolvedProvider } from '../../src/config/resolved-config.ts';
import { providers } from '../../src/extensions.ts';
import { findListed, listModels, nearestListed } from '../../src/models/list-models.ts';
import {
  startJsonServer,
  type JsonReply,
  type JsonRequest,
} from '../helpers/loopback/json-server.ts';

const key = 'sk-test-0123456789abcdef';
let server: Awaited<ReturnType<typeof startJsonServer>> | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

function configOf(name: string, kind: ResolvedProvider['kind'], baseUrl: string): ResolvedProvider {
  const apiKey = name === 'ollama' ? undefined : key;
  const keyVariables = [`${name.toUpperCase()}_API_KEY`];
  const keyless = apiKey === undefined;
  return {
    name,
    kind,
    baseUrl,
    apiKey,
    keyVariables,
    keyless,
    structured: 'none',
    script: undefined,
  };
}

async function listed(
  [name, kind, path]: readonly [string, ResolvedProvider['kind'], string],
  answer: (request: JsonRequest) => JsonReply,
  deadlineMs = 20_000,
) {
  server = await startJsonServer(answer);
  const config = configOf(name, kind, server.url + path);
  const { signal } = new AbortController();
  return {
    listing: await listModels(config, providers[config.kind].list, { signal, deadlineMs }),
    server,
  };
}

const vendors = [
  ['anthropic', 'anthropic', ''],
  ['openai', 'openai', '/v1'],
  ['google', 'google', ''],
  ['groq', 'openai-compatible', '/v1'],
  ['ollama', 'ollama', '/v1'],
] as const;

test('anthropic: all pages, by the key', async () => {
  const { listing, server } = await listed(vendors[0], ({ path }) => {
    const second = path.includes('after_id=a');
    const model = { type: 'model', id: second ? 'b' : 'a', max_input_tokens: second ? null : 900 };
    return { body: { data: [model], has_more: !second, first_id: model.id, last_id: model.id } };
  });
  expect(listing).toEqual({
    outcome: 'listed',
    models: [
      { id: 'a', contextTokens: 900 },
      { id: 'b', contextTokens: null },
    ],
  });
  expect(server.requests[0]?.headers['authorization']).toBe(`Bearer ${key}`);
  expect(server.requests).toHaveLength(2);
  expect(server.requests[0]?.path).toMatch(/^\/v1\/models\?/);
});

test.each([vendors[1], vendors[3]])(
  '%s: with the context where the server tells',
  async (...vendor) => {
    const { listing, server } = await listed(vendor, () => ({
      body: { object: 'list', data: [{ id: 'a', context_window: 8192 }, { id: 'b' }] },
    }));
    expect(listing).toMatchObject({ models: [{ contextTokens: 8192 }, { contextTokens: null }] });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({
      path: '/v1/models',
      headers: { authorization: `Bearer ${key}` },
    });
  },
);

test('google: all pages, the key in a header and not in the address', async () => {
  const { listing, server } = await listed(vendors[2], ({ path }) =>
    path.includes('pageToken=next')
      ? { body: { models: [{ name: 'models/b' }] } }
      : { body: { models: [{ name: 'models/a', inputTokenLimit: 500 }], nextPageToken: 'next' } },
  );
  expect(listing).toMatchObject({
    models: [
      { id: 'a', contextTokens: 500 },
      { id: 'b', contextTokens: null },
    ],
  });
  expect(server.requests[0]?.headers['x-goog-api-key']).toBe(key);
  expect(server.requests[0]?.path).toMatch(/^\/v1beta\/models\?/);
  expect(server.requests.map(({ path }) => path).join()).not.toContain(key);
});

test('ollama: what was pulled, without a key', async () => {
  const { listing, server } = await listed(vendors[4], () => ({
    body: { models: [{ name: 'qwen3:8b' }] },
  }));
  expect(listing).toMatchObject({ models: [{ id: 'qwen3:8b' }] });
  expect(server.requests[0]?.path).toBe('/api/tags');
  expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
});

describe.each(vendors)('%s: a failure is an outcome', (...vendor) => {
  const [name] = vendor;
  test.each([
    [401, { error: { message: `bad key ${key}` } }, 'auth', /holds a valid key|apiKeyEnv/],
    [503, { error: { message: 'busy' } }, 'overloaded', /Try again later/],
    [200, '<html>Welcome</html>', 'unavailable', new RegExp(`Check providers.${name}.baseUrl`)],
    [200, { error: { message: 'no', code: 'invalid_api_key' } }, 'auth', /./],
  ])('%i %j', async (status, body, kind, fix) => {
    const { listing, server } = await listed(vendor, () => ({ status, body }));
    expect(listing).toMatchObject({ outcome: 'failed', kind });
    expect((listing as { fix: string }).fix).toMatch(fix);
    // What a server that is sent no key says is no secret of ours.
    if (name !== 'ollama') expect(JSON.stringify(listing)).not.toContain(key);
    expect(server.requests).toHaveLength(1);
  });

  test('no answer', async () => {
    const { listing } = await listed(vendor, () => null, 300);
    expect(listing).toMatchObject({ outcome: 'failed', kind: 'timeout' });
  });

  test('no server', async () => {
    const gone = await startJsonServer(() => null);
    await gone.close();
    const config = configOf(vendor[0], vendor[1], gone.url);
    const { signal } = new AbortController();
    const listing = await listModels(config, providers[config.kind].list, {
      signal,
      deadlineMs: 20_000,
    });
    expect(listing).toMatchObject({ outcome: 'failed', kind: 'network' });
  });
});

test('a compatible server without a list has none, and is not broken', async () => {
  const { listing } = await listed(vendors[3], () => ({ status: 404, body: { error: 'no path' } }));
  expect(listing).toMatchObject({ outcome: 'no-list' });
});

test('an id stands for its dated snapshot, for the latest, for a variant; else the nearest are named', () => {
  const ids = ['claude-x-20270101', 'qwen3:latest', 'meta/llama-4', 'gpt-5.6-terra', 'gpt-5.6-sol'];
  const models = ids.map((id) => ({ id, contextTokens: null }));
  expect(findListed(models, 'claude-x')?.id).toBe('claude-x-20270101');
  expect(findListed(models, 'qwen3')?.id).toBe('qwen3:latest');
  expect(findListed(models, 'meta/llama-4:free')?.id).toBe('meta/llama-4');
  expect(findListed(models, 'gpt-5.6-tera')).toBeNull();
  expect(nearestListed(models, 'gpt-5.6-tera')[0]).toBe('gpt-5.6-terra');
  expect(nearestListed(models, 'zzz')).toEqual([]);
});
