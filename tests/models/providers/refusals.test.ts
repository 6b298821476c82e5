import { afterEach, describe, expect, test } from 'vitest';
import type { ResolvedProvider } from '../../../src/config/resolved-config.ts';
import type { ModelRequest } from '../../../src/models/language-model.ts';
import type { LoopbackServer, ReceivedRequest, Reply } from '../../helpers/loopback/server.ts';
import { startJsonServer } from '../../helpers/loopback/json-server.ts';
import { configOf, failureOf, limits, requestOf, vendors } from './vendors.ts';

const servers: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const schema = { name: 'plan', json: { type: 'object', properties: {}, required: [] } };
const vendorOf = (name: string) => {
  const vendor = vendors.find((each) => each.name === name);
  if (vendor === undefined) throw new Error(name);
  return vendor;
};

type Body = Record<string, unknown>;

async function serve(
  name: string,
  refuse: (body: Body, request: ReceivedRequest) => Reply | null,
  changes: Partial<ResolvedProvider> = {},
) {
  const vendor = vendorOf(name);
  const server: LoopbackServer = await vendor.start(
    (request) => refuse(request.body, request) ?? { json: { fine: true } },
  );
  servers.push(server);
  const provider = vendor.provider(configOf(vendor, server.url, changes), limits);
  const ask = (request: Partial<ModelRequest> = {}, model = vendor.model) =>
    provider.model(model).generate(requestOf({ maxOutputTokens: 32_000, ...request }));
  return { server, ask };
}

const json = (status: number, body: unknown): Reply => ({
  status,
  headers: { 'content-type': 'application/json' },
  chunks: [JSON.stringify(body)],
});
const refusal = (message: unknown, more: object = {}, status = 400): Reply =>
  json(status, { error: { message, type: 'invalid_request_error', ...more } });

interface Case {
  readonly title: string;
  readonly refuse: (body: Body) => Reply | null;
  readonly request?: Partial<ModelRequest>;
  /** Of the second request. */
  readonly then: (body: Body) => unknown;
  readonly toEqual: unknown;
}

const system = (body: Body): boolean =>
  (body['messages'] as { role: string }[]).some(({ role }) => role === 'system');
const limitOf = (body: Body): unknown => body['max_tokens'];

const cases: readonly Case[] = [
  {
    title: 'stream_options as an extra input of FastAPI',
    refuse: (body) =>
      'stream_options' in body
        ? json(422, {
            object: 'error',
            message: {
              detail: [
                {
                  type: 'extra_forbidden',
                  loc: ['body', 'stream_options', 'include_usage'],
                  msg: 'Extra inputs are not permitted',
                },
              ],
            },
          })
        : null,
    then: (body) => 'stream_options' in body,
    toEqual: false,
  },
  {
    title: 'stream_options in the shape of Databricks',
    refuse: (body) =>
      'stream_options' in body
        ? json(400, {
            error_code: 'BAD_REQUEST',
            message: '{"message":"stream_options: Extra inputs are not permitted"}',
          })
        : null,
    then: (body) => 'stream_options' in body,
    toEqual: false,
  },
  {
    title: 'stream_options as a list of details',
    refuse: (body) =>
      'stream_options' in body
        ? json(422, {
            detail: [{ loc: ['body', 'stream_options'], msg: 'Extra inputs are not permitted' }],
          })
        : null,
    then: (body) => 'stream_options' in body,
    toEqual: false,
  },
  {
    title: 'max_tokens where max_completion_tokens is meant',
    refuse: (body) =>
      'max_tokens' in body
        ? refusal(
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            { param: 'max_tokens', code: 'unsupported_parameter' },
          )
        : null,
    then: (body) => [limitOf(body), body['max_completion_tokens']],
    toEqual: [undefined, 32_000],
  },
  {
    title: 'max_tokens altogether',
    refuse: (body) =>
      'max_tokens' in body ? refusal('Unrecognized request argument: max_tokens') : null,
    then: (body) => [limitOf(body), body['max_completion_tokens']],
    toEqual: [undefined, undefined],
  },
  ...[
    'Invalid max_tokens value, the valid range of max_tokens is [1, 8192]',
    '`max_tokens` must be less than or equal to `8192`, the maximum value for `max_tokens`',
    'max_tokens is too large: 32000. This model supports at most 8192 completion tokens, whereas you provided 32000.',
    'max_tokens: 32000 > 8192, which is the maximum allowed number of output tokens',
    'Unable to submit request because it has a maxOutputTokens value of 32000 but the supported range is from 1 (inclusive) to 8193 (exclusive)',
  ].map((message, index) => ({
    title: `max_tokens above the limit, in words ${index + 1}`,
    refuse: (body: Body) => (Number(limitOf(body)) > 8192 ? refusal(message) : null),
    then: limitOf,
    toEqual: 8192,
  })),
  {
    title: 'max_tokens above what the context leaves',
    refuse: (body) =>
      Number(limitOf(body)) > 16_074
        ? json(400, {
            object: 'error',
            message:
              "This model's maximum context length is 16384 tokens. However, you requested 32310 tokens (310 in the messages, 32000 in the completion). Please reduce the length of the messages or completion.",
            code: 400,
          })
        : null,
    then: limitOf,
    toEqual: 16_058,
  },
  ...[
    'System role not supported',
    'messages[0].role: system is not an allowed role',
    'Only user and assistant roles are supported!',
    'Conversation roles must alternate user/assistant/user/assistant/...',
    'Developer instruction is not enabled for this model',
  ].map((message) => ({
    title: `a system message: ${message}`,
    refuse: (body: Body) => (system(body) ? json(400, { object: 'error', message }) : null),
    then: (body: Body) => (body['messages'] as { role: string; content: string }[])[0],
    toEqual: { role: 'user', content: 'You write code.\n\nWrite it.' },
  })),
  ...[
    "'response_format.type' must be 'text'",
    'json_schema is not supported by this model',
    'Unknown field: response_format',
    'This response_format type is unavailable now',
    'Structured output is not available on this server',
  ].map((message) => ({
    title: `response_format: ${message}`,
    refuse: (body: Body) => ('response_format' in body ? refusal(message) : null),
    request: { schema },
    then: (body: Body) => [
      'response_format' in body,
      JSON.stringify(body['messages']).includes('JSON Schema'),
    ],
    toEqual: [false, true],
  })),
  {
    title: 'a schema, where JSON is known',
    refuse: (body) =>
      JSON.stringify(body['response_format'] ?? '').includes('json_schema')
        ? refusal("response_format.type must be one of 'text', 'json_object'")
        : null,
    request: { schema },
    then: (body) => body['response_format'],
    toEqual: { type: 'json_object' },
  },
];

describe('a chat server', () => {
  test.each(cases)('that refuses $title is asked once more, and not so again', async (one) => {
    const { server, ask } = await serve('groq', one.refuse);
    const result = await ask(one.request);
    expect(JSON.parse(result.text)).toEqual({ fine: true });
    expect(server.requests).toHaveLength(2);
    expect(one.then(server.requests[1]?.body ?? {})).toEqual(one.toEqual);
    // A limit that depends on the prompt is not kept.
    if (one.title.includes('context')) return;
    await ask(one.request);
    expect(server.requests).toHaveLength(3);
  });

  test('what the server refuses whichever model answers is remembered for all', async () => {
    const { server, ask } = await serve('groq', (body) =>
      'stream_options' in body ? refusal('stream_options: unknown') : null,
    );
    await ask();
    await ask({}, 'another');
    expect(server.requests).toHaveLength(3);
  });

  test('several refusals, one after the other', async () => {
    const { server, ask } = await serve('groq', (body) => {
      if ('stream_options' in body) return refusal('stream_options: extra input');
      if ('max_tokens' in body) return refusal('max_tokens: use max_completion_tokens');
      return system(body) ? refusal('system role is not supported') : null;
    });
    await ask();
    expect(server.requests).toHaveLength(4);
  });

  test.each([
    ['what is said without a name', 'Bad request', /model's id/],
    ['a refusal that stays', 'stream_options: no', /compat\.streamOptions/],
    ['a limit that stays', 'max_tokens is wrong', /maxOutputTokens/],
    ['a system message that stays', 'system role: no', /compat\.system/],
  ])('%s is an error with the advice for it', async (_title, message, advice) => {
    const { ask, server } = await serve('groq', () => refusal(message));
    const failure = await failureOf(ask());
    expect(failure).toMatchObject({ kind: 'bad_request' });
    expect(failure.fix).toMatch(advice);
    expect(failure.fix).not.toMatch(/structured/);
    expect(server.requests.length).toBeLessThan(3);
  });

  test('a prompt that is too long is no question of the limit on output', async () => {
    const message =
      "This model's maximum context length is 8192 tokens. However, you requested 40100 tokens (8100 in the messages, 32000 in the completion).";
    const { ask, server } = await serve('groq', () => refusal(message));
    expect((await failureOf(ask())).kind).toBe('context_too_long');
    expect(server.requests).toHaveLength(1);
  });

  test('compat says so by hand', async () => {
    const compat = {
      streamOptions: false,
      maxTokens: 'max_completion_tokens',
      system: false,
    } as const;
    const { ask, server } = await serve('groq', () => null, { compat });
    await ask();
    const body = server.requests[0]?.body ?? {};
    expect(body).not.toHaveProperty('stream_options');
    expect(body).toMatchObject({ max_completion_tokens: 32_000 });
    expect(system(body)).toBe(false);
  });
});

describe('other vendors', () => {
  test.each([
    ['anthropic', 'output_config: Extra inputs are not permitted', 'output_config'],
    ['openai', "Unknown parameter: 'text.format'.", 'text'],
    [
      'google',
      'Invalid JSON payload received. Unknown name "responseJsonSchema"',
      'responseJsonSchema',
    ],
  ])(
    '%s that refuses a schema is asked in words, and not so again',
    async (name, message, field) => {
      const { ask, server } = await serve(name, (body) =>
        JSON.stringify(body).includes(`"${field}":{`) ? refusal(message) : null,
      );
      await ask({ schema, effort: 'high' });
      await ask({ schema, effort: 'high' });
      expect(server.requests).toHaveLength(3);
      expect(server.requests[2]?.prompt).toContain('JSON Schema');
    },
  );

  test.each([
    ['openai', 'reasoning.effort is not supported', 'reasoning'],
    ['google', 'Thinking level is not supported for this model', 'thinkingConfig'],
  ])('%s that refuses an effort is asked without', async (name, message, field) => {
    const { ask, server } = await serve(name, (body) =>
      JSON.stringify(body).includes(`"${field}"`) ? refusal(message) : null,
    );
    await ask({ effort: 'high' });
    await ask({ effort: 'high' });
    expect(server.requests).toHaveLength(3);
  });

  test.each(
    vendors.flatMap(({ name }) =>
      (['none', 'json_object'] as const).map((mode) => [name, mode] as const),
    ),
  )('%s obeys structured: %s', async (name, structured) => {
    const { ask, server } = await serve(name, () => null, { structured });
    await ask({ schema });
    expect(server.requests[0]?.schema).toBeNull();
    expect(server.requests[0]?.prompt).toContain(JSON.stringify(schema.json));
    const body = JSON.stringify(server.requests[0]?.body);
    const says = /"type":"json_object"|"responseMimeType":"application\/json"/.test(body);
    expect(says).toBe(structured === 'json_object' && name !== 'anthropic');
  });

  test.each([404, 405])(
    'an address without /responses (%i) is asked for chat completions',
    async (status) => {
      const server = await startJsonServer(({ path }) =>
        path.endsWith('/chat/completions')
          ? {
              body: {
                model: 'm',
                choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }],
              },
            }
          : { status, body: 'Not Found' },
      );
      servers.push(server);
      const vendor = vendorOf('openai');
      const provider = vendor.provider(configOf(vendor, `${server.url}/v1`), limits);
      expect((await provider.model('m').generate(requestOf())).text).toBe('Hello');
      expect((await provider.model('other').generate(requestOf())).text).toBe('Hello');
      expect(server.requests.map(({ path }) => path)).toEqual([
        '/v1/responses',
        '/v1/chat/completions',
        '/v1/chat/completions',
      ]);
    },
  );

  test('a model that is not there stays one', async () => {
    const { ask } = await serve('openai', () => json(404, { error: { message: 'model: nope' } }));
    expect(await failureOf(ask())).toMatchObject({ kind: 'unavailable', status: 404 });
  });
});

describe('a base URL without a version', () => {
  const nothing = json(404, { error: 'no such path' });
  // The server itself answers other paths with 404, and keeps no account of them.
  const root = (url: string) => ({ baseUrl: new URL('/', url).href });

  test.each(['groq', 'openai'])('%s: asked below /v1, once and from then on', async (name) => {
    const vendor = vendorOf(name);
    const server: LoopbackServer = await vendor.start(() => ({ json: { fine: true } }));
    servers.push(server);
    const provider = vendor.provider(configOf(vendor, server.url, root(server.url)), limits);
    const ask = () => provider.model(vendor.model).generate(requestOf());
    const { warnings } = await ask();
    expect(warnings).toEqual([
      expect.stringMatching(/answers below \/v1: set providers\..*baseUrl to .*\/v1\.$/),
    ]);
    await ask();
    expect(server.requests).toHaveLength(2);
  });

  test('where there is nothing either, the first fault is told', async () => {
    const vendor = vendorOf('groq');
    const server: LoopbackServer = await vendor.start(() => nothing);
    servers.push(server);
    const provider = vendor.provider(configOf(vendor, server.url, root(server.url)), limits);
    const { fix } = await failureOf(provider.model(vendor.model).generate(requestOf()));
    expect(fix).toContain('as a rule it ends in a version');
    expect(server.requests).toHaveLength(1);
  });
});
