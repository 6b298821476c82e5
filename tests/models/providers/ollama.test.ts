import { afterEach, describe, expect, test } from 'vitest';
import { ollamaProvider } from '../../../src/models/providers/ollama.ts';
import { startOllamaServer, type OllamaModel } from '../../helpers/loopback/ollama-server.ts';
import { configOf, failureOf, limits, requestOf } from './vendors.ts';

let server: Awaited<ReturnType<typeof startOllamaServer>> | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function serve(model: OllamaModel) {
  server = await startOllamaServer(model);
  const vendor = { name: 'ollama', kind: 'ollama', variable: '' } as const;
  const config = configOf(vendor, `${server.url}/v1`, {
    apiKey: undefined,
    keyVariables: [],
    keyless: true,
  });
  return { model: ollamaProvider(config, limits).model('qwen3'), server };
}

/** About this many tokens, by our estimate. */
const prompt = (tokens: number) =>
  requestOf({ parts: [{ role: 'user', name: 'task', text: 'x'.repeat(tokens * 3.5) }] });

describe('a prompt that does not fit is refused before the call', () => {
  test.each([
    ['what runs', { loaded: 4096, set: 90_000, longest: 90_000 }],
    ['the Modelfile', { set: 4096, longest: 90_000 }],
    ['what the model was trained for', { longest: 4096 }],
  ])('by the context of %s', async (_source, contexts) => {
    const { model, server } = await serve(contexts);
    const error = await failureOf(model.generate(prompt(5000)));
    expect(error).toMatchObject({ kind: 'context_too_long', fallbackHelps: true });
    expect(error.message).toContain('takes 4096 tokens, and the prompt has about 5000');
    expect(error.fix).toContain('OLLAMA_CONTEXT_LENGTH');
    expect(server.asked('/v1/chat/completions')).toBe(0);
  });
});

test('a prompt that fits is answered, and the context is asked for once', async () => {
  const { model, server } = await serve({ set: 4096, read: 1000 });
  for (const tokens of [1000, 1100, 900])
    expect(await model.generate(prompt(tokens))).toMatchObject({ text: 'Answer.' });
  expect(server.asked('/v1/chat/completions')).toBe(3);
  expect(server.asked('/api/show')).toBe(1);
});

describe('a prompt that was cut is told', () => {
  test.each([
    [
      'to a context that shows only once the model runs',
      { loadedAfter: 4096, longest: 90_000, read: 4090 },
      9000,
    ],
    [
      'by whole messages, to less than the context',
      { loadedAfter: 4096, longest: 90_000, read: 3000 },
      9000,
    ],
    ['though the estimate was too low to refuse it', { loaded: 4096, read: 4096 }, 3900],
    ['by a server that tells nothing of contexts', { read: 2048 }, 9000],
  ] as const)('%s', async (_case, behaviour, tokens) => {
    const { model } = await serve(behaviour);
    const error = await failureOf(model.generate(prompt(tokens)));
    expect(error).toMatchObject({ kind: 'context_too_long', rawReply: 'Answer.' });
    expect(error.usage?.input).toBe(behaviour.read);
    expect(error.message).toContain(`prompt truncated: Ollama read ${behaviour.read} of about`);
  });
});

test.each([
  ['fewer tokens than estimated, within the context', { loaded: 8192, read: 2000 }, 5000],
  ['no count', { loaded: 8192, read: 0 }, 5000],
  ['a count that means something else, as no context is so short', { read: 10 }, 430],
] as const)('a whole prompt is not called cut for %s', async (_case, behaviour, tokens) => {
  const { model } = await serve(behaviour);
  expect(await model.generate(prompt(tokens))).toMatchObject({ text: 'Answer.' });
});

test('what cannot be read of a model leaves the call to say what is wrong', async () => {
  const { model } = await serve({ missing: true });
  expect(await failureOf(model.generate(prompt(10)))).toMatchObject({
    kind: 'unavailable',
    status: 404,
  });
});
