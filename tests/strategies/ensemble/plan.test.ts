import { describe, expect, it } from 'vitest';
import type { EnsemblePlan, PoolModel } from '../../../src/domain/ensemble.ts';
import { planEnsemble, type PlanRequest } from '../../../src/strategies/ensemble/plan.ts';
import { task } from '../../state/fixtures.ts';
import { opus, pooled, pro, settingsWith, sonnet, terra } from './members.ts';

const backend = { mode: null, primaries: ['claude', 'codex'], validators: ['gemini'] };

function plan(
  more: Partial<PlanRequest> = {},
  pool: PoolModel[] = [sonnet, terra, pro],
): EnsemblePlan {
  return planEnsemble({
    task: task('T1', { title: 'A REST API endpoint', complexity: 5 }),
    mode: null,
    models: [],
    pool: { primaries: pool, validators: pool },
    settings: settingsWith({ categories: { backend } }),
    ...more,
  });
}

const names = (members: EnsemblePlan['primaries']): string[] => members.map(({ model }) => model);

describe('the category', () => {
  it('is found by the words of the task, and a given one wins', () => {
    expect(plan().category).toMatchObject({ category: 'backend' });
    const given = plan({ task: task('T1', { title: 'A REST API', category: 'data' }) });
    expect(given.category).toMatchObject({ category: 'data', reason: 'given with the task' });
    expect(given.category.scores[0]?.category).toBe('backend');
  });
});

describe('the mode', () => {
  it.each([
    [1, 'simple'],
    [3, 'simple'],
    [4, 'medium'],
    [6, 'medium'],
    [7, 'complex'],
    [8, 'complex'],
    [9, 'architectural'],
    [10, 'architectural'],
  ])('at complexity %i is %s, and says why', (complexity, mode) => {
    expect(plan({ task: task('T1', { complexity }) })).toMatchObject({
      mode,
      modeReason: `complexity ${complexity} of 10`,
    });
  });

  it('is what was asked for, else set for the category, the type, all', () => {
    const all = settingsWith({
      mode: 'medium',
      types: { code: 'complex' },
      categories: { backend: { ...backend, mode: 'architectural' } },
    });
    expect(plan({ settings: all, mode: 'simple' })).toMatchObject({
      mode: 'simple',
      modeReason: 'asked for',
    });
    expect(plan({ settings: all })).toMatchObject({
      mode: 'architectural',
      modeReason: 'set for backend',
    });
    const poem = task('T1', { title: 'A poem', description: '', acceptance: [], files: [] });
    expect(plan({ settings: all, task: poem })).toMatchObject({
      mode: 'complex',
      modeReason: 'set for tasks of type code',
    });
    expect(plan({ settings: all, task: { ...poem, type: 'boilerplate' } })).toMatchObject({
      mode: 'medium',
    });
    expect(plan({ settings: all, mode: 'auto' }).modeReason).toBe('complexity 5 of 10');
  });
});

describe('the members', () => {
  it.each([
    ['simple', ['anthropic/sonnet'], []],
    ['medium', ['anthropic/sonnet', 'openai/terra'], ['google/pro']],
    ['complex', ['anthropic/sonnet', 'openai/terra'], ['google/pro', 'anthropic/opus']],
    [
      'architectural',
      ['anthropic/sonnet', 'openai/terra', 'google/pro', 'anthropic/opus'],
      ['google/pro'],
    ],
  ] as const)('of %s', (mode, primaries, validators) => {
    const made = plan({ mode }, [sonnet, terra, pro, opus]);
    expect(names(made.primaries).toSorted()).toEqual(primaries.toSorted());
    expect(names(made.validators)).toEqual(validators);
    expect(made.substitutes).toEqual(
      ['anthropic/sonnet', 'openai/terra', 'google/pro', 'anthropic/opus'].filter(
        (name) => !(primaries as readonly string[]).includes(name),
      ),
    );
  });

  it('are taken by product, provider, family or full name, the product itself first', () => {
    const codex = pooled('codex-cli/gpt-5', 'gpt');
    const made = plan({ mode: 'simple', models: ['codex', 'google', 'claude', 'openai/terra'] }, [
      terra,
      opus,
      pro,
      sonnet,
      codex,
    ]);
    expect(names(made.primaries)).toEqual([
      'codex-cli/gpt-5',
      'google/pro',
      'anthropic/opus',
      'openai/terra',
    ]);
    expect(made.wanted).toEqual({ primaries: 4, validators: 0 });
  });

  it('that cannot be reached or are not configured are passed over with reasons, and made up for', () => {
    const made = plan(
      {
        mode: 'medium',
        settings: settingsWith({
          categories: {
            backend: { mode: null, primaries: ['grok', 'codex'], validators: ['gemini'] },
          },
        }),
      },
      [sonnet, pooled('openai/terra', 'gpt', false), pro, opus],
    );
    expect(made.passedOver).toEqual([
      { name: 'grok', as: 'primary', reason: 'no model of it is configured' },
      { name: 'codex', as: 'primary', reason: 'openai has no key' },
      { name: 'gemini', as: 'validator', reason: 'it answers itself' },
    ]);
    expect(names(made.primaries)).toEqual(['anthropic/sonnet', 'google/pro']);
    expect(made.primaries[0]?.reason).toBe('in place of one passed over');
    // No family is left, so a model that does not answer itself judges.
    expect(made.validators).toMatchObject([
      { model: 'anthropic/opus', reason: 'no other family is reachable' },
    ]);
  });

  it('are one where one alone can be reached, which judges itself for want of another', () => {
    const made = plan({ mode: 'complex' }, [sonnet]);
    expect(names(made.primaries)).toEqual(['anthropic/sonnet']);
    expect(made.validators).toMatchObject([
      { model: 'anthropic/sonnet', reason: 'no other model is reachable' },
    ]);
    expect(made.wanted).toEqual({ primaries: 2, validators: 2 });
  });

  it('that are asked for are not made up for by others', () => {
    const made = plan({ mode: 'medium', models: ['claude', 'grok'] });
    expect(names(made.primaries)).toEqual(['anthropic/sonnet']);
    expect(made.passedOver).toMatchObject([{ name: 'grok' }]);
  });

  it('are nobody: an error that names what would help', () => {
    const unreachable = [pooled('one/a', 'a', false), pooled('two/b', 'b', false)];
    expect(() => plan({ models: ['one'] }, unreachable)).toThrowError(
      expect.objectContaining({
        code: 'no-model',
        exitCode: 5,
        message: 'No model that could answer can be reached: one (one has no key)',
        fix: 'Set ONE_KEY or TWO_KEY, or name others with --models.',
      }),
    );
    expect(() => plan({}, [])).toThrowError(expect.objectContaining({ code: 'no-model' }));
  });

  it('are the same however often it is asked', () => {
    expect(plan({ mode: 'complex' })).toEqual(plan({ mode: 'complex' }));
  });
});
