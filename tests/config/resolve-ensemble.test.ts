import { expect, it } from 'vitest';
import type { Layer } from '../../src/config/layers.ts';
import { resolveEnsemble } from '../../src/config/resolve-ensemble.ts';
import type { WrittenConfig } from '../../src/config/schema.ts';

const layer = (source: Layer['source'], ensemble: WrittenConfig['ensemble']): Layer => ({
  source,
  config: ensemble === undefined ? {} : { ensemble },
  place: () => 'here',
});

it('has defaults for every category', () => {
  const { categories, ...rest } = resolveEnsemble([]);
  expect(rest).toEqual({ mode: 'auto', types: {}, timeoutMs: null });
  expect(categories.frontend).toEqual({
    mode: null,
    primaries: ['gemini', 'claude'],
    validators: ['codex'],
  });
  expect(categories.architecture.primaries).toEqual(['grok', 'claude']);
  expect(categories.general).toEqual({ mode: null, primaries: [], validators: [] });
});

it('takes each setting from the strongest layer that has it', () => {
  const resolved = resolveEnsemble([
    layer('environment', { mode: 'medium' }),
    layer('config', {
      mode: 'simple',
      timeoutMs: 5_000,
      types: { code: 'complex' },
      categories: { data: { mode: 'simple', primaries: ['grok'] } },
    }),
  ]);
  expect(resolved).toMatchObject({ mode: 'medium', timeoutMs: 5_000, types: { code: 'complex' } });
  // What the file does not say of the category stays as it is.
  expect(resolved.categories.data).toEqual({
    mode: 'simple',
    primaries: ['grok'],
    validators: ['gemini'],
  });
});

it('a mode of the command line is above what is set for types and categories', () => {
  const resolved = resolveEnsemble([
    layer('flag', { mode: 'complex' }),
    layer('config', { types: { code: 'simple' }, categories: { data: { mode: 'simple' } } }),
  ]);
  expect(resolved).toMatchObject({ mode: 'complex', types: {} });
  expect(resolved.categories.data.mode).toBeNull();
});
