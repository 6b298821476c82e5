import { describe, expect, test } from 'vitest';
import { chooseDebaters, type WantedDebaters } from '../../src/debate/debaters.ts';
import type { PoolModel } from '../../src/domain/ensemble.ts';

const model = (name: string, family: string, missing: PoolModel['missing'] = null): PoolModel => ({
  model: `${family}-api/${name}`,
  provider: `${family}-api`,
  family,
  missing,
});
const claude = model('opus', 'claude');
const sonnet = model('sonnet', 'claude');
const gpt = model('sol', 'gpt');
const gemini = model('pro', 'gemini');
const down = model('down', 'grok', {
  reason: 'XAI_API_KEY is not set',
  variables: ['XAI_API_KEY'],
});

const wanted: WantedDebaters = {
  strategist: null,
  critics: null,
  judge: null,
  count: 2,
  fewFamilies: 'warn',
};
const choose = (models: readonly PoolModel[], more: Partial<WantedDebaters> = {}) => {
  const { debaters, warnings } = chooseDebaters(() => models, { ...wanted, ...more });
  const { strategist, critics, judge } = debaters;
  return {
    strategist: strategist.model,
    critics: critics.map((each) => `${each.label} ${each.model}`),
    judge: judge.model,
    warnings,
  };
};

describe('who debates', () => {
  test('critics of other families than the strategist and each other, a judge of none of theirs', () => {
    expect(choose([claude, sonnet, gpt, gemini])).toEqual({
      strategist: 'claude-api/opus',
      critics: ['A gpt-api/sol', 'B gemini-api/pro'],
      judge: 'claude-api/opus',
      warnings: [],
    });
  });

  test('what cannot be reached takes no part', () => {
    expect(choose([down, claude, gpt, gemini]).strategist).toBe('claude-api/opus');
  });

  test('named critics stand: a strategist of their family gives way', () => {
    const chosen = choose([claude, gpt, gemini], { critics: ['claude', 'gpt-api/sol'] });
    expect(chosen).toMatchObject({
      strategist: 'gemini-api/pro',
      critics: ['A claude-api/opus', 'B gpt-api/sol'],
      judge: 'gemini-api/pro',
      warnings: [],
    });
  });

  test('one family alone: with a warning, or not at all', () => {
    const chosen = choose([claude, sonnet]);
    expect(chosen.critics).toEqual(['A claude-api/sonnet', 'B claude-api/opus']);
    expect(chosen.warnings).toContain('several critics are of the family claude');
    expect(() => choose([claude, sonnet], { fewFamilies: 'stop' })).toThrow(
      expect.objectContaining({ code: 'debate-too-few-families', exitCode: 5 }),
    );
  });

  test('one model alone plays every part', () => {
    expect(choose([gpt]).critics).toEqual(['A gpt-api/sol', 'B gpt-api/sol']);
  });

  test('three critics, the families first', () => {
    expect(choose([claude, sonnet, gpt, gemini], { count: 3 }).critics).toEqual([
      'A gpt-api/sol',
      'B gemini-api/pro',
      'C claude-api/sonnet',
    ]);
  });

  test.each([
    [[], {}, 'no-model', 5],
    [[down], {}, 'no-model', 5],
    [[claude, down, gpt], { judge: 'grok' }, 'no-model', 5],
    [[claude, gpt], { judge: 'nobody' }, 'no-model', 2],
    [[claude, gpt], { critics: ['gpt'] }, 'usage', 2],
    [[claude, gpt], { critics: ['gpt', 'gpt-api/sol'] }, 'usage', 2],
  ] as const)('%#: refused as %s', (models, more, code, exitCode) => {
    expect(() => choose(models, more)).toThrow(expect.objectContaining({ code, exitCode }));
  });
});
