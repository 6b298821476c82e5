import { expect, it } from 'vitest';
import { modelPool } from '../../src/compose/model-pool.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { ModelProvider } from '../../src/models/language-model.ts';
import { fakeModel } from '../helpers/fake-model.ts';
import { temporaryFolder } from '../state/fixtures.ts';

const provider = (name: string, options: { missing?: boolean } = {}): ModelProvider => ({
  name,
  unavailable: () =>
    options.missing ? { reason: `${name} has no key`, variables: ['KEY'] } : null,
  model: (id) => fakeModel({}, { ref: `${name}/${id}`, family: name }),
});

async function pool(named: string[] = []) {
  const cwd = await temporaryFolder();
  const role = [
    'coder=anthropic/small,openai/other',
    'architect=anthropic/large,offline/planner',
    'reviewer=openai/other,google/judge',
    'parser=anthropic/tiny',
  ];
  const config = await loadConfig({ cwd, env: {}, flags: { role }, home: cwd });
  const providers = new Map([
    ['anthropic', provider('anthropic')],
    ['openai', provider('openai', { missing: true })],
    ['google', provider('google')],
  ]);
  return modelPool(config, providers, named);
}

it('holds the models of the work’s own role first, each once, and no rules', async () => {
  const { primaries, validators } = await pool();
  expect(primaries('architect').map(({ model }) => model)).toEqual([
    'anthropic/large',
    'anthropic/small',
    'openai/other',
    'google/judge',
  ]);
  expect(primaries('coder')[0]?.model).toBe('anthropic/small');
  expect(validators().map(({ model }) => model)).toEqual([
    'openai/other',
    'google/judge',
    'anthropic/small',
    'anthropic/large',
  ]);
});

it('says what keeps a model from being asked', async () => {
  const { primaries } = await pool();
  const [first, second] = primaries('coder');
  expect(first).toMatchObject({ provider: 'anthropic', family: 'anthropic', missing: null });
  expect(second?.missing).toEqual({ reason: 'openai has no key', variables: ['KEY'] });
});

it('holds further models that are named in full; of other providers and other names none', async () => {
  const { primaries } = await pool(['google/extra', 'claude', 'nowhere/x', 'google/judge']);
  expect(primaries('coder').map(({ model }) => model)).toEqual([
    'anthropic/small',
    'openai/other',
    'anthropic/large',
    'google/judge',
    'google/extra',
  ]);
});
