import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig, type ConfigFlags } from '../../src/config/load-config.ts';
import { temporaryFolder } from '../state/fixtures.ts';

const load = async (file: unknown, env: NodeJS.ProcessEnv = {}, flags: ConfigFlags = {}) => {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, 'blueprint.config.json'), JSON.stringify(file));
  return loadConfig({ cwd, env, flags: { trust: true, ...flags }, home: '/nowhere' });
};

test('the sandbox by default, by file, environment and option, each above the one before', async () => {
  expect((await load({})).sandbox).toEqual({
    kind: 'auto',
    image: null,
    timeoutMs: 300_000,
    memoryBytes: 2_000_000_000,
    processes: 512,
    outputBytes: 10_000_000,
    diskBytes: 1_000_000_000,
  });
  const file = { sandbox: { kind: 'docker', image: 'node:22', processes: 64 } };
  expect((await load(file)).sandbox).toMatchObject(file.sandbox);
  const env = { BLUEPRINT_SANDBOX: 'bubblewrap', BLUEPRINT_SANDBOX_TIMEOUT_MS: '1000' };
  expect((await load(file, env)).sandbox).toMatchObject({
    kind: 'bubblewrap',
    image: 'node:22',
    processes: 64,
    timeoutMs: 1_000,
  });
  expect((await load(file, env, { options: { sandbox: 'auto' } })).sandbox.kind).toBe('auto');
  expect((await load(file, env, { unsafeNoSandbox: true })).sandbox.kind).toBe('none');
});

test.each([
  [{ sandbox: { kind: 'none' } }, {}, {}, 'blueprint.config.json:1'],
  [{}, { BLUEPRINT_SANDBOX: 'none' }, {}, 'BLUEPRINT_SANDBOX'],
  [{}, {}, { options: { sandbox: 'none' } }, '--sandbox'],
  [{}, {}, { options: { sandbox: 'auto' }, unsafeNoSandbox: true }, '--unsafe-no-sandbox'],
])('no sandbox at all is for its own option alone: %j %j %j', async (file, env, flags, place) => {
  await expect(load(file, env, flags)).rejects.toMatchObject({
    exitCode: 2,
    target: expect.stringContaining(place) as string,
  });
});
