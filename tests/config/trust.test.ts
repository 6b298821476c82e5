import { chmod, chown, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig, type ConfigInput } from '../../src/config/load-config.ts';
import { gateNames } from '../../src/extensions.ts';
import { createTrustStore } from '../../src/config/trust/trust-store.ts';
import { temporaryFolder } from '../state/fixtures.ts';

const name = 'blueprint.config.json';

async function repository(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await temporaryFolder();
  await mkdir(join(root, '.git'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

/** With a home of its own, where nothing is trusted yet. */
async function load(cwd: string, more: Partial<ConfigInput> = {}) {
  const env = { XDG_CONFIG_HOME: join(cwd, '../home'), ...more.env };
  return loadConfig({ cwd, flags: {}, home: '/nowhere', ...more, env });
}

const refused = (cwd: string, more: Partial<ConfigInput> = {}) =>
  load(cwd, more).then(
    () => null,
    (error: unknown) => error,
  );
const local = 'http://127.0.0.1:9/v1';
const configOf = (config: unknown) => repository({ [name]: JSON.stringify(config) });

const lab = (more: object) => ({ providers: { lab: { baseUrl: local, ...more } } });

describe('needs no trust', () => {
  test.each<[string, object]>([
    ['models of known vendors', { roles: { coder: ['openai/x', 'claude-cli/opus'] } }],
    ['numbers', { executor: { concurrency: 9 }, budget: { run: 3 }, calls: { retries: 1 } }],
    ['commands that run in the sandbox', { gates: { commands: ['make'], setup: 'make deps' } }],
    ['a smaller sandbox', { sandbox: { memoryBytes: 50_000_000, kind: 'docker' } }],
    ['a server here without a key', { providers: { lab: { baseUrl: local, keyless: true } } }],
    ['a key named after a server here', { providers: { lab: { baseUrl: local } } }],
    [
      'the same by a shorter name',
      { providers: { lab: { baseUrl: local, apiKeyEnv: 'LAB_KEY' } } },
    ],
    ['Ollama here', { providers: { ollama: { baseUrl: 'localhost:11434' } } }],
    ['the usual key of a vendor', { providers: { groq: { apiKeyEnv: 'GROQ_API_KEY' } } }],
    ['all checks', { gates: [...gateNames] }],
    ['tests that are asked for', { gates: { tests: { whenNone: 'review' } } }],
    ['prices of a server here', { ...lab({}), prices: { 'lab/*': { input: 0, output: 0 } } }],
    ['a message on the desktop', { notify: { desktop: true, afterSeconds: 0 } }],
    ['how a vendor is asked', { providers: { openai: { compat: { api: 'chat' } } } }],
  ])('%s', async (_, config) => {
    expect((await load(await configOf(config))).untrusted).toBeNull();
  });
});

describe('needs trust', () => {
  test.each<[string, object, string]>([
    ['a program', { providers: { p: { command: './x.sh' } } }, 'starts the program «./x.sh»'],
    ['a known program', { providers: { 'claude-cli': { command: './x' } } }, 'starts the program'],
    [
      'a program that is told of the end',
      { notify: { command: ['sh', '-c', 'curl evil'] } },
      'notify.command starts the program «sh -c curl evil» with your rights',
    ],
    ['any variable, even here', lab({ apiKeyEnv: 'SOME_SECRET' }), 'the variable SOME_SECRET'],
    ['a vendor’s key, here', lab({ apiKeyEnv: 'OPENAI_API_KEY' }), 'the variable OPENAI_API_KEY'],
    [
      'a vendor’s key by its usual name',
      { providers: { gemini: { baseUrl: local } } },
      'the variable GEMINI_API_KEY',
    ],
    [
      'another address for a vendor',
      { providers: { anthropic: { baseUrl: local } } },
      'ANTHROPIC_API_KEY',
    ],
    [
      'another kind for a vendor',
      { providers: { openai: { kind: 'anthropic' } } },
      'OPENAI_API_KEY to https://api.anthropic.com',
    ],
    [
      'a variable for a vendor',
      { providers: { stripe: { kind: 'openai' } } },
      'STRIPE_API_KEY to https://api.openai.com',
    ],
    [
      'another machine',
      lab({ baseUrl: 'https://127.0.0.1.example/v1', keyless: true }),
      'sends prompts',
    ],
    [
      'another machine’s Ollama',
      { providers: { ollama: { baseUrl: 'http://box:11434' } } },
      'sends prompts',
    ],
    [
      'a name in front of the address',
      lab({ baseUrl: 'http://127.0.0.1:9@box/v1', keyless: true }),
      'sends prompts',
    ],
    ['a key by http', lab({ allowHttp: true }), 'without encryption'],
    ['an image', { sandbox: { image: 'evil' } }, 'in the image evil'],
    ['models without a price', { budget: { run: 1, allowUnpriced: true } }, 'no budget stops'],
    [
      'prices',
      { prices: { 'openai/x': { input: 0, output: 0 } } },
      'prices.openai/x says what is counted',
    ],
    [
      'prices of a vendor, by another name for its server',
      {
        providers: { openai: { baseUrl: local } },
        prices: { 'openai/*': { input: 0, output: 0 } },
      },
      'and 1 more',
    ],
    ['fewer checks', { gates: ['paths'] }, 'gates leaves out the checks syntax'],
    ['no check at all', { gates: { run: [] } }, 'gates.run leaves out the checks'],
    ['another test command', { gates: { tests: { command: 'true' } } }, '«true» as the tests'],
    ['code without tests', { gates: { tests: { whenNone: 'accept' } } }, 'without any test'],
    ['more memory', { sandbox: { memoryBytes: 9e12 } }, 'bytes of memory'],
  ])('%s', async (_, config, says) => {
    const root = await configOf({ ...config, executor: { concurrency: 9 } });
    expect(await refused(root)).toMatchObject({
      code: 'config-untrusted',
      exitCode: 2,
      message: expect.stringContaining(says) as string,
    });
    const looking = await load(root, { untrusted: 'leave-out' });
    expect(looking).toMatchObject({
      executor: { concurrency: 9 },
      sandbox: { image: null },
      budget: { allowUnpriced: false },
      gates: { run: gateNames, testCommand: null, testsWhenNone: 'review' },
    });
    expect([...looking.prices.keys()].sort()).toEqual(['offline/*', 'scripted/*']);
    expect(looking.untrusted?.code).toBe('config-untrusted');
    for (const { baseUrl, cli } of looking.providers.values()) {
      expect(baseUrl ?? '').not.toMatch(/127|box/);
      expect(cli?.command ?? '').not.toContain('/');
    }
    for (const more of [{ flags: { trust: true } }, { env: { BLUEPRINT_TRUST: '1' } }])
      expect((await load(root, more)).untrusted).toBeNull();
  });

  test('commands, where no sandbox holds them', async () => {
    const root = await configOf({ gates: { tests: { command: 'make' } } });
    expect(await refused(root, { flags: { unsafeNoSandbox: true } })).toMatchObject({
      message: expect.stringContaining('«make»') as string,
    });
  });

  test('a program as config, which is not run to look at it', async () => {
    const root = await repository({ 'blueprint.config.ts': 'throw new Error("it ran")' });
    expect(await refused(root)).toMatchObject({ code: 'config-untrusted' });
    const looking = await load(root, { untrusted: 'leave-out' });
    expect(looking).toMatchObject({ root, file: join(root, 'blueprint.config.ts') });
  });
});

test('models of what is left out are left out, whoever names them', async () => {
  const root = await configOf({ ...lab({ apiKeyEnv: 'X' }), roles: { coder: ['lab/x', 'xai/y'] } });
  const { roles } = await load(root, {
    untrusted: 'leave-out',
    flags: { role: ['reviewer=lab/x'] },
  });
  expect(roles.coder.models).toEqual([{ provider: 'xai', model: 'y' }]);
  expect(roles.reviewer.models).toEqual([{ provider: 'offline', model: 'planner' }]);
});

test('trust is for a text at a place', async () => {
  const config = { providers: { p: { command: './x.sh' } } };
  const root = await configOf(config);
  const store = createTrustStore({ XDG_CONFIG_HOME: join(root, '../home') });
  await store.add(join(root, name), JSON.stringify(config));
  expect((await load(root)).providers.get('p')?.cli?.command).toBe(join(root, 'x.sh'));

  // A link from elsewhere would start another x.sh.
  const other = await repository({});
  await symlink(join(root, name), join(other, name));
  expect(await refused(other)).toMatchObject({ code: 'config-untrusted' });

  await writeFile(join(root, name), JSON.stringify({ ...config, executor: { concurrency: 2 } }));
  expect(await refused(root)).toMatchObject({ code: 'config-untrusted' });
});

describe('in whose hands a file is', () => {
  test('one that others can write is not used, whatever is trusted', async () => {
    const root = await configOf({ executor: { concurrency: 9 } });
    await chmod(join(root, name), 0o666);
    const trusting = { flags: { trust: true } };
    expect(await refused(root, trusting)).toMatchObject({ code: 'config-foreign', exitCode: 2 });
    const looking = await load(root, { untrusted: 'leave-out' });
    expect(looking).toMatchObject({ file: null, executor: { concurrency: 3 } });
  });

  test.runIf(process.getuid?.() === 0)('nor is one of another user', async () => {
    const root = await configOf({ executor: { concurrency: 9 } });
    await chown(join(root, name), 1234, 1234);
    expect(await refused(root)).toMatchObject({ code: 'config-foreign' });
  });

  test.runIf(process.getuid?.() === 0)('the search ends before a folder of others', async () => {
    const outer = await temporaryFolder();
    await writeFile(join(outer, name), JSON.stringify({ executor: { concurrency: 9 } }));
    await mkdir(join(outer, '.git'));
    const cwd = join(outer, 'theirs/mine');
    await mkdir(cwd, { recursive: true });
    expect(await load(cwd)).toMatchObject({ root: outer, executor: { concurrency: 9 } });
    await chown(join(outer, 'theirs'), 1234, 1234);
    expect(await load(cwd)).toMatchObject({ root: cwd, file: null });
  });
});

test.each([
  ['http://box/v1', {}, undefined],
  ['http://box/v1', { allowHttp: true }, 'sk-abcdefgh12345678'],
  ['https://box/v1', {}, 'sk-abcdefgh12345678'],
  ['http://[::1]:9/v1', {}, 'sk-abcdefgh12345678'],
])('a key goes to %s with %j', async (baseUrl, more, key) => {
  const root = await configOf({ providers: { lab: { baseUrl, ...more } } });
  const env = { LAB_API_KEY: 'sk-abcdefgh12345678' };
  const { providers, warnings } = await load(root, { env, flags: { trust: true } });
  expect(providers.get('lab')?.apiKey).toBe(key);
  expect(warnings.map(({ code }) => code)).toEqual(key === undefined ? ['key-over-http'] : []);
});
