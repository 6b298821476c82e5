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
      leftOut: [],
    })),
    criticalPath: [...ids],
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

  it('says so when nothing is left', () => {
    expect(previewText('feature', { tasks: [], criticalPath: [] }, plain, 80)).toBe(
      'Nothing of feature is left to run.',
    );
  });
});
