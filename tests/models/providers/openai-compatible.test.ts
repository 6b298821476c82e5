import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ResolvedProvider } from '../../../src/config/resolved-config.ts';
import type { LanguageModel } from '../../../src/models/language-model.ts';
import {
  chatUsage,
  openaiCompatibleProvider,
} from '../../../src/models/providers/openai-compatible.ts';
import { startChatServer } from '../../helpers/loopback/chat-server.ts';
import { frame, type LoopbackServer, type Reply } from '../../helpers/loopback/server.ts';
import { configOf, failureOf, key, limits, requestOf } from './vendors.ts';

const vendor = {
  name: 'deepseek',
  kind: 'openai-compatible',
  variable: 'DEEPSEEK_API_KEY',
} as const;
const schema = { name: 'plan', json: { type: 'object' } };
let server: LoopbackServer | undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.close();
  server = undefined;
});

async function serve(
  reply: Reply,
  changes: Partial<ResolvedProvider> = {},
): Promise<{ model: LanguageModel; server: LoopbackServer }> {
  server = await startChatServer(() => reply);
  const config = configOf(vendor, server.url, changes);
  return { model: openaiCompatibleProvider(config, limits).model('deepseek-chat'), server };
}

describe('the request', () => {
  const parts = [
    { role: 'system', name: 'rules', text: 'Rules.' },
    { role: 'system', name: 'spec', text: 'Spec.', cache: true },
    { role: 'user', name: 'context', text: 'Context.' },
    { role: 'user', name: 'task', text: 'Task.' },
  ] as const;

  test('holds the schema where the server knows schemas', async () => {
    const { model, server } = await serve('{}');
    await model.generate(requestOf({ effort: 'high', schema, parts }));
    expect(server.requests[0]?.path).toBe('/v1/chat/completions');
    expect(server.requests[0]?.body).toEqual({
      model: 'deepseek-chat',
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 1000,
      messages: [
        { role: 'system', content: 'Rules.\n\nSpec.' },
        { role: 'user', content: 'Context.\n\nTask.' },
      ],
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'plan', strict: true, schema: schema.json },
      },
    });
  });

  test.each([
    ['json_object', { type: 'json_object' }],
    ['none', undefined],
  ] as const)('says the schema in words for %s', async (structured, format) => {
    const { model, server } = await serve('{}', { structured });
    await model.generate(requestOf({ schema, parts }));
    const body = server.requests[0]?.body as {
      messages: { role: string; content: string }[];
      response_format?: unknown;
    };
    expect(body.response_format).toEqual(format);
    expect(body.messages[0]?.role).toBe('system');
    expect(body.messages[0]?.content).toContain(JSON.stringify(schema.json));
    expect(body.messages[0]?.content).toMatch(/json/);
  });

  test('asks for plain text without a schema, whatever the mode', async () => {
    const { model, server } = await serve('Yes.', { structured: 'json_object' });
    await model.generate(requestOf({ parts }));
    expect(server.requests[0]?.body).not.toHaveProperty('response_format');
    expect(server.requests[0]?.prompt).not.toMatch(/json/i);
  });

  test('carries nothing that is meant for OpenAI itself', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-openai');
    vi.stubEnv('OPENAI_ADMIN_KEY', 'sk-admin');
    vi.stubEnv('OPENAI_ORG_ID', 'org-1');
    vi.stubEnv('OPENAI_PROJECT_ID', 'proj-1');
    vi.stubEnv('OPENAI_BASE_URL', 'http://127.0.0.1:9');
    vi.stubEnv('OPENAI_CUSTOM_HEADERS', 'x-secret: one');
    const { model, server } = await serve('Yes.');
    await model.generate(requestOf());
    const headers = server.requests[0]?.headers ?? {};
    expect(headers['authorization']).toBe(`Bearer ${key}`);
    expect(JSON.stringify(headers)).not.toMatch(/org-1|proj-1|x-secret|sk-admin|stainless/);
  });
});

test('needs a base URL', () => {
  const config = { ...configOf(vendor, ''), baseUrl: undefined };
  expect(openaiCompatibleProvider(config, limits).unavailable()).toEqual({
    reason: 'providers.deepseek.baseUrl is not set',
    variables: [],
  });
});

test('names the setting where no variable for a key is known', async () => {
  const own = { name: 'mine', keyVariables: [], apiKey: undefined };
  expect(
    openaiCompatibleProvider(configOf(vendor, 'http://127.0.0.1:9', own), limits).unavailable(),
  ).toEqual({ reason: 'providers.mine.apiKeyEnv is not set', variables: [] });
  const { model } = await serve(
    { error: { status: 401, message: 'key?' } },
    { ...own, keyless: true },
  );
  expect((await failureOf(model.generate(requestOf()))).fix).toContain('providers.mine.apiKeyEnv');
});

test.each([
  {
    title: 'OpenAI’s names',
    usage: {
      prompt_tokens: 100,
      completion_tokens: 20,
      total_tokens: 120,
      prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 10 },
      completion_tokens_details: { reasoning_tokens: 5 },
    },
    counts: { input: 100, cachedInput: 60, cacheWrite: 10, output: 20, reasoning: 5 },
  },
  {
    title: 'DeepSeek’s name for cached tokens',
    usage: { prompt_tokens: 100, completion_tokens: 20, prompt_cache_hit_tokens: 64 },
    counts: { input: 100, cachedInput: 64, cacheWrite: 0, output: 20, reasoning: 0 },
  },
  {
    title: 'reasoning beside the completion',
    usage: {
      prompt_tokens: 100,
      completion_tokens: 20,
      total_tokens: 150,
      completion_tokens_details: { reasoning_tokens: 30 },
    },
    counts: { input: 100, cachedInput: 0, cacheWrite: 0, output: 50, reasoning: 30 },
  },
  {
    title: 'nonsense',
    usage: { prompt_tokens: -3, completion_tokens: 'many', prompt_tokens_details: 7 },
    counts: { input: 0, cachedInput: 0, cacheWrite: 0, output: 0, reasoning: 0 },
  },
])('reads usage in $title', ({ usage, counts }) => {
  expect(chatUsage(usage)).toEqual(counts);
});

test('a server that reports no usage, and sends chunks without choices', async () => {
  const { model } = await serve({
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    chunks: [
      frame({ model: 'local' }),
      frame({ choices: [] }),
      frame({ choices: [{ delta: { content: 'Yes.' } }] }),
      frame({ choices: [{ finish_reason: 'stop' }] }),
    ],
  });
  const result = await model.generate(requestOf());
  expect(result).toMatchObject({ text: 'Yes.', servedBy: 'local' });
  expect(result.warnings).toHaveLength(1);
});

const chunks = (...data: object[]): Reply => ({
  status: 200,
  headers: { 'content-type': 'text/event-stream' },
  chunks: data.map((each) => frame(each)),
});
const json = (status: number, body: unknown): Reply => ({
  status,
  headers: { 'content-type': 'application/json' },
  chunks: [JSON.stringify(body)],
});

test.each<{ title: string; reply: Reply; kind: string; rawReply?: string; message?: RegExp }>([
  {
    title: 'DeepSeek without credit',
    reply: json(402, { error: { message: 'Insufficient Balance', type: 'unknown_error' } }),
    kind: 'quota_exhausted',
  },
  {
    title: 'xAI without credit',
    reply: json(403, { error: 'Your team has used all available credits.' }),
    kind: 'quota_exhausted',
  },
  {
    title: 'Groq’s limit for a minute',
    reply: json(429, { error: { type: 'tokens', code: 'rate_limit_exceeded', message: 'TPM' } }),
    kind: 'rate_limit',
  },
  {
    title: 'Groq’s capacity',
    reply: json(498, { error: { message: 'full' } }),
    kind: 'overloaded',
  },
  {
    title: 'Groq’s own check of JSON',
    reply: json(400, {
      error: { code: 'json_validate_failed', message: 'no JSON', failed_generation: '{"a":' },
    }),
    kind: 'malformed',
    rawReply: '{"a":',
  },
  {
    title: 'Ollama without the model',
    reply: json(404, { error: { message: 'model "x" not found, try pulling it first' } }),
    kind: 'unavailable',
    message: /try pulling it/,
  },
  {
    title: 'an unknown model as a 400',
    reply: json(400, { error: 'Model not found: grok-9' }),
    kind: 'unavailable',
  },
  {
    title: 'a body in a shape of its own',
    reply: json(422, { detail: 'response_format is unknown' }),
    kind: 'bad_request',
    message: /response_format is unknown/,
  },
  {
    title: 'vLLM’s words for too long',
    reply: json(400, {
      object: 'error',
      message: "This model's maximum context length is 8192 tokens.",
      code: 400,
    }),
    kind: 'context_too_long',
  },
  {
    title: 'OpenRouter’s error with status 200',
    reply: json(200, { error: { code: 429, message: 'Provider returned error' } }),
    kind: 'rate_limit',
  },
  {
    title: 'OpenRouter’s error without a code that is known',
    reply: json(200, { error: { code: 'odd', message: 'odd' } }),
    kind: 'unavailable',
  },
  {
    title: 'an error in the middle of a stream',
    reply: chunks(
      { choices: [{ delta: { content: 'half' } }] },
      { error: { code: 502, message: 'upstream' } },
    ),
    kind: 'overloaded',
    rawReply: 'half',
  },
  {
    title: 'a finish reason that is an error',
    reply: chunks(
      { choices: [{ delta: { content: 'half' } }] },
      { choices: [{ delta: {}, finish_reason: 'insufficient_system_resource' }] },
    ),
    kind: 'overloaded',
    rawReply: 'half',
  },
  {
    title: 'a refusal beside the text',
    reply: chunks(
      { choices: [{ delta: { refusal: 'I will not.' } }] },
      { choices: [{ delta: {}, finish_reason: 'stop' }] },
    ),
    kind: 'refused',
    message: /I will not\./,
  },
])('$title → $kind', async ({ reply, kind, rawReply, message }) => {
  const { model } = await serve(reply);
  const failure = await failureOf(model.generate(requestOf()));
  expect(failure.kind).toBe(kind);
  if (rawReply !== undefined) expect(failure.rawReply).toBe(rawReply);
  if (message !== undefined) expect(failure.message).toMatch(message);
});
