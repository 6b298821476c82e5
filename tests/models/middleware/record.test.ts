import { describe, expect, it } from 'vitest';
import { InterruptedError } from '../../../src/domain/errors.ts';
import { ModelError } from '../../../src/domain/model-error.ts';
import { createRedactor } from '../../../src/text/redact.ts';
import type { LanguageModel } from '../../../src/models/language-model.ts';
import { withRecording } from '../../../src/models/middleware/record.ts';
import { parseScript, type ScriptEntry } from '../../../src/models/providers/scripted-format.ts';
import { recordingHeader } from '../../../src/models/recording/recorded-call.ts';
import { requestHash } from '../../../src/models/request-hash.ts';
import { fakeModel } from '../../helpers/fake-model.ts';
import { now } from '../../state/fixtures.ts';
import { request } from '../requests.ts';

const mine = 'my-own-value-0123456789';
const redactor = createRedactor([{ name: 'MY_KEY', value: mine }]);
/** In two pieces, so that no scanner takes this file for one with a secret in it. */
const shaped = ['ghp', 'a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8'].join('_');

function setup(model: LanguageModel) {
  const lines: string[] = [];
  const known = new Set<string>();
  const recording = {
    has: (hash: string) => known.has(hash),
    async add(hash: string, line: string) {
      known.add(hash);
      lines.push(line);
    },
  };
  return {
    recorded: withRecording(model, { recording, redactor, now }),
    lines,
    /** As the provider `scripted` reads them. */
    entries: (): ScriptEntry[] =>
      parseScript([JSON.stringify(recordingHeader), ...lines].join('\n'), 'rec.jsonl'),
  };
}

function failing(error: Error): LanguageModel {
  const { identity } = fakeModel({});
  return { identity, generate: () => Promise.reject(error) };
}

describe('withRecording', () => {
  it('writes a call as an entry of a script, with the hash and the words of its request', async () => {
    const model = fakeModel({ execute: ['the reply'] }, { ref: 'acme/big', warnings: ['odd'] });
    const { recorded, entries, lines } = setup(model);
    const asked = request({ salt: 's', effort: 'low' });
    expect((await recorded.generate(asked)).text).toBe('the reply');
    expect(lines.join('')).not.toContain('\n');
    expect(entries()).toMatchObject([
      {
        when: { stage: 'execute', task: 'T1', attempt: 1, round: 1, role: 'coder' },
        reply: { text: 'the reply' },
        finishReason: 'stop',
        usage: { input: 0 },
        recorded: {
          hash: requestHash(model.identity.ref, asked),
          model: 'acme/big',
          family: 'acme',
          servedBy: 'big',
          rawFinishReason: 'stop',
          warnings: ['odd'],
          stored: false,
          request: {
            maxOutputTokens: 1000,
            salt: 's',
            effort: 'low',
            parts: [
              { role: 'system', name: 'instructions', text: 'Do it.' },
              { role: 'user', name: 'task', text: 'The task.' },
            ],
          },
        },
      },
    ]);
  });

  it('writes an error with all that decides what becomes of it, and lets it go on', async () => {
    const usage = { input: 7, cachedInput: 0, cacheWrite: 0, output: 3, reasoning: 0 };
    const error = new ModelError({
      kind: 'rate_limit',
      model: 'fake/one',
      message: 'slow down',
      fix: 'Wait.',
      status: 429,
      retryAfterMs: 1500,
      rawReply: 'half',
      usage,
    });
    const { recorded, entries } = setup(failing(error));
    await expect(recorded.generate(request())).rejects.toBe(error);
    expect(entries()[0]?.error).toEqual({
      kind: 'rate_limit',
      message: 'slow down',
      fix: 'Wait.',
      status: 429,
      retryAfterMs: 1500,
      rawReply: 'half',
      usage,
    });
  });

  it('writes nothing of a call that was interrupted', async () => {
    const { recorded, lines } = setup(failing(new InterruptedError()));
    await expect(recorded.generate(request())).rejects.toBeInstanceOf(InterruptedError);
    expect(lines).toEqual([]);
  });

  it('writes a reply from the call store once, and each one that was asked for', async () => {
    const inner = fakeModel({ execute: ['one', 'two'], review: ['kept', 'kept'] });
    const model: LanguageModel = {
      identity: inner.identity,
      generate: async (asked) => ({
        ...(await inner.generate(asked)),
        stored: asked.purpose.stage === 'review',
      }),
    };
    const { recorded, entries } = setup(model);
    const review = request({
      purpose: { ...request().purpose, stage: 'review' },
      parts: [{ role: 'user', name: 'work', text: 'Judge.' }],
    });
    for (const asked of [request(), request(), review, review]) await recorded.generate(asked);
    expect(entries().map(({ reply, recorded: call }) => [reply, call?.stored])).toEqual([
      [{ text: 'one' }, false],
      [{ text: 'two' }, false],
      [{ text: 'kept' }, true],
    ]);
  });

  it('hides what is secret by value and by form, in the prompt, the reply and errors', async () => {
    const said = `${mine} and ${Buffer.from(mine).toString('base64')} and ${shaped}`;
    const { recorded, lines } = setup(fakeModel({ execute: [`reply ${said}`] }));
    const asked = request({ parts: [{ role: 'user', name: 'task', text: `prompt ${said}` }] });
    expect((await recorded.generate(asked)).text).toBe(`reply ${said}`);
    const broken = setup(
      failing(
        new ModelError({
          kind: 'auth',
          model: 'fake/one',
          message: said,
          fix: said,
          rawReply: said,
        }),
      ),
    );
    await expect(broken.recorded.generate(asked)).rejects.toThrow(mine);
    for (const text of [lines.join(''), broken.lines.join('')]) {
      expect(text).toContain('[redacted] and [redacted]');
      for (const secret of [mine, Buffer.from(mine).toString('base64').slice(0, -2), shaped])
        expect(text).not.toContain(secret);
    }
  });

  it('fails when the recording cannot be written', async () => {
    const full = new Error('disk full');
    const model = withRecording(fakeModel({ execute: ['one'] }), {
      recording: { has: () => false, add: () => Promise.reject(full) },
      redactor,
      now,
    });
    await expect(model.generate(request())).rejects.toBe(full);
  });
});
