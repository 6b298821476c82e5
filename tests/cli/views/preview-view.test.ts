import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { cellsOf } from '../../../src/cli/views/cells.ts';
import { previewText } from '../../../src/cli/views/preview-view.ts';
import { documentOf } from './documents.ts';

const plain = new Chalk({ level: 0 });

function previewOf(ids: readonly string[]): Parameters<typeof previewText>[1] {
  const { tasks } = documentOf(
    ids.map((id) => ({ id, title: `${id} ${'日本語 '.repeat(20)}`.trim() })),
  );
  const route = {
    role: 'coder' as const,
    chosen: 'vendor/model',
    reason: 'first of coder',
    passedOver: [{ model: 'other/model', reason: 'OTHER_KEY is not set' }],
    fallbacks: [],
  };
  return {
    tasks: tasks.map((task, index) => ({
      task,
      state: 'ready' as const,
      wave: index + 1,
      route,
      promptTokens: 100,
      criteria: 0,
      leftOut: [],
    })),
    criticalPath: [...ids],
    cost: { low: 0.02, high: 1.5, unpriced: [] },
    budget: null,
    saidByFile: [],
  };
}

describe('previewText', () => {
  it('shows order, routes and sizes, and each model that was passed over once', () => {
    const text = previewText('feature', previewOf(['T1', 'T2']), plain, 120);
    expect(text.split('\n')[0]).toMatch(/^wave +task +state +type +title +model +~tokens in$/);
    expect(text).toContain('Critical path: T1 → T2');
    expect(text).toContain('First prompts: about 200 tokens');
    expect(text.match(/Passed over other\/model: OTHER_KEY is not set/g)).toHaveLength(1);
  });

  it.each([40, 60, 100])('has a table no wider than %i cells', (width) => {
    const [table = ''] = previewText('feature', previewOf(['T1', 'T2']), plain, width).split(
      '\n\n',
    );
    expect(Math.max(...table.split('\n').map(cellsOf))).toBeLessThanOrEqual(width);
    expect(table).toContain('vendor/model');
  });

  it.each([
    [{ low: 0.02, high: 1.5, unpriced: [] }, 'Estimated cost: $0.0200 to $1.50'],
    [{ low: 0, high: 0, unpriced: [] }, 'Estimated cost: nothing'],
    [{ low: 0, high: 0, unpriced: ['a/b'] }, 'Estimated cost: what a/b costs is unknown'],
    [
      { low: 1, high: 2, unpriced: ['a/b', 'c/d'] },
      'Estimated cost: $1.00 to $2.00; what a/b, c/d costs is unknown',
    ],
  ])('says of the cost what is known and what is not: %j', (cost, line) => {
    const text = previewText('feature', { ...previewOf(['T1']), cost }, plain, 120);
    expect(text.split('\n')).toContain(line);
  });

  it.each([
    [2, 'The budget of $2.00 is enough for all of it.'],
    [1, 'The budget of $1.00 may be enough; --budget 1.5 would be enough in any case.'],
    [
      0.01,
      'The budget of $0.0100 is not enough, even if no model has to correct anything; --budget 1.5 would be enough in any case.',
    ],
  ])('compares the cost with a budget of %d', (budget, line) => {
    const text = previewText('feature', { ...previewOf(['T1']), budget }, plain, 120);
    expect(text.split('\n')).toContain(line);
    expect(previewText('feature', previewOf(['T1']), plain, 120)).not.toContain('budget');
  });

  it('says so when nothing is left', () => {
    const nothing = { ...previewOf([]), criticalPath: [] };
    expect(previewText('feature', nothing, plain, 80)).toBe('Nothing of feature is left to run.');
  });
});
