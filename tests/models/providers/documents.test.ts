import { afterEach, describe, expect, test } from 'vitest';
import type { LoopbackServer, Reply } from '../../helpers/loopback/server.ts';
import { configOf, failureOf, limits, requestOf, vendors } from './vendors.ts';

const servers: LoopbackServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const text = 'Hello world 42';
const json = (document: unknown, type = 'application/json'): Reply => ({
  status: 200,
  headers: { 'content-type': type },
  chunks: [JSON.stringify(document)],
});
const events = (...data: object[]): Reply => ({
  status: 200,
  headers: { 'content-type': 'text/event-stream' },
  chunks: data.map((each) => {
    const name = 'type' in each ? `event: ${String(each.type)}\n` : '';
    return `${name}data: ${JSON.stringify(each)}\n\n`;
  }),
});

interface Shapes {
  /** A whole reply as one document, with usage. */
  readonly document: (content: unknown, usage: unknown) => object;
  /** A stream with usage. */
  readonly stream: (usage: unknown) => Reply;
  /** Input and output in the vendor's words. */
  readonly usage: (input: unknown, output: unknown) => object;
  /** The text as parts. */
  readonly parts: (...texts: string[]) => unknown;
}

const shapes: Readonly<Record<string, Shapes>> = {
  anthropic: {
    document: (content, usage) => ({
      type: 'message',
      role: 'assistant',
      model: 'm',
      content,
      stop_reason: 'end_turn',
      usage,
    }),
    stream: (usage) =>
      events(
        { type: 'message_start', message: { model: 'm', content: [], usage } },
        { type: 'content_block_start', index: 0, content_block: { type: 'text', text } },
        { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage },
        { type: 'message_stop' },
      ),
    usage: (input_tokens, output_tokens) => ({ input_tokens, output_tokens }),
    parts: (...texts) => texts.map((each) => ({ type: 'text', text: each })),
  },
  openai: {
    document: (content, usage) => ({
      object: 'response',
      status: 'completed',
      model: 'm',
      output: [{ type: 'message', role: 'assistant', content }],
      usage,
    }),
    stream: (usage) =>
      events(
        { type: 'response.output_text.delta', delta: text },
        { type: 'response.completed', response: { status: 'completed', model: 'm', usage } },
      ),
    usage: (input_tokens, output_tokens) => ({ input_tokens, output_tokens }),
    parts: (...texts) => texts.map((each) => ({ type: 'output_text', text: each })),
  },
  groq: {
    document: (content, usage) => ({
      object: 'chat.completion',
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
      usage,
    }),
    stream: (usage) =>
      events(
        { model: 'm', choices: [{ index: 0, delta: { content: text } }] },
        { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage },
      ),
    usage: (prompt_tokens, completion_tokens) => ({ prompt_tokens, completion_tokens }),
    parts: (...texts) => texts.map((each) => ({ type: 'text', text: each })),
  },
  google: {
    document: (parts, usage) => ({
      candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP' }],
      modelVersion: 'm',
      usageMetadata: usage,
    }),
    stream: (usage) =>
      events({
        candidates: [{ content: { parts: [{ text }] }, finishReason: 'STOP' }],
        usageMetadata: usage,
      }),
    usage: (promptTokenCount, candidatesTokenCount) => ({ promptTokenCount, candidatesTokenCount }),
    parts: (...texts) => texts.map((each) => ({ text: each })),
  },
};

describe.each(vendors)('$name', (vendor) => {
  const shape = shapes[vendor.name];
  if (shape === undefined) throw new Error(vendor.name);
  const ask = async (reply: Reply) => {
    const server = await vendor.start(() => reply);
    servers.push(server);
    const model = vendor.provider(configOf(vendor, server.url), limits).model(vendor.model);
    return model.generate(requestOf());
  };
  const told = shape.usage(10, 5);

  test.each([
    ['as JSON', json(shape.document(shape.parts(text), told))],
    [
      'as a stream that is none',
      json(shape.document(shape.parts(text), told), 'text/event-stream'),
    ],
    ['as text', json(shape.document(shape.parts(text), told), 'text/plain')],
    ['in a list', json([shape.document(shape.parts(text), told)])],
    ['with its text in pieces', json(shape.document(shape.parts('Hello ', 'world 42'), told))],
  ])('one document in place of a stream, %s, is the reply', async (_title, reply) => {
    const result = await ask(reply);
    expect(result).toMatchObject({ text, finishReason: 'stop', servedBy: 'm', warnings: [] });
    expect(result.usage).toMatchObject({ input: 10, output: 5 });
  });

  test('a document that is no reply is malformed, and an error in one is that error', async () => {
    expect((await failureOf(ask(json({ message: 'Welcome' })))).kind).toBe('malformed');
    const busy = {
      error: { code: 503, status: 'UNAVAILABLE', type: 'overloaded_error', message: 'Busy' },
    };
    expect((await failureOf(ask(json(busy)))).kind).toBe('overloaded');
  });

  test.each<[string, unknown, unknown]>([
    ['texts', '10', '5'],
    ['fractions', 9.2, 4.5],
    ['texts with fractions', '9.5', ' 5 '],
  ])('usage as %s is read', async (_title, input, output) => {
    for (const reply of [
      shape.stream(shape.usage(input, output)),
      json(shape.document(shape.parts(text), shape.usage(input, output))),
    ]) {
      const result = await ask(reply);
      expect(result).toMatchObject({ usage: { input: 10, output: 5 }, warnings: [] });
    }
  });

  test.each<[string, unknown]>([
    ['zero', shape.usage(0, 0)],
    ['negative', shape.usage(-10, -5)],
    ['words', shape.usage('many', 'few')],
    ['endless', shape.usage('1e999', 'Infinity')],
    ['too many', shape.usage(1e300, 1e300)],
    ['lists', shape.usage([10], { n: 5 })],
    ['null', null],
    ['a text', '15 tokens'],
    ['empty', {}],
    ['without input', shape.usage(undefined, 5)],
    ['without output', shape.usage(10, undefined)],
    ['zero output', shape.usage(10, 0)],
  ])('usage that is %s is estimated, and it is said', async (_title, usage) => {
    for (const reply of [shape.stream(usage), json(shape.document(shape.parts(text), usage))]) {
      const result = await ask(reply);
      expect(result.usage.input).toBeGreaterThan(3);
      expect(result.usage.input).toBeLessThan(1000);
      expect(result.usage.output).toBeGreaterThan(1);
      expect(result.usage.output).toBeLessThan(1000);
      expect(result.warnings).toEqual([expect.stringContaining('estimated')]);
    }
  });
});

describe('chat completions', () => {
  const vendor = vendors.find(({ name }) => name === 'groq');
  const ask = async (reply: Reply) => {
    if (vendor === undefined) throw new Error('no vendor');
    const server = await vendor.start(() => reply);
    servers.push(server);
    return vendor.provider(configOf(vendor, server.url), limits).model('m').generate(requestOf());
  };
  const end = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
  const delta = (content: unknown): object => ({ choices: [{ index: 0, delta: { content } }] });

  test.each<[string, readonly object[]]>([
    ['a list of a text part', [delta([{ type: 'text', text }])]],
    [
      'parts over several chunks',
      [delta([{ type: 'text', text: 'Hello ' }]), delta([{ text: 'world 42' }])],
    ],
    [
      'thinking parts before text',
      [delta([{ type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] }]), delta(text)],
    ],
    ['texts in a list', [delta(['Hello ', 'world 42'])]],
    ['one part without a list', [delta({ type: 'output_text', text })]],
    ['a text with a value', [delta([{ type: 'text', text: { value: text } }])]],
    ['a message in place of a delta', [{ choices: [{ message: { content: text } }] }]],
    ['a message of parts', [{ choices: [{ message: { content: [{ type: 'text', text }] } }] }]],
    [
      'the text of the older API',
      [{ choices: [{ text: 'Hello ' }] }, { choices: [{ text: 'world 42' }] }],
    ],
    [
      'the whole text again at the end',
      [delta(text), { choices: [{ delta: {}, message: { content: text } }] }],
    ],
    [
      'another choice beside it',
      [
        {
          choices: [
            { index: 1, delta: { content: 'OTHER' } },
            { index: 0, delta: { content: text } },
          ],
        },
      ],
    ],
    ['no list of choices first', [{ choices: null }, { choices: [] }, delta(text)]],
  ])('content as %s is read', async (_title, chunks) => {
    expect((await ask(events(...chunks, end))).text).toBe(text);
  });

  test.each<[string, object]>([
    [
      'in the choice',
      { choices: [{ delta: {}, usage: { prompt_tokens: 10, completion_tokens: 5 } }] },
    ],
    ['at Groq’s own place', { x_groq: { usage: { prompt_tokens: 10, completion_tokens: 5 } } }],
    ['in another vendor’s words', { usage: { input_tokens: 10, output_tokens: 5 } }],
    ['in Ollama’s own words', { model: 'm', prompt_eval_count: 10, eval_count: 5 }],
    ['as timings of llama.cpp', { model: 'm', timings: { prompt_n: 10, predicted_n: 5 } }],
  ])('usage %s is read', async (_title, chunk) => {
    const result = await ask(events(delta(text), chunk, end));
    expect(result).toMatchObject({ text, usage: { input: 10, output: 5 }, warnings: [] });
  });

  test('usage that a later chunk has as zero stays', async () => {
    const usage = { prompt_tokens: 10, completion_tokens: 5 };
    const none = { prompt_tokens: 0, completion_tokens: 0 };
    const result = await ask(events({ ...delta(text), usage }, { ...end, usage: none }));
    expect(result).toMatchObject({ usage: { input: 10, output: 5 }, warnings: [] });
  });

  test('an end that is said without a reason ends a reply', async () => {
    const stream = `data: ${JSON.stringify(delta(text))}\n\ndata: [DONE]\n\n`;
    const headers = { 'content-type': 'text/event-stream' };
    const result = await ask({ status: 200, headers, chunks: [stream] });
    expect(result).toMatchObject({ text, finishReason: 'stop' });
    expect(result.warnings).toContainEqual(expect.stringContaining('why the reply ended'));
  });

  test('a connection held open after the end is not waited for', async () => {
    const stream = `data: ${JSON.stringify({ ...delta(text) })}\n\ndata: ${JSON.stringify(end)}\n\ndata: [DONE]\n\n`;
    const headers = { 'content-type': 'text/event-stream' };
    expect((await ask({ status: 200, headers, chunks: [stream], end: 'hang' })).text).toBe(text);
  });
});
