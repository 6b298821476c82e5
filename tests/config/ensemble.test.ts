import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadConfig, type ConfigFlags } from '../../src/config/load-config.ts';
import type { WrittenConfig } from '../../src/config/schema.ts';
import { temporaryFolder } from '../state/fixtures.ts';

async function ensembleOf(
  ensemble: WrittenConfig['ensemble'] = {},
  env: NodeJS.ProcessEnv = {},
  flags: ConfigFlags = {},
) {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, 'blueprint.config.json'), JSON.stringify({ ensemble }));
  return loadConfig({ cwd, env, flags: { trust: true, ...flags }, home: '/nowhere' });
}

it('has defaults for every category', async () => {
  const { categories, ...rest } = (await ensembleOf()).ensemble;
  expect(rest).toEqual({ mode: 'auto', types: {}, timeoutMs: null });
  expect(categories.frontend).toEqual({
    mode: null,
    primaries: ['gemini', 'claude'],
    validators: ['codex'],
  });
  expect(categories.architecture.primaries).toEqual(['grok', 'claude']);
  expect(categories.general).toEqual({ mode: null, primaries: [], validators: [] });
});

it('takes each setting from the strongest place that has it', async () => {
  const { ensemble } = await ensembleOf(
    {
      mode: 'simple',
      timeoutMs: 5_000,
      types: { code: 'complex' },
      categories: { data: { mode: 'simple', primaries: ['grok'] } },
    },
    { BLUEPRINT_ENSEMBLE_MODE: 'medium' },
    { set: ['ensemble.categories.frontend.primaries=a,b'] },
  );
  expect(ensemble).toMatchObject({ mode: 'medium', timeoutMs: 5_000, types: { code: 'complex' } });
  // What the file does not say of the category stays as it is.
  expect(ensemble.categories.data).toEqual({
    mode: 'simple',
    primaries: ['grok'],
    validators: ['gemini'],
  });
  expect(ensemble.categories.frontend).toMatchObject({
    primaries: ['a', 'b'],
    validators: ['codex'],
  });
});

it('a mode of the command line asks for an ensemble, above what is set for types and categories', async () => {
  const { ensemble, strategy } = await ensembleOf(
    { types: { code: 'simple' }, categories: { data: { mode: 'simple' } } },
    { BLUEPRINT_STRATEGY: 'tournament' },
    { options: { mode: 'complex' } },
  );
  expect(ensemble).toMatchObject({ mode: 'complex', types: {} });
  expect(ensemble.categories.data.mode).toBeNull();
  expect(strategy).toEqual({ default: 'ensemble', types: {}, categories: {} });
});

it('refuses a mode for another strategy', async () => {
  const flags = { options: { mode: 'complex', strategy: 'single' } };
  await expect(ensembleOf({}, {}, flags)).rejects.toMatchObject({
    code: 'config-options-conflict',
    message: '--mode and --strategy single exclude each other',
    exitCode: 2,
  });
});
