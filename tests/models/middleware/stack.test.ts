import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../../src/config/schema.ts';
import type { ModelSettings, ProviderLimits } from '../../../src/config/resolved-config.ts';
import type { RunEventBody } from '../../../src/domain/event.ts';
import { providers, type ProviderKind } from '../../../src/extensions.ts';
import { ModelError } from '../../../src/domain/model-error.ts';
import { createStack } from '../../../src/models/middleware/stack.ts';
import { createCallStore } from '../../../src/state/call-store.ts';
import { fakeModel } from '../../helpers/fake-model.ts';
import { temporaryFolder } from '../../state/fixtures.ts';
import { request } from '../requests.ts';

async function setup(options: {
  models?: Record<string, ModelSettings>;
  limits?: Record<string, ProviderLimits>;
  kind?: ProviderKind;
}) {
  const featuresDir = await temporaryFolder();
  const events: RunEventBody[] = [];
  const wrap = createStack({
    calls: configSchema.parse({}).calls,
    models: new Map(Object.entries(options.models ?? {})),
    limits: new Map(Object.entries(options.limits ?? {})),
    cachesPrefixes: () =>
      options.kind !== undefined && providers[options.kind].cachesPrefixes === true,
    store: createCallStore({ featuresDir, displayRoot: featuresDir }, 'f'),
    emit: (event) => events.push(event),
    now: () => new Date(),
    asSent: (text) => text,
    account: () => undefined,
  });
  return { wrap, events };
}

describe('createStack', () => {
  it('asks once, traces each attempt, and keeps the answer', async () => {
    const { wrap, events } = await setup({});
    const fault = new ModelError({
      kind: 'overloaded',
      model: 'fake/one',
      message: 'busy',
      retryAfterMs: 0,
    });
    const inner = fakeModel({ execute: [fault, 'the reply'] });
    const model = wrap(inner);
    expect((await model.generate(request())).text).toBe('the reply');
    expect((await model.generate(request())).text).toBe('the reply');
    expect(inner.requests).toHaveLength(2);
    expect(events.map(({ type }) => type)).toEqual([
      'call-start',
      'call-fail',
      'call-retry',
      'call-start',
      'call-delta',
      'call-finish',
      'call-finish',
    ]);
  });

  it.each([
    { name: 'openai', kind: 'openai', together: 1 },
    { name: 'house', kind: 'openai-compatible', together: 1 },
    { name: 'ollama', kind: 'ollama', together: 2 },
    { name: 'claude-cli', kind: 'claude-cli', together: 2 },
  ] as const)('sends $together of two calls that share a beginning: $name', async (way) => {
    const { name, kind } = way;
    const { wrap } = await setup({ kind });
    const inner = fakeModel(
      { execute: [() => new Promise(() => undefined), () => new Promise(() => undefined)] },
      { ref: `${name}/one` },
    );
    const model = wrap(inner);
    const stop = new AbortController();
    const text = 'word '.repeat(2_000);
    const calls = ['a', 'b'].map((last) =>
      model.generate(
        request({
          signal: stop.signal,
          parts: [
            { role: 'system', name: 'instructions', text, cache: true },
            { role: 'user', name: 'task', text: last },
          ],
        }),
      ),
    );
    calls.forEach((call) => void call.catch(() => undefined));
    await expect.poll(() => inner.requests.length).toBe(way.together);
    // Whoever was not held back is there by now: reading the call store takes as long for both.
    await sleep(50);
    expect(inner.requests).toHaveLength(way.together);
    stop.abort();
  });

  it('does not let a wait behind another model of the provider end a call', async () => {
    const { wrap, events } = await setup({
      models: { 'fake/two': { timeoutMs: 2_000, retries: 0 } },
      limits: { fake: { concurrency: 1 } },
    });
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const slow = wrap(
      fakeModel({
        execute: [
          async () => {
            begin();
            await sleep(3_500);
            return 'late';
          },
        ],
      }),
    );
    const quick = wrap(fakeModel({ execute: ['soon'] }, { ref: 'fake/two' }));
    const first = slow.generate(request());
    await begun;
    const answers = await Promise.all([first, quick.generate(request())]);
    expect(answers.map(({ text }) => text)).toEqual(['late', 'soon']);
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'call-wait', model: 'fake/two' }),
    );
  });

  it('gives a model its own deadlines, and the rest those of all calls', async () => {
    const { wrap } = await setup({ models: { 'fake/one': { firstByteMs: 20, retries: 0 } } });
    const never = wrap(
      fakeModel({
        execute: [
          ({ signal }) =>
            new Promise((_resolve, reject) =>
              signal.addEventListener('abort', () => reject(signal.reason)),
            ),
        ],
      }),
    );
    await expect(never.generate(request())).rejects.toMatchObject({
      kind: 'timeout',
      message: expect.stringContaining('sent nothing'),
    });
  });
});
