import { afterEach, describe, expect, test } from 'vitest';
import type { LanguageModel } from '../../../src/models/language-model.ts';
import type { LoopbackServer, Reply } from '../../helpers/loopback/server.ts';
import { configOf, failureOf, limits, requestOf, vendors } from './vendors.ts';

const sse = { 'content-type': 'text/event-stream' };
const servers: LoopbackServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** The bytes of a good stream of a vendor, as its loopback server writes them. */
async function goodStream(vendor: (typeof vendors)[number]): Promise<string> {
  const server = await vendor.start(() => ({ text: ['Hello ', 'wörld 42'] }));
  servers.push(server);
  const original = globalThis.fetch;
  let sent = '';
  globalThis.fetch = async (input, init) => {
    const response = await original(input, init);
    sent = await response.clone().text();
    return response;
  };
  try {
    const model = vendor.provider(configOf(vendor, server.url), limits).model(vendor.model);
    await model.generate(requestOf());
  } finally {
    globalThis.fetch = original;
  }
  return sent;
}

/** The data of its events. */
const dataOf = (stream: string): string[] =>
  [...stream.matchAll(/^data: (.*)$/gm)].map(([, data]) => data ?? '');

describe.each(vendors)('$name', (vendor) => {
  const ask = async (reply: Reply) => {
    const server = await vendor.start(() => reply);
    servers.push(server);
    const model: LanguageModel = vendor
      .provider(configOf(vendor, server.url), limits)
      .model(vendor.model);
    return { server, call: model.generate(requestOf()) };
  };
  const bytes = (chunks: readonly string[], type: string | null = sse['content-type']): Reply => ({
    status: 200,
    headers: type === null ? {} : { 'content-type': type },
    chunks,
  });

  const forms: readonly [string, (stream: string) => Reply][] = [
    ['CRLF line ends', (stream) => bytes([stream.replaceAll('\n', '\r\n')])],
    ['CR line ends', (stream) => bytes([stream.replaceAll('\n', '\r')])],
    ['no blank after the colon', (stream) => bytes([stream.replaceAll('data: ', 'data:')])],
    ['comments', (stream) => bytes([`: hello\n\n${stream.replaceAll('\n\n', '\n\n: ping\n\n')}`])],
    ['a comment within an event', (stream) => bytes([stream.replaceAll('data: ', ': x\ndata: ')])],
    [
      'ids and retries',
      (stream) => bytes([stream.replaceAll('data: ', 'id: 7\nretry: 9\ndata: ')]),
    ],
    ['no blank line at the end', (stream) => bytes([stream.trimEnd()])],
    ['a byte order mark', (stream) => bytes([`\ufeff${stream}`])],
    [
      'blank lines before and between',
      (stream) => bytes([`\n\n${stream.replaceAll('\n\n', '\n\n\n\n')}`]),
    ],
    ['no names of events', (stream) => bytes([stream.replaceAll(/^event: .*\n/gm, '')])],
    [
      'one name for all events',
      (stream) =>
        bytes([
          dataOf(stream)
            .map((data) => `event: message\ndata: ${data}\n\n`)
            .join(''),
        ]),
    ],
    [
      'data over several lines',
      (stream) =>
        bytes([
          dataOf(stream)
            .map((data) => {
              const lines = data.startsWith('{')
                ? JSON.stringify(JSON.parse(data), null, 1).split('\n')
                : [data];
              return `${lines.map((line) => `data: ${line}`).join('\n')}\n\n`;
            })
            .join(''),
        ]),
    ],
    ['pieces of one byte', (stream) => bytes([...stream.replaceAll('\n', '\r\n')])],
    ['a type of JSON', (stream) => bytes([stream], 'application/json')],
    ['a type of text', (stream) => bytes([stream], 'text/plain')],
    ['no type', (stream) => bytes([stream], null)],
    ['an end that is said', (stream) => bytes([`${stream}data: [DONE]\n\n`])],
    [
      'a line for each event, and nothing else',
      (stream) =>
        bytes([
          dataOf(stream)
            .filter((data) => data !== '[DONE]')
            .map((data) => `${data}\n`)
            .join(''),
        ]),
    ],
  ];
  test.each(forms)('a stream with %s is whole', async (_title, form) => {
    const stream = await goodStream(vendor);
    const { server, call } = await ask(form(stream));
    const result = await call;
    expect(result.text).toBe('Hello wörld 42');
    expect(result.usage).toMatchObject({ input: 20, output: 5 });
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    ['null', 'null'],
    ['a number', '42'],
    ['a text', '"words"'],
    ['a yes', 'true'],
    ['a list', '[1]'],
    ['an object without fields', '{}'],
    ['half an object', '{"a": '],
  ])('an event that is %s is a malformed reply', async (_title, data) => {
    const { call } = await ask(bytes([`data: ${data}\n\n`]));
    expect((await failureOf(call)).kind).toBe('malformed');
    const stream = await goodStream(vendor);
    const [first = '', ...rest] = stream.split('\n\n');
    const among = await ask(bytes([`${first}\n\ndata: ${data}\n\n${rest.join('\n\n')}`]));
    expect((await failureOf(among.call)).kind).toBe('malformed');
  });

  test('a stream that breaks off within an event is one that broke', async () => {
    const stream = await goodStream(vendor);
    const at = stream.lastIndexOf('42');
    const { call } = await ask(bytes([stream.slice(0, at)]));
    expect((await failureOf(call)).kind).toBe('network');
  });
});

const strange: Readonly<Record<string, readonly object[]>> = {
  anthropic: [
    { type: 'message_start' },
    { type: 'message_start', message: null },
    { type: 'content_block_start', index: 0 },
    { type: 'content_block_delta', index: 0 },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 5 } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: true } },
    { type: 'message_delta' },
  ],
  openai: [
    { type: 'response.completed' },
    { type: 'response.completed', response: 7 },
    { type: 'response.output_text.delta', delta: 5 },
    { type: 'response.refusal.delta', delta: false },
  ],
  groq: [
    { choices: [{ delta: { content: 5 } }] },
    { choices: [{ delta: { content: [{ type: 'text', text: 7 }] } }] },
    { choices: [{ delta: { refusal: 5 } }] },
    { choices: [{ message: { content: true } }] },
  ],
  google: [
    { candidates: [{ content: { parts: [{ text: 5 }] } }] },
    { candidates: [{ content: { parts: [7] } }] },
    { candidates: [{ content: { parts: 9 } }] },
  ],
};

describe.each(vendors)('$name', (vendor) => {
  test.each(
    (strange[vendor.name] ?? []).map((event): [string, object] => [JSON.stringify(event), event]),
  )('%s is a malformed reply', async (_title, event) => {
    const type = 'type' in event ? `event: ${String(event.type)}\n` : '';
    const server = await vendor.start(() => ({
      status: 200,
      headers: sse,
      chunks: [`${type}data: ${JSON.stringify(event)}\n\n`],
    }));
    servers.push(server);
    const model = vendor.provider(configOf(vendor, server.url), limits).model(vendor.model);
    const failure = await failureOf(model.generate(requestOf()));
    expect(failure.kind).toBe('malformed');
    expect(failure.message).toContain(vendor.name);
  });
});
