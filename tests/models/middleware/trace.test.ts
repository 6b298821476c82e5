import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { InterruptedError, throwIfAborted } from '../../../src/domain/errors.ts';
import type { RunEventBody } from '../../../src/domain/event.ts';
import { ModelError } from '../../../src/domain/model-error.ts';
import { estimateTokens } from '../../../src/domain/text.ts';
import { noUsage, type Usage } from '../../../src/domain/usage.ts';
import type { LanguageModel, ModelRequest } from '../../../src/models/language-model.ts';
import { withTimeout } from '../../../src/models/middleware/timeout.ts';
import { withTrace } from '../../../src/models/middleware/trace.ts';
import { requestHash } from '../../../src/models/request-hash.ts';
import { fakeModel } from '../../helpers/fake-model.ts';
import { request } from '../requests.ts';

/** A model that does with the request what the test says, on a clock that the test moves. */
function setup(act: (request: ModelRequest, pass: (ms: number) => void) => Promise<string>) {
  let at = 1_000_000;
  const events: RunEventBody[] = [];
  const { identity } = fakeModel({});
  const model: LanguageModel = {
    identity,
    async generate(asked) {
      const text = await act(asked, (ms) => {
        at += ms;
      });
      return {
        text,
        finishReason: 'stop',
        rawFinishReason: 'end_turn',
        usage: { ...noUsage, input: 7, output: 3 },
        identity,
        servedBy: 'one-2026',
        warnings: [],
      };
    },
  };
  const accounted: Usage[] = [];
  const traced = withTrace(model, {
    emit: (event) => events.push(event),
    now: () => new Date(at),
    account(_role, _model, usage) {
      accounted.push(usage);
      return undefined;
    },
  });
  return { traced, events, accounted };
}

const fields = {
  call: requestHash({ provider: 'fake', model: 'one' }, request()),
  role: 'coder',
  model: 'fake/one',
  purpose: request().purpose,
};

describe('withTrace', () => {
  it('joins small pieces, in order, and passes each on as it comes', async () => {
    const heard: string[] = [];
    const { traced, events } = setup(async ({ onText }, pass) => {
      onText?.('a');
      pass(50);
      onText?.('b');
      pass(60);
      onText?.('c');
      onText?.('d');
      pass(10);
      return 'abcd';
    });
    await traced.generate(request({ onText: (text) => heard.push(text) }));
    expect(heard).toEqual(['a', 'b', 'c', 'd']);
    expect(events).toEqual([
      { type: 'call-start', ...fields },
      { type: 'call-delta', ...fields, text: 'abc' },
      { type: 'call-delta', ...fields, text: 'd' },
      {
        type: 'call-finish',
        ...fields,
        finishReason: 'stop',
        usage: { ...noUsage, input: 7, output: 3 },
        durationMs: 120,
        stored: false,
        servedBy: 'one-2026',
      },
    ]);
  });

  it('does not let a fast stream pile up', async () => {
    const { traced, events } = setup(async ({ onText }) => {
      for (let piece = 0; piece < 5000; piece++) onText?.('x');
      return '';
    });
    await traced.generate(request());
    const deltas = events.flatMap((event) => (event.type === 'call-delta' ? [event.text] : []));
    expect(deltas.map(({ length }) => length)).toEqual([2000, 2000, 1000]);
  });

  it('ends a failed call with what came, then why it failed', async () => {
    const fault = new ModelError({ kind: 'overloaded', model: 'fake/one', message: 'Too busy' });
    const { traced, events, accounted } = setup(async ({ onText }, pass) => {
      onText?.('half');
      pass(30);
      throw fault;
    });
    await expect(traced.generate(request())).rejects.toBe(fault);
    expect(events.slice(1)).toEqual([
      { type: 'call-delta', ...fields, text: 'half' },
      {
        type: 'call-fail',
        ...fields,
        kind: 'overloaded',
        message: 'Too busy',
        durationMs: 30,
        usage: expect.objectContaining({ output: 2 }),
      },
    ]);
    expect(accounted).toEqual([expect.objectContaining({ output: 2 })]);
  });

  it('tells an interruption from a call that ran out of time', async () => {
    const hanging = async ({ signal }: ModelRequest): Promise<string> => {
      for (;;) {
        await sleep(2);
        throwIfAborted(signal);
      }
    };
    const slow = setup(hanging);
    const limited = withTimeout(slow.traced, {
      timeoutMs: 30,
      firstByteMs: 3_600_000,
      idleMs: 3_600_000,
    });
    await expect(limited.generate(request())).rejects.toMatchObject({ kind: 'timeout' });
    expect(slow.events.at(-1)).toMatchObject({ type: 'call-fail', kind: 'timeout' });

    const stopped = setup(hanging);
    const stop = new AbortController();
    const answered = stopped.traced.generate(request({ signal: stop.signal }));
    stop.abort();
    await expect(answered).rejects.toBeInstanceOf(InterruptedError);
    expect(stopped.events.at(-1)).toMatchObject({ type: 'call-fail', kind: 'interrupted' });
  });

  it('estimates what a stream used that was cut off, and says nothing of one that never began', async () => {
    const cut = setup(async ({ onText }) => {
      onText?.('x'.repeat(350));
      throw new InterruptedError();
    });
    await expect(cut.traced.generate(request())).rejects.toThrow(InterruptedError);
    const prompt = request().parts.reduce((sum, { text }) => sum + estimateTokens(text), 0);
    expect(cut.events.at(-1)).toMatchObject({
      type: 'call-fail',
      usage: { ...noUsage, input: prompt, output: 100 },
    });

    const unsent = setup(async () => {
      throw new InterruptedError();
    });
    await expect(unsent.traced.generate(request())).rejects.toThrow(InterruptedError);
    expect(unsent.events.at(-1)).toMatchObject({ type: 'call-fail' });
    expect(unsent.events.at(-1)).not.toHaveProperty('usage');
  });
});
