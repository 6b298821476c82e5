import { describe, expect, it } from 'vitest';
import { ModelError, modelErrorKinds, type ModelErrorKind } from '../../src/domain/model-error.ts';
import { InterruptedError } from '../../src/domain/errors.ts';
import type { RunEventBody } from '../../src/domain/event.ts';
import {
  formatModelRef,
  isRules,
  modelRoles,
  parseModelRef,
  type ModelRef,
  type ModelRole,
} from '../../src/domain/model-role.ts';
import type { ResolvedRole } from '../../src/config/resolved-config.ts';
import type { LanguageModel, ModelProvider } from '../../src/models/language-model.ts';
import { createCooldown } from '../../src/models/cooldown.ts';
import { createRouter } from '../../src/models/router.ts';
import { fakeModel, type FakeReply } from '../helpers/fake-model.ts';
import { request } from './requests.ts';

type Reply = FakeReply;

const families: Record<string, string> = { claude: 'claude', gpt: 'gpt', gemini: 'gemini' };

function setup(
  lists: Partial<Record<ModelRole, string[] | { models: string[]; large: string[] }>>,
  options: {
    missing?: Record<string, string[]>;
    replies?: Record<string, readonly Reply[]>;
    fallbackOnRefusal?: boolean;
    /** Tokens that a model takes. */
    sizes?: Record<string, number>;
    /** Models that answered before, whatever the request. */
    kept?: readonly string[];
  } = {},
) {
  const events: RunEventBody[] = [];
  const made: string[] = [];
  const wrapped: string[] = [];
  const models = new Map<string, LanguageModel>();
  const providerOf = (name: string): ModelProvider => ({
    name,
    unavailable: () => {
      const variables = options.missing?.[name];
      return variables === undefined
        ? null
        : { reason: `${variables.join(' or ')} is not set`, variables };
    },
    model(id) {
      const ref = `${name}/${id}`;
      made.push(ref);
      const family = families[id.split('-')[0] ?? ''] ?? name;
      const script = { execute: options.replies?.[ref] ?? [] };
      const model = fakeModel(script, { ref, family });
      models.set(ref, model);
      return model;
    },
  });
  const refs = (texts: string[]): ModelRef[] => texts.flatMap((text) => parseModelRef(text) ?? []);
  const roles = Object.fromEntries(
    modelRoles.map((role): [ModelRole, ResolvedRole] => {
      const list = lists[role] ?? ['offline/planner'];
      const { models: small, large } = Array.isArray(list) ? { models: list, large: list } : list;
      return [role, { models: refs(small), large: refs(large), source: 'config' }];
    }),
  ) as Record<ModelRole, ResolvedRole>;
  const names = Object.values(roles).flatMap(({ models: small, large }) =>
    [...small, ...large].map(({ provider }) => provider),
  );
  let now = 0;
  const emit = (event: RunEventBody): void => void events.push(event);
  const router = createRouter({
    roles,
    routing: {
      parserLargeTokens: 100,
      coderLargeTokens: 200,
      fallbackOnRefusal: options.fallbackOnRefusal ?? false,
    },
    providers: new Map([...new Set(names)].map((name) => [name, providerOf(name)])),
    wrap: (model) => {
      wrapped.push(model.identity.ref.model);
      return model;
    },
    cooldown: createCooldown({ longestAskedMs: 60_000, emit, now: () => new Date(now) }),
    contextTokens: (ref) => options.sizes?.[formatModelRef(ref)] ?? null,
    kept: async (ref) => options.kept?.includes(formatModelRef(ref)) ?? false,
    emit,
  });
  const pass = (ms: number): void => {
    now += ms;
  };
  return { router, events, made, wrapped, pass };
}

const all = ['anthropic/claude-1', 'openai/gpt-1', 'google/gemini-1', 'offline/planner'];

describe('decide', () => {
  it('takes the first of the role and says so', () => {
    const { router } = setup({ coder: all });
    expect(router.decide('coder')).toEqual({
      role: 'coder',
      chosen: 'anthropic/claude-1',
      reason: 'first of coder',
      passedOver: [],
      fallbacks: ['openai/gpt-1', 'google/gemini-1'],
    });
  });

  it('passes over what cannot be reached, each with its reason', () => {
    const { router } = setup({ coder: all }, { missing: { anthropic: ['ANTHROPIC_API_KEY'] } });
    const decision = router.decide('coder');
    expect(decision.chosen).toBe('openai/gpt-1');
    expect(decision.reason).toBe('first reachable of coder');
    expect(decision.passedOver).toEqual([
      { model: 'anthropic/claude-1', reason: 'ANTHROPIC_API_KEY is not set' },
    ]);
    expect(decision.fallbacks).toEqual(['google/gemini-1']);
  });

  it('is still the first when a later one cannot be reached', () => {
    const { router } = setup({ coder: all }, { missing: { google: ['GEMINI_API_KEY'] } });
    expect(router.decide('coder')).toMatchObject({
      chosen: 'anthropic/claude-1',
      reason: 'first of coder',
      fallbacks: ['openai/gpt-1'],
    });
  });

  describe('the size rule', () => {
    const lists = { models: ['a/small'], large: ['b/large'] };
    it.each([
      ['parser', 100, 'a/small', 'first of parser, small (about 100 tokens ≤ 100)'],
      ['parser', 101, 'b/large', 'first of parser, large (about 101 tokens > 100)'],
      ['coder', 200, 'a/small', 'first of coder, small (about 200 tokens ≤ 200)'],
      ['coder', 201, 'b/large', 'first of coder, large (about 201 tokens > 200)'],
      ['architect', 100_000, 'a/small', 'first of architect'],
      ['reviewer', 100_000, 'a/small', 'first of reviewer'],
    ] as const)('sends %s with %i tokens to %s', (role, contentTokens, chosen, reason) => {
      const { router } = setup({ [role]: lists });
      expect(router.decide(role, { contentTokens })).toMatchObject({ chosen, reason });
    });

    it('takes the ordinary list after the large one where no large model can be reached', () => {
      const { router } = setup({ coder: lists }, { missing: { b: ['B_KEY'] } });
      expect(router.decide('coder', { contentTokens: 201 })).toMatchObject({
        chosen: 'a/small',
        reason: 'first reachable of coder, large (about 201 tokens > 200)',
        passedOver: [{ model: 'b/large', reason: 'B_KEY is not set' }],
      });
    });

    it('prefers a model of the ordinary list to rules of the large one', () => {
      const { router } = setup({ coder: { models: ['a/small'], large: ['offline/planner'] } });
      expect(router.decide('coder', { contentTokens: 201 }).chosen).toBe('a/small');
    });

    it('takes the ordinary list where the size is not known', () => {
      const { router } = setup({ coder: lists });
      expect(router.decide('coder')).toMatchObject({ chosen: 'a/small', reason: 'first of coder' });
    });
  });

  describe('another family', () => {
    it('is taken where one is reachable, and stays first among the fallbacks', () => {
      const { router } = setup({ reviewer: ['openai/gpt-1', 'a/gpt-2', ...all.slice(0, 3)] });
      const decision = router.decide('reviewer', { avoidFamilies: ['gpt'] });
      expect(decision.chosen).toBe('anthropic/claude-1');
      expect(decision.reason).toContain('of another family than the author’s');
      expect(decision.passedOver).toEqual([
        { model: 'openai/gpt-1', reason: 'same family as the author' },
        { model: 'a/gpt-2', reason: 'same family as the author' },
      ]);
      expect(decision.fallbacks[0]).toBe('google/gemini-1');
      expect(decision.fallbacks).toContain('openai/gpt-1');
    });

    it('is given up, with a word, where only the author’s can be reached', () => {
      const { router } = setup({ reviewer: all }, { missing: { anthropic: ['A'], google: ['G'] } });
      const decision = router.decide('reviewer', { avoidFamilies: ['gpt'] });
      expect(decision.chosen).toBe('openai/gpt-1');
      expect(decision.reason).toContain('no other family than the author’s is reachable');
      expect(decision.fallbacks).toEqual([]);
    });

    it('avoids several, and where all are to be avoided takes the one that matters least', () => {
      const { router } = setup({ reviewer: ['openai/gpt-1', 'anthropic/claude-1'] });
      const decide = (avoidFamilies: string[]) =>
        router.decide('reviewer', { avoidFamilies }).chosen;
      expect(decide(['gpt'])).toBe('anthropic/claude-1');
      expect(decide(['claude', 'gpt'])).toBe('openai/gpt-1');
      expect(decide(['gpt', 'claude'])).toBe('anthropic/claude-1');
      expect(decide(['gemini'])).toBe('openai/gpt-1');
    });

    it('of one family takes another model than the author, and one of another role before itself', () => {
      const need = { avoidFamilies: ['claude'], avoidModels: ['anthropic/claude-1'] };
      const both = setup({ reviewer: ['anthropic/claude-1', 'anthropic/claude-2'] });
      const decision = both.router.decide('reviewer', need);
      expect(decision.chosen).toBe('anthropic/claude-2');
      expect(decision.passedOver).toEqual([
        { model: 'anthropic/claude-1', reason: 'its own work' },
      ]);

      const elsewhere = setup({
        reviewer: ['anthropic/claude-1'],
        coder: ['anthropic/claude-1', 'openai/gpt-1'],
      });
      expect(elsewhere.router.decide('reviewer', need)).toMatchObject({
        chosen: 'openai/gpt-1',
        reason: expect.stringContaining('stands in as one of reviewer') as string,
      });

      const alone = setup({ reviewer: ['anthropic/claude-1'] });
      expect(alone.router.decide('reviewer', need)).toMatchObject({
        chosen: 'anthropic/claude-1',
        reason: expect.stringContaining('no other model than its authors is reachable') as string,
      });
    });

    it('never makes rules a choice while a model can be reached', () => {
      const { router } = setup({ reviewer: ['offline/planner', 'openai/gpt-1'] });
      expect(router.decide('reviewer', { avoidFamilies: ['gpt'] })).toMatchObject({
        chosen: 'openai/gpt-1',
        fallbacks: [],
      });
    });
  });

  it('takes rules where nothing else can be reached, and says so', () => {
    const missing = { anthropic: ['A'], openai: ['B'], google: ['C'] };
    const { router, made } = setup({ coder: all }, { missing });
    const decision = router.decide('coder');
    expect(decision.chosen).toBe('offline/planner');
    expect(decision.reason).toContain('no model is reachable: rules stand in');
    expect(decision.fallbacks).toEqual([]);
    expect(isRules(decision.chosen)).toBe(true);
    expect(() => router.model(decision)).toThrowError(
      expect.objectContaining({ code: 'no-model' }),
    );
    expect(made).not.toContain('offline/planner');
  });

  it('names the variables of exactly the models that the role lists when none can be reached', () => {
    const { router } = setup(
      {
        coder: { models: ['anthropic/claude-1', 'openai/gpt-1'], large: ['google/gemini-1'] },
        reviewer: ['xai/grok-1'],
      },
      {
        missing: {
          anthropic: ['ANTHROPIC_API_KEY'],
          openai: ['OPENAI_API_KEY'],
          google: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
          xai: ['XAI_API_KEY'],
        },
      },
    );
    const failure = (decide: () => unknown): unknown => {
      try {
        return decide();
      } catch (error) {
        return error;
      }
    };
    expect(failure(() => router.decide('coder'))).toMatchObject({
      code: 'no-model',
      exitCode: 5,
      target: 'roles.coder',
      message: expect.stringContaining('anthropic/claude-1, openai/gpt-1'),
      fix: 'Set ANTHROPIC_API_KEY or OPENAI_API_KEY, or change roles.coder in the config.',
    });
    expect(failure(() => router.decide('coder', { contentTokens: 1000 }))).toMatchObject({
      fix: 'Set GEMINI_API_KEY or GOOGLE_API_KEY, or change roles.coder in the config.',
    });
    expect(failure(() => router.decide('reviewer'))).toMatchObject({
      fix: 'Set XAI_API_KEY, or change roles.reviewer in the config.',
    });
  });
});

describe('model', () => {
  const error = (kind: ModelErrorKind, model: string): ModelError =>
    new ModelError({ kind, model, message: `${kind} of ${model}` });
  const helps: Record<ModelErrorKind, boolean> = {
    auth: true,
    rate_limit: true,
    quota_exhausted: true,
    overloaded: true,
    timeout: true,
    network: true,
    bad_request: false,
    context_too_long: true,
    refused: false,
    truncated: false,
    malformed: true,
    reply_too_large: true,
    unavailable: true,
  };

  it.each(modelErrorKinds)(
    'on %s asks the next model exactly where that can help',
    async (kind) => {
      const { router, events } = setup(
        { coder: all },
        {
          replies: {
            'anthropic/claude-1': [error(kind, 'anthropic/claude-1')],
            'openai/gpt-1': ['x'],
          },
        },
      );
      const answered = router.model(router.decide('coder')).generate(request());
      if (helps[kind]) {
        expect((await answered).identity.ref).toEqual({ provider: 'openai', model: 'gpt-1' });
        expect(events.filter(({ type }) => type !== 'route-cooldown')).toEqual([
          {
            type: 'route-fallback',
            role: 'coder',
            from: 'anthropic/claude-1',
            to: 'openai/gpt-1',
            kind,
          },
        ]);
      } else {
        await expect(answered).rejects.toMatchObject({ kind });
        expect(events).toEqual([]);
      }
    },
  );

  it('throws the last fault when none answers, and never asks rules', async () => {
    const { router, events, made } = setup(
      { coder: all },
      {
        replies: {
          'anthropic/claude-1': [error('auth', 'anthropic/claude-1')],
          'openai/gpt-1': [error('overloaded', 'openai/gpt-1')],
          'google/gemini-1': [error('network', 'google/gemini-1')],
        },
      },
    );
    const answered = router.model(router.decide('coder')).generate(request());
    await expect(answered).rejects.toMatchObject({ kind: 'network', model: 'google/gemini-1' });
    expect(events.filter(({ type }) => type === 'route-fallback')).toHaveLength(2);
    expect(made).not.toContain('offline/planner');
  });

  it.each([new InterruptedError(), new TypeError('a bug')])('lets %s pass', async (fault) => {
    const { router, events } = setup(
      { coder: all },
      { replies: { 'anthropic/claude-1': [fault], 'openai/gpt-1': ['x'] } },
    );
    await expect(router.model(router.decide('coder')).generate(request())).rejects.toBe(fault);
    expect(events).toEqual([]);
  });

  it('makes and wraps each model once, whatever the roles', () => {
    const { router, made, wrapped } = setup({ coder: ['a/m'], reviewer: ['a/m'] });
    router.model(router.decide('coder'));
    router.model(router.decide('reviewer'));
    expect(made).toEqual(['a/m']);
    expect(wrapped).toEqual(['m']);
  });

  it('leaves out models whose provider is no longer there', async () => {
    const { router } = setup({ coder: ['a/m'] }, { replies: { 'a/m': ['x'] } });
    const decision = { ...router.decide('coder'), chosen: 'gone/x', fallbacks: ['a/m'] };
    expect((await router.model(decision).generate(request())).text).toBe('x');
    expect(() => router.model({ ...decision, fallbacks: [] })).toThrow(
      expect.objectContaining({ code: 'no-model' }),
    );
  });
});

const fault = (kind: ModelErrorKind, model: string): ModelError =>
  new ModelError({ kind, model, message: `${kind} of ${model}` });

describe('a model that keeps failing', () => {
  const busy = Array<ModelError>(3).fill(fault('overloaded', 'anthropic/claude-1'));
  const setupBusy = async () => {
    const set = setup(
      { coder: all },
      {
        replies: {
          'anthropic/claude-1': [...busy, 'well again'],
          'openai/gpt-1': ['1', '2', '3', '4', '5'],
        },
      },
    );
    const before = set.router.model(set.router.decide('coder'));
    for (const text of ['1', '2', '3']) expect((await before.generate(request())).text).toBe(text);
    return { ...set, before };
  };

  it('is passed over by the next decision, with the reason, and still stands by as the last', async () => {
    const { router } = await setupBusy();
    expect(router.decide('coder')).toEqual({
      role: 'coder',
      chosen: 'openai/gpt-1',
      reason: 'first reachable of coder',
      passedOver: [
        {
          model: 'anthropic/claude-1',
          reason: 'failed (overloaded, 3 times in a row); not asked for another 30 s',
        },
      ],
      fallbacks: ['google/gemini-1', 'anthropic/claude-1'],
    });
  });

  it('is passed over by work that was given to it before, too', async () => {
    const { before, events } = await setupBusy();
    events.length = 0;
    expect((await before.generate(request())).text).toBe('4');
    expect(events).toEqual([
      {
        type: 'route-fallback',
        role: 'coder',
        from: 'anthropic/claude-1',
        to: 'openai/gpt-1',
        kind: 'overloaded',
      },
    ]);
  });

  it('is the first again when its time is over', async () => {
    const { router, before, pass } = await setupBusy();
    pass(30_000);
    expect(router.decide('coder').chosen).toBe('anthropic/claude-1');
    expect((await before.generate(request())).text).toBe('well again');
  });

  it('is asked all the same where every other fails as well', async () => {
    const { router } = setup(
      { coder: ['anthropic/claude-1'] },
      { replies: { 'anthropic/claude-1': [fault('auth', 'anthropic/claude-1'), 'x'] } },
    );
    const model = router.model(router.decide('coder'));
    await expect(model.generate(request())).rejects.toMatchObject({ kind: 'auth' });
    expect(router.decide('coder')).toMatchObject({
      chosen: 'anthropic/claude-1',
      reason: 'first of coder; every model that can be reached keeps failing',
      passedOver: [],
    });
    expect((await model.generate(request())).text).toBe('x');
  });

  it('gives way to the author’s own family rather than being asked', async () => {
    const { router } = setup(
      { reviewer: ['anthropic/claude-1', 'openai/gpt-1'] },
      {
        replies: {
          'anthropic/claude-1': [fault('auth', 'anthropic/claude-1')],
          'openai/gpt-1': ['x'],
        },
      },
    );
    await router.model(router.decide('reviewer')).generate(request());
    const decision = router.decide('reviewer', { avoidFamilies: ['gpt'] });
    expect(decision.chosen).toBe('openai/gpt-1');
    expect(decision.passedOver).toMatchObject([
      { model: 'anthropic/claude-1', reason: expect.stringContaining('failed (auth)') },
    ]);
  });
});

describe('a prompt that is too long', () => {
  const tooLong = (model: string): ModelError => fault('context_too_long', model);
  const lists = { models: ['a/small', 'b/small', 'c/unknown'], large: ['d/large', 'a/small'] };

  it('goes to the models that take more, those of the large list too, then to unknown ones', async () => {
    const { router, events } = setup(
      { coder: lists },
      {
        sizes: { 'a/small': 1_000, 'b/small': 1_000, 'd/large': 5_000 },
        replies: {
          'a/small': [tooLong('a/small')],
          'd/large': [fault('overloaded', 'd/large')],
          'c/unknown': ['x'],
        },
      },
    );
    expect((await router.model(router.decide('coder')).generate(request())).text).toBe('x');
    expect(events).toMatchObject([
      { type: 'route-fallback', from: 'a/small', to: 'd/large', kind: 'context_too_long' },
      { type: 'route-fallback', from: 'd/large', to: 'c/unknown', kind: 'overloaded' },
    ]);
  });

  it('goes on in order where no size is known, and asks none twice', async () => {
    const { router, events } = setup(
      { coder: lists },
      {
        replies: {
          'a/small': [tooLong('a/small')],
          'b/small': [tooLong('b/small')],
          'c/unknown': [tooLong('c/unknown')],
          'd/large': [tooLong('d/large')],
        },
      },
    );
    await expect(router.model(router.decide('coder')).generate(request())).rejects.toMatchObject({
      kind: 'context_too_long',
      model: 'd/large',
    });
    expect(events).toHaveLength(3);
  });

  it('leaves out models of the large list that cannot be reached', async () => {
    const { router } = setup(
      { coder: { models: ['a/small'], large: ['d/large'] } },
      { missing: { d: ['D_KEY'] }, replies: { 'a/small': [tooLong('a/small')] } },
    );
    await expect(router.model(router.decide('coder')).generate(request())).rejects.toMatchObject({
      kind: 'context_too_long',
      model: 'a/small',
    });
  });
});

describe('a refusal', () => {
  const replies = {
    'anthropic/claude-1': [fault('refused', 'anthropic/claude-1')],
    'openai/gpt-1': ['x'],
  };

  it('goes to the next model where the config says so', async () => {
    const { router, events } = setup({ coder: all }, { replies, fallbackOnRefusal: true });
    expect((await router.model(router.decide('coder')).generate(request())).text).toBe('x');
    expect(events).toMatchObject([{ type: 'route-fallback', kind: 'refused' }]);
  });
});

describe('an answer that was paid for', () => {
  it('is taken from whoever gave it, before anyone else is asked', async () => {
    const { router, events } = setup(
      { coder: all },
      { kept: ['google/gemini-1'], replies: { 'google/gemini-1': ['kept'] } },
    );
    expect((await router.model(router.decide('coder')).generate(request())).text).toBe('kept');
    expect(events).toEqual([]);
  });

  it('is taken before others are asked when the one before it fails', async () => {
    const down = new ModelError({ kind: 'auth', model: 'anthropic/claude-1', message: 'no key' });
    const { router, events } = setup(
      { coder: all },
      {
        kept: ['anthropic/claude-1', 'google/gemini-1'],
        replies: { 'anthropic/claude-1': [down], 'google/gemini-1': ['kept'] },
      },
    );
    expect((await router.model(router.decide('coder')).generate(request())).text).toBe('kept');
    expect(events).toMatchObject([
      { type: 'route-cooldown' },
      { type: 'route-fallback', from: 'anthropic/claude-1', to: 'google/gemini-1' },
    ]);
  });
});
