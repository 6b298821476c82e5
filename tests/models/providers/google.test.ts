import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { LanguageModel } from '../../../src/models/language-model.ts';
import { googleModels } from '../../../src/models/providers/google-models.ts';
import { googleProvider } from '../../../src/models/providers/google.ts';
import { startGoogleServer } from '../../helpers/loopback/google-server.ts';
import { frame, type LoopbackServer, type Reply } from '../../helpers/loopback/server.ts';
import { configOf, failureOf, key, limits, requestOf } from './vendors.ts';

const vendor = { name: 'google', kind: 'google', variable: 'GEMINI_API_KEY' } as const;
const servers: LoopbackServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(reply: Reply, model = 'gemini-3.1-pro-preview'): Promise<LanguageModel> {
  const server = await startGoogleServer(() => reply);
  servers.push(server);
  return googleProvider(configOf(vendor, `${server.url}/v1beta/`), limits).model(model);
}

test('asks for a stream with system instruction, schema and thinking level', async () => {
  const model = await serve('{}');
  await model.generate(
    requestOf({
      effort: 'high',
      schema: { name: 'plan', json: { type: 'object', additionalProperties: false } },
      parts: [
        { role: 'system', name: 'rules', text: 'Rules.' },
        { role: 'system', name: 'spec', text: 'Spec.' },
        { role: 'user', name: 'context', text: 'Context.' },
        { role: 'user', name: 'task', text: 'Task.' },
        { role: 'assistant', name: 'reply', text: 'No.' },
        { role: 'user', name: 'faults', text: 'Again.' },
      ],
    }),
  );
  const [request] = servers[0]?.requests ?? [];
  expect(request?.path).toBe('/v1beta/models/gemini-3.1-pro-preview:streamGenerateContent?alt=sse');
  expect(request?.headers['x-goog-api-key']).toBe(key);
  expect(request?.body).toEqual({
    safetySettings: [],
    systemInstruction: { role: 'system', parts: [{ text: 'Rules.' }, { text: 'Spec.' }] },
    contents: [
      { role: 'user', parts: [{ text: 'Context.' }, { text: 'Task.' }] },
      { role: 'model', parts: [{ text: 'No.' }] },
      { role: 'user', parts: [{ text: 'Again.' }] },
    ],
    generationConfig: {
      maxOutputTokens: 1000,
      responseMimeType: 'application/json',
      responseJsonSchema: { type: 'object', additionalProperties: false },
      thinkingConfig: { thinkingLevel: 'high' },
    },
  });
});

const bases = [
  ['', 'v1beta'],
  ['/', 'v1beta'],
  ['/v1beta', 'v1beta'],
  ['/v1beta/', 'v1beta'],
  ['/v1beta//', 'v1beta'],
  ['/v1', 'v1beta'],
  ['/v1/', 'v1beta'],
  ['/v1alpha', 'v1alpha'],
  ['/v1beta/models', 'v1beta'],
  ['/v1beta/models/', 'v1beta'],
  ['/v1beta/models/gemini-2.5-pro:generateContent', 'v1beta'],
  ['/v1beta/openai/', 'v1beta'],
] as const;

test.each(bases)('asks below a base that ends in «%s»', async (end, version) => {
  const paths: string[] = [];
  const at = await startServerAt((path) => void paths.push(path));
  try {
    const config = configOf(vendor, `${at.url}/proxy${end}`);
    const model = googleProvider(config, limits).model('gemini-2.5-pro');
    await failureOf(model.generate(requestOf()));
    const { signal } = new AbortController();
    const list = { config, baseUrl: config.baseUrl ?? '', signal, deadlineMs: 5_000 };
    await failureOf(googleModels(list));
  } finally {
    await at.close();
  }
  expect(paths).toEqual([
    `/proxy/${version}/models/gemini-2.5-pro:streamGenerateContent?alt=sse`,
    `/proxy/${version}/models?pageSize=1000`,
  ]);
});

/** A server that knows nothing, and hears what it is asked for. */
async function startServerAt(
  heard: (path: string) => void,
): Promise<{ url: string; close: () => Promise<void> }> {
  const plain = createServer((request, response) => {
    heard(request.url ?? '');
    request.resume();
    response.writeHead(404).end('{}');
  });
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  const { port } = plain.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      plain.close(() => resolve());
      plain.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, close };
}

test.each([
  ['gemini-3.5-flash', 'low', { thinkingLevel: 'low' }],
  ['gemini-3.5-flash', 'medium', undefined],
  ['gemini-2.5-pro', 'high', undefined],
] as const)('%s with effort %s thinks at %o', async (id, effort, expected) => {
  const model = await serve('Yes.', id);
  await model.generate(requestOf({ effort }));
  const body = servers[0]?.requests[0]?.body as { generationConfig: { thinkingConfig?: unknown } };
  expect(body.generationConfig.thinkingConfig).toEqual(expected);
});

test('thoughts are counted as output, and are not the reply', async () => {
  const usage = { input: 1000, cachedInput: 700, output: 50, reasoning: 30 };
  const model = await serve({ text: ['Ye', 's.'], usage });
  const result = await model.generate(requestOf());
  expect(result).toMatchObject({ text: 'Yes.', rawFinishReason: 'STOP' });
  expect(result.usage).toEqual({ ...usage, cacheWrite: 0 });
  expect(result.identity.family).toBe('gemini');
});

test('the global fetch is its own again before anything else can run', async () => {
  const usual = globalThis.fetch;
  const model = await serve('Yes.');
  const calls = [model.generate(requestOf()), model.generate(requestOf())];
  expect(globalThis.fetch).toBe(usual);
  const seen: boolean[] = [];
  const onText = (): void => void seen.push(globalThis.fetch === usual);
  await Promise.all([...calls, model.generate(requestOf({ onText }))]);
  expect(globalThis.fetch).toBe(usual);
  expect(seen).toContain(true);
  expect(seen).not.toContain(false);
});

const events = (...data: object[]): Reply => ({
  status: 200,
  headers: { 'content-type': 'text/event-stream' },
  chunks: data.map((each) => frame(each)),
});
const limited = (message: string, ...details: object[]): Reply => ({
  error: { status: 429, message, details },
});
const wait = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '36.5s' };
const quota = (quotaId: string): object => ({
  '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
  violations: [{ quotaId }],
});
const billing = 'You exceeded your current quota, please check your plan and billing details.';

test.each<{
  title: string;
  reply: Reply;
  kind: string;
  retryAfterMs?: number;
  message?: RegExp;
}>([
  {
    title: 'a limit for a minute, whatever it says of billing',
    reply: limited(billing, quota('GenerateRequestsPerMinutePerProjectPerModel-FreeTier'), wait),
    kind: 'rate_limit',
    retryAfterMs: 36_500,
    message: /billing details\.$/,
  },
  {
    title: 'a limit for a day',
    reply: limited(billing, quota('GenerateRequestsPerDayPerProjectPerModel-FreeTier'), wait),
    kind: 'quota_exhausted',
    retryAfterMs: 36_500,
  },
  { title: 'no billing', reply: limited(billing), kind: 'quota_exhausted' },
  { title: 'a limit without details', reply: limited('Slow down.'), kind: 'rate_limit' },
  {
    title: 'a key that is not valid, as a 400',
    reply: {
      error: {
        status: 400,
        message: 'API key not valid. Please pass a valid API key.',
        details: [
          { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' },
        ],
      },
    },
    kind: 'auth',
  },
  {
    title: 'too long',
    reply: {
      error: {
        status: 400,
        message: 'The input token count (2000000) exceeds the maximum number of tokens allowed.',
      },
    },
    kind: 'context_too_long',
  },
  {
    title: 'a prompt that is blocked',
    reply: events({ promptFeedback: { blockReason: 'OTHER' }, usageMetadata: {} }),
    kind: 'refused',
    message: /OTHER/,
  },
  {
    title: 'an error in the stream',
    reply: events({
      error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'x', details: [wait] },
    }),
    kind: 'rate_limit',
    retryAfterMs: 36_500,
  },
  {
    title: 'an event that ends early',
    reply: {
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      chunks: [
        frame({ candidates: [{ content: { parts: [{ text: 'half' }] } }] }),
        'data: {"candidates": [',
      ],
    },
    kind: 'network',
  },
])('$title → $kind', async ({ reply, kind, retryAfterMs, message }) => {
  const model = await serve(reply);
  const failure = await failureOf(model.generate(requestOf()));
  expect(failure.kind).toBe(kind);
  expect(failure.retryAfterMs).toBe(retryAfterMs);
  if (message !== undefined) expect(failure.message).toMatch(message);
});
