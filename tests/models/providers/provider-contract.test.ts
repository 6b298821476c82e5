import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { ResolvedProvider } from '../../../src/config/resolved-config.ts';
import type { ModelErrorKind } from '../../../src/domain/model-error.ts';
import type { LanguageModel } from '../../../src/models/language-model.ts';
import type {
  ErrorReply,
  ExactReply,
  LoopbackServer,
  Reply,
} from '../../helpers/loopback/server.ts';
import { configOf, failureOf, interruptionOf, key, limits, requestOf, vendors } from './vendors.ts';

const html = `<html><body><h1>Bad gateway</h1>${'<p>nginx</p>'.repeat(500)}</body></html>`;
const sse = { 'content-type': 'text/event-stream' };

interface FaultCase {
  readonly title: string;
  readonly reply: Reply;
  readonly kind: ModelErrorKind;
  readonly status?: number;
  readonly rawReply?: string;
  readonly message?: RegExp;
}

const error = (
  status: number,
  message: string,
  more: Partial<ErrorReply['error']> = {},
): Reply => ({
  error: { status, message, ...more },
});
const exact = (status: number, chunks: string[], headers: Record<string, string>): ExactReply => ({
  status,
  chunks,
  headers,
});

/** Faults that look alike whoever answers; what a vendor says in its own way is in the vendor's test. */
const faults: readonly FaultCase[] = [
  { title: '401', reply: error(401, 'bad key'), kind: 'auth', status: 401 },
  { title: '403', reply: error(403, 'not for you'), kind: 'auth', status: 403 },
  { title: '404', reply: error(404, 'model: nope'), kind: 'unavailable', status: 404 },
  { title: '400', reply: error(400, 'tools: bad'), kind: 'bad_request', status: 400 },
  {
    title: '400 too long, in words alone',
    reply: error(400, 'prompt is too long: 300000 tokens > 200000 maximum'),
    kind: 'context_too_long',
    status: 400,
  },
  { title: '413', reply: error(413, 'too large'), kind: 'context_too_long', status: 413 },
  { title: '402', reply: error(402, 'Insufficient Balance'), kind: 'quota_exhausted', status: 402 },
  { title: '408', reply: error(408, 'slow'), kind: 'timeout', status: 408 },
  { title: '409', reply: error(409, 'conflict'), kind: 'overloaded', status: 409 },
  { title: '429', reply: error(429, 'slow down'), kind: 'rate_limit', status: 429 },
  { title: '500', reply: error(500, 'oops'), kind: 'overloaded', status: 500 },
  { title: '502', reply: error(502, 'oops'), kind: 'overloaded', status: 502 },
  { title: '503', reply: error(503, 'oops'), kind: 'overloaded', status: 503 },
  { title: '529', reply: error(529, 'busy'), kind: 'overloaded', status: 529 },
  {
    title: 'a stream reset in the middle',
    reply: { text: ['half ', 'a reply'], cut: 'reset' },
    kind: 'network',
    rawReply: 'half a reply',
  },
  {
    title: 'a stream closed before its end',
    reply: { text: ['half ', 'a reply'], cut: 'end' },
    kind: 'network',
    rawReply: 'half a reply',
  },
  { title: 'nothing at all', reply: exact(200, [], sse), kind: 'network' },
  { title: 'an empty reply', reply: { text: '' }, kind: 'malformed' },
  {
    title: 'the token limit',
    reply: { text: 'as far as it', finish: 'length' },
    kind: 'truncated',
    rawReply: 'as far as it',
  },
  { title: 'a refusal', reply: { text: 'I cannot.', finish: 'refusal' }, kind: 'refused' },
  {
    title: 'an error in a stream',
    reply: error(503, 'busy', { type: 'overloaded_error', inStream: true }),
    kind: 'overloaded',
    message: /busy/,
  },
];

const servers: LoopbackServer[] = [];
const rejections: unknown[] = [];
const onRejection = (reason: unknown): void => void rejections.push(reason);
process.on('unhandledRejection', onRejection);
afterAll(() => void process.off('unhandledRejection', onRejection));

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  // Rejections are reported when the queue of microtasks is empty.
  await new Promise((resolve) => setImmediate(resolve));
  expect(rejections.splice(0)).toEqual([]);
});

describe.each(vendors)('$name', (vendor) => {
  const serve = async (
    reply: Reply,
    changes: Partial<ResolvedProvider> = {},
  ): Promise<{ server: LoopbackServer; model: LanguageModel }> => {
    const server = await vendor.start(() => reply);
    servers.push(server);
    const config = configOf(vendor, server.url, changes);
    return { server, model: vendor.provider(config, limits).model(vendor.model) };
  };
  const modelAt = (baseUrl: string): LanguageModel =>
    vendor.provider(configOf(vendor, baseUrl), limits).model(vendor.model);

  test('streams text with its usage', async () => {
    const usage = { input: 100, cachedInput: 60, output: 12, reasoning: 4 };
    const { server, model } = await serve({ text: ['Hel', 'lo'], usage, model: 'served-by-this' });
    const deltas: string[] = [];
    let signs = 0;
    const result = await model.generate(
      requestOf({ onText: (delta) => deltas.push(delta), onActivity: () => signs++ }),
    );
    expect(deltas).toEqual(['Hel', 'lo']);
    expect(signs).toBeGreaterThan(deltas.length);
    expect(result).toMatchObject({
      text: 'Hello',
      finishReason: 'stop',
      usage: { ...usage, cacheWrite: 0 },
      servedBy: 'served-by-this',
      warnings: [],
      identity: { ref: { provider: vendor.name, model: vendor.model } },
    });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({ method: 'POST', model: vendor.model });
  });

  test('asks for a schema', async () => {
    const schema = { name: 'plan', json: { type: 'object', properties: {}, required: [] } };
    const { server, model } = await serve({ json: { fine: true } });
    const result = await model.generate(requestOf({ schema }));
    expect(JSON.parse(result.text)).toEqual({ fine: true });
    expect(server.requests[0]?.schema).toEqual(schema.json);
  });

  test.each([
    { title: 'system alone', roles: ['system', 'system'] as const },
    { title: 'one system part', roles: ['system'] as const },
    { title: 'assistant first', roles: ['assistant', 'user'] as const },
    { title: 'assistant last', roles: ['system', 'user', 'assistant'] as const },
    { title: 'neighbours of one role', roles: ['user', 'user', 'assistant', 'user'] as const },
  ])('takes a prompt with $title', async ({ roles }) => {
    const { server, model } = await serve('Yes.');
    const parts = roles.map((role, index) => ({ role, name: 'part', text: `part ${index}` }));
    await model.generate(requestOf({ parts: [...parts, { role: 'user', name: 'b', text: ' ' }] }));
    const prompt = server.requests[0]?.prompt ?? '';
    const places = parts.map((part) => prompt.indexOf(part.text));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  test.each(faults)('$title → $kind', async ({ reply, kind, message, rawReply, ...rest }) => {
    const { server, model } = await serve(reply);
    const failure = await failureOf(model.generate(requestOf()));
    expect(failure.kind).toBe(kind);
    expect(failure.status).toBe(rest.status);
    expect(failure.message).toContain(`${vendor.name}/${vendor.model}`);
    expect(failure.fix).toMatch(/./);
    if (rawReply !== undefined) expect(failure.rawReply).toBe(rawReply);
    if (message !== undefined) expect(failure.message).toMatch(message);
    expect(server.requests).toHaveLength(1);
  });

  test.each(['length', 'refusal'] as const)('what %s cost is not lost', async (finish) => {
    const usage = { input: 100, cachedInput: 60, output: 12, reasoning: 4 };
    const { model } = await serve({ text: 'as far', finish, usage });
    const failure = await failureOf(model.generate(requestOf()));
    expect(failure.usage).toEqual({ ...usage, cacheWrite: 0 });
  });

  test.each([
    ['max_tokens', 'truncated'],
    ['MAX_TOKENS', 'truncated'],
    ['model_length', 'truncated'],
    ['max_output_tokens', 'truncated'],
    ['incomplete', 'truncated'],
    ['pause_turn', 'truncated'],
    ['SAFETY', 'refused'],
    ['recitation', 'refused'],
    ['content_filter', 'refused'],
    ['abort', 'overloaded'],
    ['something_new', 'truncated'],
  ])('the end «%s» is no good one: %s', async (word, kind) => {
    const { model } = await serve({ text: 'as far', word });
    const failure = await failureOf(model.generate(requestOf()));
    expect(failure).toMatchObject({ kind, rawReply: 'as far' });
    expect(failure.message).toContain(word);
  });

  test('an end that nobody knows is taken where the reply is whole JSON, and told', async () => {
    const schema = { name: 'plan', json: { type: 'object', properties: {}, required: [] } };
    const whole = await serve({ text: '{"fine": true}', word: 'something_new' });
    expect((await whole.model.generate(requestOf({ schema }))).warnings).toEqual([
      'The reply ended with «something_new», which is no known end; its JSON is whole.',
    ]);
    const half = await serve({ text: '{"fine": true, "also', word: 'something_new' });
    expect((await failureOf(half.model.generate(requestOf({ schema })))).kind).toBe('truncated');
  });

  test('a stream cut in the middle has cost something, a rejected call nothing', async () => {
    const cut = await serve({ text: ['half ', 'a reply'], cut: 'reset' });
    const { usage } = await failureOf(cut.model.generate(requestOf()));
    expect(usage?.input).toBeGreaterThan(0);
    expect(usage?.output).toBeGreaterThan(0);
    const rejected = await serve(error(500, 'oops'));
    expect((await failureOf(rejected.model.generate(requestOf()))).usage).toBeUndefined();
  });

  test('retry-after is read from the headers', async () => {
    const { model } = await serve(error(429, 'slow', { headers: { 'retry-after': '7' } }));
    expect((await failureOf(model.generate(requestOf()))).retryAfterMs).toBe(7_000);
  });

  test.each([
    { type: 'insufficient_quota', code: 'insufficient_quota', kind: 'quota_exhausted' },
    { type: 'overloaded_error', code: 'overloaded_error', kind: 'overloaded' },
  ])('an error object of status 200, $type → $kind', async ({ type, code, kind }) => {
    const body = JSON.stringify({ error: { type, code, message: 'no' } });
    const { model } = await serve(exact(200, [body], { 'content-type': 'application/json' }));
    const failure = await failureOf(model.generate(requestOf()));
    expect(failure).toMatchObject({ kind, status: undefined });
  });

  test.each([
    { status: 502, kind: 'overloaded', seen: 502 },
    { status: 404, kind: 'unavailable', seen: 404 },
    { status: 200, kind: 'unavailable', seen: undefined },
  ])('a page with status $status → $kind', async ({ status, kind, seen }) => {
    const { model } = await serve(exact(status, [html], { 'content-type': 'text/html' }));
    const failure = await failureOf(model.generate(requestOf()));
    expect(failure.kind).toBe(kind);
    expect(failure.status).toBe(seen);
    expect(failure.message).toContain('<h1>Bad gateway</h1>');
    expect(failure.message.length).toBeLessThan(400);
  });

  test('text that is no stream → unavailable', async () => {
    const { model } = await serve(exact(200, ['It works!'], { 'content-type': 'text/plain' }));
    const failure = await failureOf(model.generate(requestOf()));
    expect(failure.kind).toBe('unavailable');
    expect(failure.message).toContain('It works!');
  });

  test('an event that is not JSON → malformed', async () => {
    const { model } = await serve(exact(200, [vendor.brokenEvent], sse));
    expect((await failureOf(model.generate(requestOf()))).kind).toBe('malformed');
  });

  test('a refused connection → network, with the address to check', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => closed.once('listening', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const url = `http://127.0.0.1:${port}`;
    const failure = await failureOf(modelAt(url).generate(requestOf()));
    expect(failure.kind).toBe('network');
    expect(failure.fix).toContain(`providers.${vendor.name}.baseUrl (now ${url}`);
  });

  test('a wrong key: the fix names the variable, nothing shows the key', async () => {
    const { model } = await serve(error(401, `Incorrect API key provided: ${key}.`));
    const failure = await failureOf(model.generate(requestOf()));
    expect(failure.fix).toContain(vendor.variable);
    const seen: unknown[] = [failure.message, failure.fix, failure.stack, failure.cause];
    expect(`${seen.map(String).join()}${JSON.stringify(failure)}`).not.toContain(key);
  });

  test('a key that no header can hold is not quoted', async () => {
    const { server, model } = await serve('Yes.', { apiKey: `${key}\nx` });
    const failure = await failureOf(model.generate(requestOf()));
    expect(failure.kind).toBe('auth');
    expect(failure.message).not.toContain(key);
    expect(server.requests).toEqual([]);
  });

  test('an abort in the middle of a stream ends the call and its connection', async () => {
    const { server, model } = await serve({ text: ['half'], cut: 'hang' });
    const stop = new AbortController();
    const deltas: string[] = [];
    const onText = (delta: string): void => {
      deltas.push(delta);
      stop.abort();
    };
    await interruptionOf(model.generate(requestOf({ signal: stop.signal, onText })));
    expect(deltas).toEqual(['half']);
    await server.idle();
  });

  test('an abort before the first byte ends the call', async () => {
    const stop = new AbortController();
    const server = await vendor.start(() => {
      stop.abort();
      return { status: 200, headers: sse, chunks: [], end: 'hang' };
    });
    servers.push(server);
    await interruptionOf(modelAt(server.url).generate(requestOf({ signal: stop.signal })));
    await server.idle();
  });

  test('many calls share one signal without a warning, and all end with it', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on('warning', onWarning);
    const stop = new AbortController();
    let waiting = 0;
    const server = await vendor.start(() => {
      if (++waiting === 30) stop.abort();
      return { status: 200, headers: sse, chunks: [], end: 'hang' };
    });
    servers.push(server);
    const model = modelAt(server.url);
    await Promise.all(
      Array.from({ length: 30 }, () =>
        interruptionOf(model.generate(requestOf({ signal: stop.signal }))),
      ),
    );
    await server.idle();
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });

  test('an aborted request is not sent', async () => {
    const { server, model } = await serve('Yes.');
    const aborted = AbortSignal.abort();
    await interruptionOf(model.generate(requestOf({ signal: aborted })));
    expect(server.requests).toEqual([]);
  });

  test('what the caller throws is not taken for a fault of the provider', async () => {
    const { model } = await serve('Yes.');
    const onText = (): void => {
      throw new RangeError('the screen is full');
    };
    await expect(model.generate(requestOf({ onText }))).rejects.toThrow(RangeError);
  });

  test('an empty prompt is not sent', async () => {
    const { server, model } = await serve('Yes.');
    const parts = [{ role: 'user' as const, name: 'blank', text: ' \n' }];
    const failure = await failureOf(model.generate(requestOf({ parts })));
    expect(failure.kind).toBe('bad_request');
    expect(server.requests).toEqual([]);
  });

  test('says what is missing, and calls nothing', async () => {
    const ready = configOf(vendor, 'http://127.0.0.1:9/v1');
    const lacking = { ...ready, apiKey: undefined };
    expect(vendor.provider(ready, limits).unavailable()).toBeNull();
    expect(vendor.provider({ ...lacking, keyless: true }, limits).unavailable()).toBeNull();
    expect(vendor.provider(lacking, limits).unavailable()).toEqual({
      reason: `${vendor.variable} is not set`,
      variables: [vendor.variable],
    });
    const failure = await failureOf(
      vendor.provider(lacking, limits).model(vendor.model).generate(requestOf()),
    );
    expect(failure.kind).toBe('auth');
  });

  test('works without a key where none is asked for', async () => {
    const { server, model } = await serve('Yes.', { apiKey: undefined, keyless: true });
    expect((await model.generate(requestOf())).text).toBe('Yes.');
    const headers = server.requests[0]?.headers ?? {};
    expect(headers['authorization']).toBeUndefined();
    expect(headers['x-api-key']).toBeUndefined();
  });
});
