import { describe, expect, it, vi } from 'vitest';
import { configSchema } from '../../../src/config/schema.ts';
import type { RunEventBody } from '../../../src/domain/event.ts';
import { ModelError } from '../../../src/domain/model-error.ts';
import { costOf, type Price } from '../../../src/domain/price.ts';
import { noUsage, type Usage } from '../../../src/domain/usage.ts';
import type { LanguageModel, ModelRequest } from '../../../src/models/language-model.ts';
import { createBudget, type BudgetOptions } from '../../../src/models/middleware/budget.ts';
import { createStack } from '../../../src/models/middleware/stack.ts';
import { createCallStore } from '../../../src/state/call-store.ts';
import { temporaryFolder } from '../../state/fixtures.ts';
import { request } from '../requests.ts';

/** 100 tokens of input, which is 0.1 USD, and 0.001 USD for each token of output. */
const price: Price = { input: 1_000, output: 1_000 };
const inputTokens = 100;
const used = (output: number): Usage => ({ ...noUsage, input: inputTokens, output });

/** A model that does what the test says, and counts. */
function model(act: (request: ModelRequest, nth: number) => Promise<Usage>, ref = 'one') {
  const requests: ModelRequest[] = [];
  const identity = { ref: { provider: 'fake', model: ref }, family: 'fake' };
  const inner: LanguageModel = {
    identity,
    async generate(asked) {
      requests.push(asked);
      return {
        text: 'reply',
        finishReason: 'stop',
        rawFinishReason: null,
        usage: await act(asked, requests.length),
        identity,
        servedBy: ref,
        warnings: [],
      };
    },
  };
  return { inner, requests };
}

/** The whole stack, so that the budget learns of tries as it does in the program. */
async function setup(more: Partial<BudgetOptions> = {}) {
  const featuresDir = await temporaryFolder();
  const events: RunEventBody[] = [];
  const budget = createBudget({
    caps: { run: 1, feature: null, roles: {} },
    spentElsewhere: async () => 0,
    allowUnpriced: false,
    priceOf: () => price,
    countTokens: async () => inputTokens,
    ...more,
  });
  const wrap = createStack({
    calls: { ...configSchema.parse({}).calls, retries: 3 },
    models: new Map(),
    limits: new Map(),
    store: createCallStore({ featuresDir, displayRoot: featuresDir }, 'f'),
    emit: (event) => events.push(event),
    now: () => new Date(),
    asSent: (text) => text,
    account(role, _model, usage) {
      const usd = costOf(usage, price);
      budget.spend(role, usd);
      return usd;
    },
    withBudget: budget.wrap,
  });
  return { wrap, events };
}

const busy = (usage?: Usage): ModelError =>
  new ModelError({
    kind: 'overloaded',
    model: 'fake/one',
    message: 'busy',
    retryAfterMs: 0,
    usage,
  });

const asked = (text: string, more: Partial<ModelRequest> = {}): ModelRequest =>
  request({ parts: [{ role: 'user', name: 'task', text }], maxOutputTokens: 400, ...more });

const reached = { code: 'budget-reached', exitCode: 4 };

describe('the budget in the stack', () => {
  it('lets calls through while their worst case fits, and then none', async () => {
    const { wrap } = await setup();
    const { inner, requests } = model(async () => used(100));
    const wrapped = wrap(inner);
    // Each may cost 0.5 and does cost 0.2: after three of them 0.4 is left.
    for (const text of ['a', 'b', 'c']) await wrapped.generate(asked(text));
    await expect(wrapped.generate(asked('d'))).rejects.toMatchObject(reached);
    expect(requests).toHaveLength(3);
  });

  it('takes nothing for replies that are stored', async () => {
    const { wrap } = await setup({ caps: { run: 0.5, feature: null, roles: {} } });
    const { inner, requests } = model(async () => used(100));
    const wrapped = wrap(inner);
    for (let time = 0; time < 5; time++) await wrapped.generate(asked('same'));
    expect(requests).toHaveLength(1);
    await expect(wrapped.generate(asked('other'))).rejects.toMatchObject(reached);
    expect((await wrapped.generate(asked('same'))).text).toBe('reply');
  });

  it('asks for a shorter reply when that is what the money pays for', async () => {
    const { wrap } = await setup();
    const { inner, requests } = model(async () => used(100));
    const wrapped = wrap(inner);
    const long = (text: string): ModelRequest => asked(text, { maxOutputTokens: 16_000 });
    const cheap: Price = { input: 0, output: 100 };
    const second = await setup({ priceOf: () => cheap });
    await second.wrap(inner).generate(long('a'));
    expect(requests[0]?.maxOutputTokens).toBe(10_000);
    await expect(wrapped.generate(long('b'))).rejects.toMatchObject(reached);
  });

  it('says that the budget is reached when such a reply is cut', async () => {
    const { wrap } = await setup({ priceOf: () => ({ input: 0, output: 100 }) });
    const { inner } = model(async () => {
      throw new ModelError({ kind: 'truncated', model: 'fake/one', message: 'cut' });
    });
    const wrapped = wrap(inner);
    await expect(
      wrapped.generate(asked('short enough', { maxOutputTokens: 9_000 })),
    ).rejects.toMatchObject({ kind: 'truncated' });
    await expect(
      wrapped.generate(asked('too long', { maxOutputTokens: 16_000 })),
    ).rejects.toMatchObject(reached);
  });

  it('counts what others spend on the feature, also while this command runs', async () => {
    let elsewhere = 0.1;
    const { wrap } = await setup({
      caps: { run: null, feature: 1, roles: {} },
      spentElsewhere: async () => elsewhere,
    });
    const before = model(async () => used(1));
    await wrap(before.inner).generate(asked('before'));
    expect(before.requests).toHaveLength(1);
    elsewhere = 0.6;
    const { inner, requests } = model(async () => used(1));
    await expect(wrap(inner).generate(asked('a'))).rejects.toMatchObject(reached);
    expect(requests).toHaveLength(0);
  });

  it('keeps each role within its own cap', async () => {
    const { wrap } = await setup({
      caps: { run: null, feature: null, roles: { reviewer: 0.4 } },
    });
    const { inner } = model(async () => used(100));
    const wrapped = wrap(inner);
    await expect(wrapped.generate(asked('a', { role: 'reviewer' }))).rejects.toMatchObject(reached);
    for (const text of ['b', 'c', 'd', 'e']) await wrapped.generate(asked(text));
  });

  it('ends a call whose failed tries have used up what was left', async () => {
    const { wrap, events } = await setup();
    const { inner, requests } = model(async (_sent, nth) => {
      // Each broke off, and was paid for.
      if (nth < 9) throw busy(used(200));
      return used(1);
    });
    // 0.3 for each try: after two of them the third may lead to 0.6 + 0.5.
    await expect(wrap(inner).generate(asked('a'))).rejects.toMatchObject(reached);
    expect(requests).toHaveLength(2);
    const fails = events.flatMap((event) => (event.type === 'call-fail' ? [event.usd] : []));
    expect(fails).toEqual([0.3, 0.3].map((usd) => expect.closeTo(usd)));
  });

  it('never lets parallel calls pass the cap', async () => {
    const { wrap, events } = await setup({ caps: { run: 2, feature: null, roles: {} } });
    const { inner } = model(async (_sent, nth) => {
      await new Promise((resolve) => setImmediate(resolve));
      if (nth % 4 === 0) throw busy();
      return used(400);
    });
    const wrapped = wrap(inner);
    const all = Array.from({ length: 20 }, (_, index) => wrapped.generate(asked(`t${index}`)));
    const results = await Promise.allSettled(all);
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(16);
    for (const each of refused)
      expect(each).toMatchObject({ reason: expect.objectContaining(reached) });
    const spent = events.reduce(
      (sum, event) => sum + (event.type === 'call-finish' ? costOf(event.usage, price) : 0),
      0,
    );
    expect(spent).toBeCloseTo(2);
  });

  it('tells that a call waits for what calls under way may leave: no deadline counts that', async () => {
    const { wrap } = await setup({ caps: { run: 0.8, feature: null, roles: {} } });
    const releases: (() => void)[] = [];
    const { inner } = model(() => new Promise((resolve) => releases.push(() => resolve(used(1)))));
    const wrapped = wrap(inner);
    const first = wrapped.generate(asked('a'));
    let waiting = 0;
    const patience = { timeout: 30_000 };
    const hooks = { onWait: () => (waiting += 1), onWaitEnd: () => (waiting -= 1) };
    await vi.waitFor(() => expect(releases).toHaveLength(1), patience);
    const second = wrapped.generate(asked('b', hooks));
    await vi.waitFor(() => expect([releases.length, waiting]).toEqual([1, 1]), patience);
    releases[0]?.();
    await first;
    await vi.waitFor(() => expect([releases.length, waiting]).toEqual([2, 0]), patience);
    releases[1]?.();
    await second;
  });

  it('ends at once for an interruption, also while it waits', async () => {
    const { wrap } = await setup({ caps: { run: 0.5, feature: null, roles: {} } });
    const stop = new AbortController();
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    let arrive = (): void => undefined;
    const called = new Promise<void>((resolve) => (arrive = resolve));
    const { inner } = model(async () => {
      arrive();
      await released;
      return used(1);
    });
    const wrapped = wrap(inner);
    const first = wrapped.generate(asked('a'));
    await called;
    const second = wrapped.generate(asked('b', { signal: stop.signal }));
    await new Promise((resolve) => setTimeout(resolve, 20));
    stop.abort();
    await expect(second).rejects.toMatchObject({ code: 'interrupted' });
    release();
    expect((await first).text).toBe('reply');
  });
});

describe('a model of unknown price', () => {
  it('is refused, with the ways out', async () => {
    const { wrap } = await setup({ priceOf: () => null });
    const { inner, requests } = model(async () => used(1));
    await expect(wrap(inner).generate(asked('a'))).rejects.toMatchObject({
      code: 'price-unknown',
      exitCode: 2,
      target: 'fake/one',
      fix: expect.stringMatching(/"prices": \{"fake\/one".*allowUnpriced/),
    });
    expect(requests).toHaveLength(0);
  });

  it('is asked without a limit when the config allows it', async () => {
    const { wrap } = await setup({ priceOf: () => null, allowUnpriced: true });
    const { inner, requests } = model(async () => used(1_000_000));
    for (const text of ['a', 'b']) await wrap(inner).generate(asked(text));
    expect(requests).toHaveLength(2);
  });

  it('is not the same as one that costs nothing', async () => {
    const { wrap } = await setup({
      caps: { run: 0, feature: null, roles: {} },
      priceOf: (name) => (name === 'fake/free' ? { input: 0, output: 0 } : price),
    });
    const free = model(async () => used(1_000_000), 'free');
    expect((await wrap(free.inner).generate(asked('a'))).text).toBe('reply');
    const dear = model(async () => used(1));
    await expect(wrap(dear.inner).generate(asked('a'))).rejects.toMatchObject(reached);
  });
});
