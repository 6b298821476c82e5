import { afterEach, expect, test } from 'vitest';
import type { LanguageModel } from '../../../src/models/language-model.ts';
import { openaiProvider } from '../../../src/models/providers/openai.ts';
import { startOpenAiServer } from '../../helpers/loopback/openai-server.ts';
import type { LoopbackServer, Reply } from '../../helpers/loopback/server.ts';
import { configOf, failureOf, key, limits, requestOf } from './vendors.ts';

const vendor = { name: 'openai', kind: 'openai', variable: 'OPENAI_API_KEY' } as const;
let server: LoopbackServer;
afterEach(() => server.close());

async function serve(reply: Reply, model = 'gpt-5.6-sol'): Promise<LanguageModel> {
  server = await startOpenAiServer(() => reply);
  return openaiProvider(configOf(vendor, server.url), limits).model(model);
}

test('asks Responses for a strict schema, and for nothing to be stored', async () => {
  const model = await serve('{}');
  await model.generate(
    requestOf({
      effort: 'medium',
      schema: { name: 'plan', json: { type: 'object' } },
      parts: [
        { role: 'system', name: 'rules', text: 'Rules.' },
        { role: 'user', name: 'context', text: 'Context.', cache: true },
        { role: 'user', name: 'task', text: 'Task.' },
        { role: 'assistant', name: 'reply', text: 'No.' },
        { role: 'assistant', name: 'reply', text: 'Or yes.' },
        { role: 'user', name: 'faults', text: 'Again.' },
      ],
    }),
  );
  const [request] = server.requests;
  expect(request?.path).toBe('/v1/responses');
  expect(request?.headers).toMatchObject({
    authorization: `Bearer ${key}`,
    'x-stainless-retry-count': '0',
  });
  const text = (words: string): object => ({ type: 'input_text', text: words });
  const marked = (words: string): object => ({
    ...text(words),
    prompt_cache_breakpoint: { mode: 'explicit' },
  });
  expect(request?.body).toEqual({
    model: 'gpt-5.6-sol',
    stream: true,
    store: false,
    max_output_tokens: 1000,
    input: [
      { type: 'message', role: 'developer', content: [text('Rules.')] },
      { type: 'message', role: 'user', content: [marked('Context.'), text('Task.')] },
      { type: 'message', role: 'assistant', content: 'No.\n\nOr yes.' },
      { type: 'message', role: 'user', content: [text('Again.')] },
    ],
    reasoning: { effort: 'medium' },
    text: {
      format: { type: 'json_schema', name: 'plan', strict: true, schema: { type: 'object' } },
    },
  });
});

test.each([
  ['gpt-5.4', 0],
  ['o3', 0],
  ['gpt-5.6-luna', 3],
  ['gpt-6', 3],
])('%s is given %i cache marks of five', async (id, marks) => {
  const model = await serve('Yes.', id);
  const parts = Array.from({ length: 5 }, () => {
    return { role: 'user' as const, name: 'part', text: 'Part.', cache: true };
  });
  await model.generate(requestOf({ parts }));
  const sent = JSON.stringify(server.requests[0]?.body).split('prompt_cache_breakpoint');
  expect(sent).toHaveLength(marks + 1);
});

test.each([
  ['gpt-4.1', false],
  ['gpt-5.1-chat-latest', false],
  ['gpt-5', true],
  ['o3', true],
])('%s is told the effort: %s', async (id, told) => {
  const model = await serve('Yes.', id);
  await model.generate(requestOf({ effort: 'low' }));
  expect(server.requests[0]?.body['reasoning']).toEqual(told ? { effort: 'low' } : undefined);
});

test('reads usage, family and finish', async () => {
  const usage = { input: 1000, cachedInput: 700, cacheWrite: 200, output: 50, reasoning: 30 };
  const model = await serve({ text: 'Yes.', usage });
  const result = await model.generate(requestOf());
  expect(result).toMatchObject({ usage, rawFinishReason: 'completed', finishReason: 'stop' });
  expect(result.identity.family).toBe('gpt');
});

test('a reply without usage is estimated, and says so', async () => {
  const model = await serve({
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    chunks: [
      'data: {"type":"response.output_text.delta","delta":"Yes, certainly."}\n\n',
      'data: {"type":"response.completed","response":{"status":"completed","model":"m"}}\n\n',
    ],
  });
  const result = await model.generate(requestOf());
  expect(result.usage.input).toBeGreaterThan(0);
  expect(result.usage.output).toBeGreaterThan(0);
  expect(result.warnings).toEqual([expect.stringContaining('estimated')]);
});

test('a refusal is not the reply', async () => {
  const model = await serve({ text: 'I cannot help with that.', finish: 'refusal' });
  const deltas: string[] = [];
  const failure = await failureOf(
    model.generate(requestOf({ onText: (delta) => deltas.push(delta) })),
  );
  expect(failure.kind).toBe('refused');
  expect(failure.message).toContain('I cannot help with that.');
  expect(deltas).toEqual([]);
});

const failed = (code: string): Reply => ({
  status: 200,
  headers: { 'content-type': 'text/event-stream' },
  chunks: [
    `event: response.failed\ndata: ${JSON.stringify({
      type: 'response.failed',
      response: { status: 'failed', model: 'm', error: { code, message: 'It failed.' } },
    })}\n\n`,
  ],
});

test.each<{ title: string; reply: Reply; kind: string; retryAfterMs?: number }>([
  {
    title: 'exhausted quota',
    reply: {
      error: {
        status: 429,
        type: 'insufficient_quota',
        code: 'insufficient_quota',
        message: 'You exceeded your current quota, please check your plan and billing details.',
      },
    },
    kind: 'quota_exhausted',
  },
  {
    title: 'a rate limit with a wait',
    reply: {
      error: {
        status: 429,
        type: 'tokens',
        code: 'rate_limit_exceeded',
        message: 'Rate limit reached',
        headers: { 'retry-after-ms': '1500', 'retry-after': '2' },
      },
    },
    kind: 'rate_limit',
    retryAfterMs: 1500,
  },
  {
    title: 'a wait until a date',
    reply: {
      error: {
        status: 503,
        message: 'busy',
        headers: {
          date: 'Wed, 21 Oct 2026 07:28:00 GMT',
          'retry-after': 'Wed, 21 Oct 2026 07:28:09 GMT',
        },
      },
    },
    kind: 'overloaded',
    retryAfterMs: 9000,
  },
  {
    title: 'too long',
    reply: { error: { status: 400, code: 'context_length_exceeded', message: 'too many' } },
    kind: 'context_too_long',
  },
  {
    title: 'an unknown model',
    reply: { error: { status: 404, code: 'model_not_found', message: 'no such model' } },
    kind: 'unavailable',
  },
  {
    title: 'a prompt against the rules',
    reply: { error: { status: 400, code: 'invalid_prompt', message: 'flagged' } },
    kind: 'refused',
  },
  { title: 'a reply that failed', reply: failed('server_error'), kind: 'overloaded' },
  { title: 'a limit in the stream', reply: failed('rate_limit_exceeded'), kind: 'rate_limit' },
  { title: 'a policy in the stream', reply: failed('bio_policy'), kind: 'refused' },
  {
    title: 'an error object with status 200',
    reply: {
      status: 200,
      headers: { 'content-type': 'application/json' },
      chunks: ['{"error":{"code":"invalid_api_key","message":"no"}}'],
    },
    kind: 'auth',
  },
])('$title → $kind', async ({ reply, kind, retryAfterMs }) => {
  const model = await serve(reply);
  const failure = await failureOf(model.generate(requestOf()));
  expect(failure.kind).toBe(kind);
  expect(failure.retryAfterMs).toBe(retryAfterMs);
});
