import { describe, expect, it } from 'vitest';
import type { RunEventBody } from '../../../src/domain/event.ts';
import { ModelError } from '../../../src/domain/model-error.ts';
import { createRedactor } from '../../../src/text/redact.ts';
import { noUsage } from '../../../src/domain/usage.ts';
import type { LanguageModel, ModelRequest } from '../../../src/models/language-model.ts';
import { withoutSecrets } from '../../../src/models/middleware/without-secrets.ts';
import { fakeModel } from '../../helpers/fake-model.ts';
import { request } from '../requests.ts';

const key = 'house-key-0123456789';
const shaped = 'sk-ant-api03-Ax7Kq2Lm9Pz4Wr8Tn5Yv1Bc6';
const redactor = createRedactor([{ name: 'HOUSE_KEY', value: key }]);

function setup(model: LanguageModel) {
  const events: RunEventBody[] = [];
  return {
    clean: withoutSecrets(model, { redactor, emit: (event) => events.push(event) }),
    events,
  };
}

/** Streams the pieces, then ends as told. */
function streaming(pieces: readonly string[], end: () => void): LanguageModel {
  const { identity } = fakeModel({});
  return {
    identity,
    async generate({ onText }: ModelRequest) {
      pieces.forEach((piece) => onText?.(piece));
      end();
      return {
        text: pieces.join(''),
        finishReason: 'stop',
        rawFinishReason: `stop ${key}`,
        usage: noUsage,
        identity,
        servedBy: `one ${key}`,
        warnings: [`odd ${key}`],
      };
    },
  };
}

describe('withoutSecrets', () => {
  it('lets ordinary calls through untouched', async () => {
    const model = fakeModel({ execute: ['the reply'] });
    const { clean, events } = setup(model);
    const asked = request();
    expect(await clean.generate(asked)).toMatchObject({ text: 'the reply', servedBy: 'one' });
    expect(model.requests[0]?.parts).toEqual(asked.parts);
    expect(model.requests[0]?.parts[0]).toBe(asked.parts[0]);
    expect(events).toEqual([]);
  });

  it('hides the user’s own secrets in every field of a reply and in each piece, and says so', async () => {
    const { clean, events } = setup(
      streaming(['const k = "house-', 'key-01234', '56789"; done'], () => undefined),
    );
    const pieces: string[] = [];
    const result = await clean.generate(request({ onText: (piece) => pieces.push(piece) }));
    expect(result).toMatchObject({
      text: 'const k = "[redacted]"; done',
      rawFinishReason: 'stop [redacted]',
      servedBy: 'one [redacted]',
      warnings: ['odd [redacted]'],
    });
    expect(pieces.join('')).toBe(result.text);
    expect(events).toEqual([
      {
        type: 'warning',
        code: 'secret-hidden',
        message: 'The reply held the value of HOUSE_KEY; [redacted] stands in its place',
        task: 'T1',
      },
    ]);
  });

  it('sends no secret of the user’s own to a provider, and says so once for a task', async () => {
    const model = fakeModel({ execute: ['one', 'two'] });
    const { clean, events } = setup(model);
    const parts = [{ role: 'user' as const, name: 'file', text: `KEY=${key}` }];
    await clean.generate(request({ parts }));
    await clean.generate(request({ parts }));
    expect(model.requests.map((sent) => sent.parts[0]?.text)).toEqual([
      'KEY=[redacted]',
      'KEY=[redacted]',
    ]);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ message: expect.stringContaining('What is sent') as string });
  });

  it('leaves in a reply what merely has the form of a key: it is the product', async () => {
    const { clean } = setup(fakeModel({ execute: [`example = '${shaped}'`] }));
    expect((await clean.generate(request())).text).toBe(`example = '${shaped}'`);
  });

  it('cleans errors by value and by form, and drops a cause that quotes a secret', async () => {
    const cause = new Error('x', { cause: new Error(`header ${key}`) });
    const fault = new ModelError({
      kind: 'auth',
      model: 'fake/one',
      message: `bad key ${key} or ${shaped}`,
      fix: `not ${key}`,
      status: 401,
      retryAfterMs: 7,
      rawReply: `it is ${key}, it is ${key.slice(0, 12)}`,
      cause,
    });
    const { clean } = setup(fakeModel({ execute: [fault] }));
    const error = await clean.generate(request()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ModelError);
    expect(error).toMatchObject({
      kind: 'auth',
      message: 'bad key [redacted] or [redacted]',
      fix: 'not [redacted]',
      status: 401,
      retryAfterMs: 7,
      rawReply: 'it is [redacted], it is [redacted]',
      cause: undefined,
    });
  });

  it('gives errors that hold nothing as they are', async () => {
    const faults = [
      new ModelError({
        kind: 'network',
        model: 'fake/one',
        message: 'gone',
        cause: new Error('x'),
      }),
      new TypeError('ours'),
    ];
    const { clean } = setup(fakeModel({ execute: faults }));
    for (const fault of faults) await expect(clean.generate(request())).rejects.toBe(fault);
  });

  it('gives what was held back when a stream breaks, without the half of a secret', async () => {
    const fault = new ModelError({ kind: 'network', model: 'fake/one', message: 'gone' });
    const { clean } = setup(
      streaming(['word by wo', `rd ${key.slice(0, 14)}`], () => {
        throw fault;
      }),
    );
    const pieces: string[] = [];
    await expect(clean.generate(request({ onText: (piece) => pieces.push(piece) }))).rejects.toBe(
      fault,
    );
    expect(pieces.join('')).toBe('word by word [redacted]');
  });
});
