import { afterEach, describe, expect, test } from 'vitest';
import { noUsage } from '../../../src/domain/usage.ts';
import type { LanguageModel, MessagePart } from '../../../src/models/language-model.ts';
import { anthropicProvider, anthropicUsage } from '../../../src/models/providers/anthropic.ts';
import { startAnthropicServer } from '../../helpers/loopback/anthropic-server.ts';
import type { LoopbackServer, Reply } from '../../helpers/loopback/server.ts';
import { configOf, failureOf, key, limits, requestOf } from './vendors.ts';

const vendor = { name: 'anthropic', kind: 'anthropic', variable: 'ANTHROPIC_API_KEY' } as const;
let server: LoopbackServer;
afterEach(() => server.close());

async function serve(reply: Reply, model = 'claude-opus-5-5'): Promise<LanguageModel> {
  server = await startAnthropicServer(() => reply);
  return anthropicProvider(configOf(vendor, `${server.url}/v1/`), limits).model(model);
}

describe('the request', () => {
  test('is a streamed Messages call with key, schema, effort and cached parts', async () => {
    const model = await serve('{}');
    await model.generate(
      requestOf({
        effort: 'high',
        schema: { name: 'plan', json: { type: 'object' } },
        parts: [
          { role: 'system', name: 'rules', text: 'Rules.' },
          { role: 'system', name: 'spec', text: 'Spec.', cache: true },
          { role: 'user', name: 'context', text: 'Context.', cache: true },
          { role: 'user', name: 'task', text: 'Task.' },
          { role: 'assistant', name: 'reply', text: 'No.' },
          { role: 'user', name: 'faults', text: 'Again.' },
        ],
      }),
    );
    const [request] = server.requests;
    expect(request?.path).toBe('/v1/messages');
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${key}`,
      'anthropic-version': expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      'x-stainless-retry-count': '0',
    });
    const cache_control = { type: 'ephemeral' };
    expect(request?.body).toEqual({
      model: 'claude-opus-5-5',
      max_tokens: 1000,
      stream: true,
      system: [
        { type: 'text', text: 'Rules.' },
        { type: 'text', text: 'Spec.', cache_control },
      ],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Context.', cache_control },
            { type: 'text', text: 'Task.' },
          ],
        },
        { role: 'assistant', content: [{ type: 'text', text: 'No.' }] },
        { role: 'user', content: [{ type: 'text', text: 'Again.' }] },
      ],
      output_config: {
        effort: 'high',
        format: { type: 'json_schema', schema: { type: 'object' } },
      },
    });
  });

  test('marks at most four cache points: the first and the latest', async () => {
    const model = await serve('Yes.');
    const parts = Array.from({ length: 6 }, (_, index): MessagePart => {
      return { role: index < 2 ? 'system' : 'user', name: 'part', text: `${index}`, cache: true };
    });
    await model.generate(requestOf({ parts }));
    const marked = [
      ...JSON.stringify(server.requests[0]?.body).matchAll(/"(\d)","cache_control"/g),
    ];
    expect(marked.map((match) => match[1])).toEqual(['0', '3', '4', '5']);
  });

  test.each([
    ['claude-haiku-4-5', false],
    ['claude-sonnet-4-5', false],
    ['claude-opus-4-1', false],
    ['claude-opus-4-20250514', false],
    ['claude-3-5-haiku-latest', false],
    ['claude-opus-4-5', true],
    ['claude-sonnet-4-6', true],
    ['claude-haiku-5-5', true],
  ])('%s is told the effort: %s', async (id, told) => {
    const model = await serve('Yes.', id);
    await model.generate(requestOf({ effort: 'low' }));
    expect(server.requests[0]?.body['output_config']).toEqual(told ? { effort: 'low' } : undefined);
  });
});

test('input holds what was read from and written to the cache', async () => {
  const usage = { input: 1000, cachedInput: 700, cacheWrite: 200, output: 50, reasoning: 30 };
  const model = await serve({ text: 'Yes.', usage });
  const result = await model.generate(requestOf());
  expect(result.usage).toEqual(usage);
  expect(result.rawFinishReason).toBe('end_turn');
  expect(result.identity.family).toBe('claude');
  expect(anthropicUsage({})).toEqual(noUsage);
});

test('a refusal carries its explanation and its text', async () => {
  const model = await serve({ text: 'I wi', finish: 'refusal' });
  const failure = await failureOf(model.generate(requestOf()));
  expect(failure).toMatchObject({ kind: 'refused', rawReply: 'I wi' });
  expect(failure.message).toContain('Not this one.');
});

const named = (status: number, type: string, message: string, more = {}): Reply => ({
  error: { status, type, message, ...more },
});

test.each<{ title: string; reply: Reply; kind: string; retryAfterMs?: number }>([
  {
    title: 'no credit, as a 400',
    reply: named(
      400,
      'invalid_request_error',
      'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing.',
    ),
    kind: 'quota_exhausted',
  },
  { title: 'billing', reply: named(402, 'billing_error', 'pay'), kind: 'quota_exhausted' },
  {
    title: 'too large',
    reply: named(413, 'request_too_large', 'Request exceeds the maximum size'),
    kind: 'context_too_long',
  },
  {
    title: 'rate limit with a wait',
    reply: named(429, 'rate_limit_error', 'slow', { headers: { 'retry-after': '7' } }),
    kind: 'rate_limit',
    retryAfterMs: 7000,
  },
  {
    title: 'overload with an exact wait',
    reply: named(529, 'overloaded_error', 'busy', {
      headers: { 'retry-after-ms': '250', 'retry-after': '1' },
    }),
    kind: 'overloaded',
    retryAfterMs: 250,
  },
  {
    title: 'overload in the stream',
    reply: named(529, 'overloaded_error', 'busy', { inStream: true }),
    kind: 'overloaded',
  },
  {
    title: 'a rate limit in the stream',
    reply: named(429, 'rate_limit_error', 'slow', { inStream: true }),
    kind: 'rate_limit',
  },
  {
    title: 'an error object with status 200',
    reply: {
      status: 200,
      headers: { 'content-type': 'application/json' },
      chunks: ['{"type":"error","error":{"type":"authentication_error","message":"no"}}'],
    },
    kind: 'auth',
  },
  {
    title: 'a whole reply instead of a stream',
    reply: {
      status: 200,
      headers: { 'content-type': 'application/json' },
      chunks: ['{"type":"message","content":[]}'],
    },
    kind: 'malformed',
  },
])('$title → $kind', async ({ reply, kind, retryAfterMs }) => {
  const model = await serve(reply);
  const failure = await failureOf(model.generate(requestOf()));
  expect(failure.kind).toBe(kind);
  expect(failure.retryAfterMs).toBe(retryAfterMs);
});

test('a context that filled up in the middle → context_too_long', async () => {
  const model = await serve({
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    chunks: [
      'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"model_context_window_exceeded"},"usage":{"output_tokens":9}}\n\n',
      'event: message_stop\ndata: {"type":"message_stop"}\n\n',
    ],
  });
  expect((await failureOf(model.generate(requestOf()))).kind).toBe('context_too_long');
});

test('a model that is to end disturbs no screen', async () => {
  const said: unknown[][] = [];
  const usual = console.warn;
  console.warn = (...words) => void said.push(words);
  try {
    const model = await serve('Yes.', 'claude-sonnet-4-5');
    expect((await model.generate(requestOf())).text).toBe('Yes.');
  } finally {
    console.warn = usual;
  }
  expect(said).toEqual([]);
});
