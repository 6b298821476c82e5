import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ModelError } from '../../../src/domain/model-error.ts';
import type { RunEventBody } from '../../../src/domain/event.ts';
import type { MessagePart, ModelRequest } from '../../../src/models/language-model.ts';
import { withCallStore } from '../../../src/models/middleware/call-store.ts';
import { requestHash } from '../../../src/models/request-hash.ts';
import { createCallStore } from '../../../src/state/call-store.ts';
import { fakeModel, type FakeModel } from '../../helpers/fake-model.ts';
import { now, temporaryFolder } from '../../state/fixtures.ts';
import { request } from '../requests.ts';

async function setup(model: FakeModel) {
  const featuresDir = await temporaryFolder();
  const store = createCallStore({ featuresDir, displayRoot: featuresDir }, 'f');
  const events: RunEventBody[] = [];
  const kept = withCallStore(model, {
    store,
    emit: (event) => events.push(event),
    now,
    asSent: (text) => text.replaceAll('s3cret', '[redacted]'),
  });
  return { kept, store, events, folder: join(featuresDir, 'f/calls') };
}

describe('withCallStore', () => {
  it('makes no second call, gives the same result and says that it was stored', async () => {
    const model = fakeModel({ execute: ['the reply'] }, { warnings: ['odd'] });
    const { kept, events } = await setup(model);
    const first = await kept.generate(request());
    expect(events).toEqual([]);
    const pieces: string[] = [];
    const second = await kept.generate(request({ onText: (text) => pieces.push(text) }));
    expect(model.requests).toHaveLength(1);
    expect({ ...second, forget: first.forget }).toMatchObject(first);
    expect(pieces.join('')).toBe('the reply');
    expect(events).toEqual([
      {
        type: 'call-finish',
        call: requestHash(model.identity.ref, request()),
        role: 'coder',
        model: 'fake/one',
        purpose: request().purpose,
        finishReason: 'stop',
        usage: { input: 0, cachedInput: 0, cacheWrite: 0, output: 0, reasoning: 0 },
        durationMs: 0,
        stored: true,
        servedBy: 'one',
      },
    ]);
  });

  it('keeps the request as it was sent, and the texts that calls share once', async () => {
    const model = fakeModel({ execute: ['one', 'two'] });
    const { kept, store, folder } = await setup(model);
    const shared: MessagePart = { role: 'system', name: 'spec', text: 'The s3cret.', cache: true };
    const ask = (text: string): ModelRequest =>
      request({
        parts: [shared, { role: 'user', name: 'task', text }],
        schema: { name: 'reply', json: {} },
        salt: 'attempt-2',
      });
    await kept.generate(ask('A.'));
    await kept.generate(ask('B.'));
    const { ref } = model.identity;
    const calls = [ask('A.'), ask('B.')].map((each) => store.read(requestHash(ref, each)));
    const texts = await Promise.all(
      (await Promise.all(calls)).map((call) =>
        Promise.all(
          (call?.request?.parts ?? []).map(async ({ hash, ...part }) => ({
            ...part,
            text: await readFile(join(folder, `parts/${hash}.txt`), 'utf8'),
          })),
        ),
      ),
    );
    const spec = { role: 'system', name: 'spec', cache: true, text: 'The [redacted].' };
    const task = { role: 'user', name: 'task', cache: false };
    expect(texts).toEqual([
      [spec, { ...task, text: 'A.' }],
      [spec, { ...task, text: 'B.' }],
    ]);
    expect(await readdir(join(folder, 'parts'))).toHaveLength(3);
    expect((await calls[0])?.request).toMatchObject({
      role: 'coder',
      schema: 'reply',
      maxOutputTokens: ask('A.').maxOutputTokens,
      effort: null,
      salt: 'attempt-2',
    });
  });

  it('takes the same words for another purpose, under other part names, as paid for', async () => {
    const model = fakeModel({ execute: ['the reply'] });
    const { kept } = await setup(model);
    await kept.generate(request());
    const same = request({
      role: 'reviewer',
      purpose: { stage: 'other', feature: 'f', task: 'T9', attempt: 2, round: 2 },
      parts: request().parts.map((part) => ({ ...part, name: 'renamed' })),
    });
    expect((await kept.generate(same)).text).toBe('the reply');
    expect(model.requests).toHaveLength(1);
  });

  it.each([
    ['words', { parts: [{ role: 'user' as const, name: 'task', text: 'Other.' }] }],
    ['a schema', { schema: { name: 's', json: {} } }],
    ['a salt', { salt: 'attempt-2' }],
  ])('asks anew for other %s', async (_, more) => {
    const model = fakeModel({ execute: ['one', 'two'] });
    const { kept } = await setup(model);
    await kept.generate(request());
    expect((await kept.generate(request(more))).text).toBe('two');
  });

  it('asks another model anew', async () => {
    const featuresDir = await temporaryFolder();
    const store = createCallStore({ featuresDir, displayRoot: featuresDir }, 'f');
    const options = { store, emit: () => undefined, now, asSent: (text: string) => text };
    await withCallStore(fakeModel({ execute: ['one'] }), options).generate(request());
    const other = fakeModel({ execute: ['two'] }, { ref: 'fake/two' });
    expect((await withCallStore(other, options).generate(request())).text).toBe('two');
  });

  it('does not keep a failed call', async () => {
    const fault = new ModelError({ kind: 'network', model: 'fake/one', message: 'gone' });
    const model = fakeModel({ execute: [fault, 'the reply'] });
    const { kept } = await setup(model);
    await expect(kept.generate(request())).rejects.toBe(fault);
    expect((await kept.generate(request())).text).toBe('the reply');
    expect(model.requests).toHaveLength(2);
  });

  it('asks anew after a reply was forgotten, be it fresh or stored', async () => {
    const model = fakeModel({ execute: ['one', 'two', 'three'] });
    const { kept } = await setup(model);
    await (await kept.generate(request())).forget?.();
    expect((await kept.generate(request())).text).toBe('two');
    await (await kept.generate(request())).forget?.();
    expect((await kept.generate(request())).text).toBe('three');
  });

  it('does not go on with stored replies once it is interrupted', async () => {
    const model = fakeModel({ execute: ['one'] });
    const { kept } = await setup(model);
    await kept.generate(request());
    await expect(kept.generate(request({ signal: AbortSignal.abort() }))).rejects.toMatchObject({
      code: 'interrupted',
    });
  });
});
