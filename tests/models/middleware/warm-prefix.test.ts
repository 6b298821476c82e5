import { describe, expect, it } from 'vitest';
import { InterruptedError } from '../../../src/domain/errors.ts';
import type {
  LanguageModel,
  MessagePart,
  ModelRequest,
  ModelResult,
} from '../../../src/models/language-model.ts';
import { withWarmPrefix } from '../../../src/models/middleware/warm-prefix.ts';
import { fakeModel } from '../../helpers/fake-model.ts';
import { manualClock } from '../../helpers/manual-clock.ts';
import { request } from '../requests.ts';

interface Sent {
  readonly name: string;
  /** The first sign of life. */
  begin(): void;
  end(): void;
  fail(error: Error): void;
}

/** A model whose calls begin and end when the test says so. */
async function setup() {
  const clock = manualClock();
  const sent: Sent[] = [];
  const { identity } = fakeModel({});
  const done = await fakeModel({ execute: ['x'] }).generate(request());
  const inner: LanguageModel = {
    identity,
    generate: (asked) =>
      new Promise<ModelResult>((resolve, reject) => {
        sent.push({
          name: asked.parts.at(-1)?.text ?? '',
          begin: () => asked.onActivity?.(),
          end: () => resolve(done),
          fail: reject,
        });
      }),
  };
  const model = withWarmPrefix(inner, clock);
  const settle = (): Promise<void> => clock.pass(0);
  /** The call is in an object, as a promise of a promise would be waited for. */
  const ask = async (asked: ModelRequest): Promise<{ call: Promise<ModelResult> }> => {
    const call = model.generate(asked);
    call.catch(() => undefined);
    await settle();
    return { call };
  };
  const names = (): string[] => sent.map(({ name }) => name);
  const named = (name: string): Sent => {
    const found = sent.find((call) => call.name === name);
    if (found === undefined) throw new Error(`${name} was not sent`);
    return found;
  };
  return { clock, ask, names, named, settle };
}

const words = (name: string, tokens = 2_000): string => `${name} ${'word '.repeat(tokens)}`;
const stable = (name: string, tokens?: number): MessagePart => ({
  role: 'user',
  name: 'context',
  text: words(name, tokens),
  cache: true,
});
const asking = (last: string, ...before: MessagePart[]): ModelRequest =>
  request({ parts: [...before, { role: 'user', name: 'task', text: last }] });

describe('withWarmPrefix', () => {
  it('sends one call first, and the others when its reply has begun', async () => {
    const { ask, names, named, settle } = await setup();
    for (const name of ['a', 'b', 'c']) await ask(asking(name, stable('spec')));
    expect(names()).toEqual(['a']);
    named('a').begin();
    await settle();
    expect(names()).toEqual(['a', 'b', 'c']);
  });

  it('does so for each of several shared beginnings, the longer after the shorter', async () => {
    const { ask, names, named, settle } = await setup();
    for (const name of ['1a', '1b', '2a', '2b'])
      await ask(asking(name, stable('spec'), stable(`candidate ${name[0] ?? ''}`)));
    expect(names()).toEqual(['1a']);
    named('1a').begin();
    await settle();
    expect(names()).toEqual(['1a', '1b', '2a']);
    named('2a').begin();
    await settle();
    expect(names()).toEqual(['1a', '1b', '2a', '2b']);
  });

  it('lets the next go first when the first fails before it has begun', async () => {
    const { ask, names, named, settle } = await setup();
    for (const name of ['a', 'b', 'c']) await ask(asking(name, stable('spec')));
    named('a').fail(new Error('no'));
    await settle();
    expect(names()).toEqual(['a', 'b']);
    named('b').end();
    await settle();
    expect(names()).toEqual(['a', 'b', 'c']);
  });

  it('makes nobody wait for what is warm, until the cache has forgotten it', async () => {
    const { ask, names, named, clock } = await setup();
    await ask(asking('a', stable('spec')));
    named('a').begin();
    named('a').end();
    for (const name of ['b', 'c']) await ask(asking(name, stable('spec')));
    expect(names()).toEqual(['a', 'b', 'c']);
    await clock.pass(300_000);
    for (const name of ['d', 'e']) await ask(asking(name, stable('spec')));
    expect(names()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('makes nobody wait who shares too little, or nothing that is marked', async () => {
    const { ask, names } = await setup();
    for (const name of ['a', 'b']) await ask(asking(name, stable('short', 100)));
    for (const name of ['c', 'd']) await ask(asking(name, { ...stable('unmarked'), cache: false }));
    await ask(asking('e', stable('one')));
    await ask(asking('f', stable('another')));
    await ask({ ...asking('g', stable('one')), schema: { name: 's', json: {} } });
    expect(names()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  });

  it('waits for a silent first call no longer than half a minute', async () => {
    const { ask, names, clock } = await setup();
    for (const name of ['a', 'b', 'c']) await ask(asking(name, stable('spec')));
    await clock.pass(29_999);
    expect(names()).toEqual(['a']);
    await clock.pass(1);
    expect(names()).toEqual(['a', 'b', 'c']);
  });

  it('stops waiting when the call is interrupted', async () => {
    const { ask, names } = await setup();
    await ask(asking('a', stable('spec')));
    const stop = new AbortController();
    const { call: waiting } = await ask({ ...asking('b', stable('spec')), signal: stop.signal });
    stop.abort();
    await expect(waiting).rejects.toBeInstanceOf(InterruptedError);
    expect(names()).toEqual(['a']);
  });
});
