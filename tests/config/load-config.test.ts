import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig, type ConfigFlags } from '../../src/config/load-config.ts';
import { BlueprintError, type Diagnostic } from '../../src/domain/errors.ts';
import { formatModelRef, modelRoles } from '../../src/domain/model-role.ts';
import { temporaryFolder } from '../state/fixtures.ts';

/** A repository with these files. */
async function project(files: Record<string, string> = {}): Promise<string> {
  const root = await temporaryFolder();
  await mkdir(join(root, '.git'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

const load = (
  cwd: string,
  env: NodeJS.ProcessEnv = {},
  flags: ConfigFlags = {},
  home = '/nowhere',
) => loadConfig({ cwd, env, flags: { trust: true, ...flags }, home });

async function problemsOf(loading: Promise<unknown>): Promise<readonly Diagnostic[]> {
  try {
    await loading;
  } catch (error) {
    if (error instanceof BlueprintError) {
      expect(error.exitCode).toBe(2);
      return [error.toJSON(), ...error.others];
    }
    throw error;
  }
  throw new Error('the config was accepted');
}

const json = (value: unknown): string => JSON.stringify(value, null, 2);
const models = (list: readonly { provider: string; model: string }[]): string[] =>
  list.map(formatModelRef);

describe('finding the file', () => {
  test('without one, the root is the repository and the defaults hold', async () => {
    const root = await project({ 'a/b/x': '' });
    const config = await load(join(root, 'a/b'));
    expect(config).toMatchObject({
      root,
      file: null,
      featuresDir: join(root, 'features'),
      executor: { concurrency: 3, attempts: 2 },
      supervisor: { maxIterations: 3 },
      gates: {
        run: ['paths', 'syntax', 'contract', 'tests', 'commands'],
        testCommand: null,
        commands: [],
        setup: null,
        testsTimeoutMs: null,
      },
      warnings: [],
    });
    expect(config.roles.coder.source).toBe('default');
  });

  test('without a repository, the root is the working folder', async () => {
    const folder = await temporaryFolder();
    expect((await load(folder, {}, {}, dirname(folder))).root).toBe(folder);
  });

  test.each([
    ['blueprint.config.json', json({ executor: { concurrency: 7 } })],
    ['blueprint.config.json', `\uFEFF${json({ executor: { concurrency: 7 } })}`],
    ['blueprint.config.yaml', 'executor:\n  concurrency: 7\n'],
    ['blueprint.config.yml', 'executor: { concurrency: 7 }\n'],
    [
      'blueprint.config.ts',
      'const concurrency: number = 7;\nexport default { executor: { concurrency } };\n',
    ],
  ])('%s is found from a folder below', async (name, text) => {
    const root = await project({ [name]: text, 'a/b/x': '' });
    const config = await load(join(root, 'a/b'));
    expect(config).toMatchObject({ root, file: join(root, name), executor: { concurrency: 7 } });
  });

  test('the nearest one counts, and its folder is the root', async () => {
    const root = await project({
      'blueprint.config.json': json({ executor: { concurrency: 7 } }),
      'a/blueprint.config.json': json({ executor: { concurrency: 8 } }),
    });
    expect(await load(join(root, 'a'))).toMatchObject({
      root: join(root, 'a'),
      executor: { concurrency: 8 },
    });
  });

  test('what it does not say those above it say, up to the root of the repository', async () => {
    const root = await project({
      'blueprint.config.json': json({
        featuresDir: 'plans',
        executor: { concurrency: 7, attempts: 5 },
        roles: { coder: ['openai/gpt-5.6-sol'] },
        providers: { scripted: { script: 'scripts/all.jsonl' } },
        notify: { afterSeconds: 1 },
      }),
      'packages/blueprint.config.yaml': 'executor: { attempts: 6 }\n',
      'packages/api/blueprint.config.json': json({ executor: { concurrency: 8 } }),
      'packages/api/src/x': '',
    });
    const api = join(root, 'packages/api');
    const config = await load(join(api, 'src'));
    expect(config).toMatchObject({
      root: api,
      file: join(api, 'blueprint.config.json'),
      // Each project says for itself where its features stand.
      featuresDir: join(api, 'features'),
      executor: { concurrency: 8, attempts: 6 },
      notify: { afterSeconds: 1 },
    });
    expect(models(config.roles.coder.models)).toEqual(['openai/gpt-5.6-sol']);
    expect(config.providers.get('scripted')?.script).toBe(join(root, 'scripts/all.jsonl'));
    expect(await load(root)).toMatchObject({ root, featuresDir: join(root, 'plans') });
  });

  test('one above it that is wrong, or asks for trust, is named with its place', async () => {
    const root = await project({
      'blueprint.config.json': json({ executor: { concurrency: 'many' } }),
      'api/blueprint.config.json': '{}',
    });
    const cwd = join(root, 'api');
    expect(await problemsOf(load(cwd))).toMatchObject([
      { code: 'config-wrong-type', target: expect.stringContaining('../blueprint.config.json') },
    ]);
    await writeFile(join(root, 'blueprint.config.json'), json({ notify: { command: ['tell'] } }));
    const [problem] = await problemsOf(load(cwd, {}, { trust: false }));
    expect(problem).toMatchObject({
      code: 'config-untrusted',
      fix: expect.stringContaining(`blueprint trust -C ${root}`),
    });
    const left = loadConfig({ cwd, env: {}, flags: {}, home: '/nowhere', untrusted: 'leave-out' });
    expect((await left).notify.command).toBeNull();
  });

  test('one above the repository or above home is not looked at', async () => {
    const outer = await temporaryFolder();
    await writeFile(join(outer, 'blueprint.config.json'), json({ executor: { concurrency: 9 } }));
    await mkdir(join(outer, 'repository/.git'), { recursive: true });
    await mkdir(join(outer, 'home/work'), { recursive: true });
    expect((await load(join(outer, 'repository'))).file).toBeNull();
    expect((await load(join(outer, 'home/work'), {}, {}, join(outer, 'home'))).file).toBeNull();
    expect((await load(join(outer, 'home/work'))).executor.concurrency).toBe(9);
  });

  test('two in one folder are refused', async () => {
    const root = await project({ 'blueprint.config.json': '{}', 'blueprint.config.yaml': '{}' });
    expect(await problemsOf(load(root))).toMatchObject([{ code: 'config-ambiguous' }]);
  });

  test('--config and BLUEPRINT_CONFIG name one instead', async () => {
    const root = await project({
      'other/one.json': json({ executor: { concurrency: 5 } }),
      'other/two.yaml': 'executor: { concurrency: 6 }',
    });
    const env = { BLUEPRINT_CONFIG: 'other/two.yaml' };
    expect((await load(root, env)).executor.concurrency).toBe(6);
    const config = await load(root, env, { config: 'other/one.json' });
    expect(config).toMatchObject({ root: join(root, 'other'), executor: { concurrency: 5 } });
    expect(await problemsOf(load(root, {}, { config: 'none.json' }))).toMatchObject([
      { code: 'config-not-found', target: 'none.json' },
    ]);
  });
});

describe('files that cannot be read', () => {
  test.each<[string, string | Uint8Array, string, RegExp]>([
    ['blueprint.config.json', '', 'config-empty', /json$/],
    ['blueprint.config.yaml', ' \n', 'config-empty', /yaml$/],
    ['blueprint.config.json', Buffer.alloc(1_000_001, 0x20), 'config-too-large', /json$/],
    ['blueprint.config.json', Buffer.from([0x7b, 0xff, 0x7d]), 'config-encoding', /json$/],
    ['blueprint.config.json', '{\n  "gates": [],\n  "calls" {}\n}', 'config-syntax', /json:3$/],
    ['blueprint.config.json', '{\n  "gates": [],\n}', 'config-syntax', /json:3$/],
    ['blueprint.config.json', '{"gates":[],\n"gates":[]}', 'config-duplicate-key', /json:2$/],
    ['blueprint.config.yaml', 'gates: []\ncalls: {\n', 'config-syntax', /yaml:\d$/],
    ['blueprint.config.yaml', 'gates: []\ngates: []\n', 'config-syntax', /yaml:2$/],
    ['blueprint.config.ts', 'export default {', 'config-not-loadable', /ts$/],
    ['blueprint.config.ts', 'throw new Error("no")', 'config-not-loadable', /ts$/],
    ['blueprint.config.ts', 'export default 7', 'config-wrong-type', /ts$/],
    ['blueprint.config.json', '[]', 'config-wrong-type', /json:1$/],
  ])('%s: %j', async (name, text, code, target) => {
    const root = await project();
    await writeFile(join(root, name), text);
    const [problem] = await problemsOf(load(root));
    expect(problem).toMatchObject({ code, target: expect.stringMatching(target) as string });
  });

  test('a folder in its place', async () => {
    const root = await project({ 'blueprint.config.json/x': '' });
    expect(await problemsOf(load(root))).toMatchObject([{ code: 'config-unreadable' }]);
  });

  test('aliases that grow without end', async () => {
    const levels = Array.from({ length: 12 }, (_, level) =>
      level === 0
        ? 'l0: &l0 [x, x]'
        : `l${level}: &l${level} [${Array(9)
            .fill(`*l${level - 1}`)
            .join(', ')}]`,
    );
    const root = await project({ 'blueprint.config.yaml': levels.join('\n') });
    expect(await problemsOf(load(root))).toMatchObject([{ code: 'config-syntax' }]);
  });
});

describe('what is wrong in a file', () => {
  const written = {
    rolse: {},
    roles: { codr: ['openai/x'], coder: ['gpt'], parser: { models: [], larg: [] } },
    executor: { concurency: 2, concurrency: '4', attempts: 99 },
    providers: { mine: { kind: 'opnai', baseUrl: 'ftp://x' }, Bad_Name: {} },
    gates: ['pathes'],
  };

  test.each([
    ['blueprint.config.json', json(written)],
    ['blueprint.config.yaml', json(written)],
  ])('%s: all at once, with lines and suggestions', async (name, text) => {
    const root = await project({ [name]: text });
    const problems = await problemsOf(load(root));
    const found = problems.map(
      ({ code, message, target, fix }) => `${code} ${target} ${message} | ${fix}`,
    );
    const lines = text.split('\n');
    const lineOf = (part: string): number => lines.findIndex((line) => line.includes(part)) + 1;
    const expected: [string, string, string, string?][] = [
      ['config-unknown-key', '"rolse"', 'rolse', 'roles'],
      ['config-unknown-key', '"codr"', 'roles.codr', 'coder'],
      ['config-invalid', '"gpt"', 'roles.coder[0]'],
      ['config-unknown-key', '"larg"', 'roles.parser.larg', 'large'],
      ['config-unknown-key', '"concurency"', 'executor.concurency', 'concurrency'],
      ['config-wrong-type', '"concurrency"', 'executor.concurrency must be'],
      ['config-invalid', '"attempts"', 'executor.attempts'],
      ['config-unknown-value', '"opnai"', 'providers.mine.kind', 'openai'],
      ['config-invalid', '"ftp:', 'providers.mine.baseUrl'],
      ['config-unknown-key', '"Bad_Name"', 'providers.Bad_Name'],
      ['config-unknown-value', '"pathes"', 'gates[0]', 'paths'],
    ];
    for (const [code, part, place, near] of expected) {
      const start = `${code} ${name}:${lineOf(part)} ${place}`;
      const match = found.filter((text) => text.startsWith(start));
      expect(match, `${start}\nin\n${found.join('\n')}`).toHaveLength(1);
      if (near !== undefined) expect(match[0]).toContain(`Did you mean «${near}»`);
    }
  });

  test('hostile names do not reach the terminal', async () => {
    const root = await project({
      'blueprint.config.json': `{"\\u001b[31mred\\u202e": 1, "__proto__": {"x": 1}}`,
    });
    const problems = await problemsOf(load(root));
    expect(problems).toHaveLength(2);
    expect(JSON.stringify(problems)).not.toMatch(/\\u001b|\u202e/);
  });
});

describe('layers', () => {
  test('flags are above the environment, which is above the file', async () => {
    const root = await project({
      'blueprint.config.json': json({
        featuresDir: 'from-file',
        executor: { concurrency: 4, attempts: 5 },
        calls: { retries: 1 },
        gates: ['syntax'],
        roles: { coder: ['openai/file'], reviewer: ['openai/file'], parser: ['openai/file'] },
      }),
    });
    const env = {
      BLUEPRINT_CONCURRENCY: '6',
      BLUEPRINT_CALL_RETRIES: '2',
      BLUEPRINT_ASK: 'no',
      BLUEPRINT_ROLE_CODER: 'openai/env, google/env',
      BLUEPRINT_ROLE_REVIEWER: 'google/env',
      BLUEPRINT_FEATURES_DIR: ' ',
    };
    const config = await load(root, env, {
      options: { concurrency: 8 },
      role: ['coder=anthropic/a,openai/b'],
    });
    expect(config).toMatchObject({
      featuresDir: join(root, 'from-file'),
      executor: { concurrency: 8, attempts: 5 },
      calls: { retries: 2, idleMs: 120_000 },
      pipeline: { ask: false },
      gates: { run: ['syntax'] },
    });
    expect(models(config.roles.coder.models)).toEqual(['anthropic/a', 'openai/b']);
    expect(config.roles.coder).toMatchObject({ source: 'flag', large: config.roles.coder.models });
    expect(config.roles.reviewer).toMatchObject({ source: 'environment' });
    expect(config.roles.parser).toMatchObject({ source: 'config' });
    expect(config.roles.architect).toMatchObject({ source: 'default' });
  });

  test('limits and settings of single models come from the file', async () => {
    const root = await project({
      'blueprint.config.json': json({
        models: { 'openai/slow/one': { timeoutMs: 5_000, contextTokens: 8_000 } },
        limits: { openai: { requestsPerMinute: 50, concurrency: 4 } },
        calls: { firstByteMs: 9_000 },
      }),
    });
    const config = await load(root, { BLUEPRINT_CALL_MAX_RETRY_AFTER_MS: '2000' });
    expect([...config.models]).toEqual([
      ['openai/slow/one', { timeoutMs: 5_000, contextTokens: 8_000 }],
    ]);
    expect([...config.limits]).toEqual([['openai', { requestsPerMinute: 50, concurrency: 4 }]]);
    expect(config.calls).toMatchObject({ firstByteMs: 9_000, maxRetryAfterMs: 2_000 });
    expect(config.warnings).toEqual([]);
  });

  test('settings for a provider that is not there get a warning, wrong ones an error', async () => {
    const root = await project({
      'blueprint.config.yaml': [
        'limits:',
        '  opnai: { concurrency: 1 }',
        '  mine: { concurrency: 1 }',
        'models:',
        '  zzzzzzzzz/x: { idleMs: 1 }',
        'providers: { mine: { baseUrl: "http://127.0.0.1:9/v1", keyless: true } }',
        '',
      ].join('\n'),
    });
    expect((await load(root)).warnings).toMatchObject([
      {
        code: 'config-setting-unused',
        target: 'blueprint.config.yaml:2',
        fix: 'Did you mean «openai»?',
      },
      { code: 'config-setting-unused', target: 'blueprint.config.yaml:5' },
    ]);
    await writeFile(
      join(root, 'blueprint.config.yaml'),
      'models:\n  openai: { idleMs: 1 }\nlimits:\n  openai: { concurency: 1 }\n',
    );
    expect(await problemsOf(load(root))).toMatchObject([
      { code: 'config-unknown-key', target: 'blueprint.config.yaml:2' },
      { code: 'config-unknown-key', target: 'blueprint.config.yaml:4' },
    ]);
  });

  test('a role without a list of its own uses the one it stands in for', async () => {
    const root = await project({
      'blueprint.config.json': json({
        roles: { coder: { models: ['openai/s'], large: ['openai/l'] }, judge: ['google/j'] },
      }),
    });
    const { roles } = await load(root);
    expect(models(roles.solver.models)).toEqual(['openai/s']);
    expect(models(roles.solver.large)).toEqual(['openai/l']);
    expect(models(roles.judge.models)).toEqual(['google/j']);
    expect(roles.critic.models).toEqual(roles.reviewer.models);
  });

  test('wrong values name their variable or option', async () => {
    const env = {
      BLUEPRINT_CONCURRENCY: 'many',
      BLUEPRINT_ASK: 'perhaps',
      BLUEPRINT_ROLE_CODER: 'gpt',
    };
    const flags = { options: { concurrency: 0 }, role: ['codr=openai/x', 'coder'] };
    const problems = await problemsOf(load(await project(), env, flags));
    expect(problems.map(({ target }) => target).sort()).toEqual(
      [
        '--role',
        '--role',
        '--concurrency',
        'BLUEPRINT_CONCURRENCY',
        'BLUEPRINT_ASK',
        'BLUEPRINT_ROLE_CODER',
      ].sort(),
    );
    expect(problems.find(({ message }) => message.includes('codr'))?.fix).toContain('«coder»');
  });

  test('an unknown variable is a warning with the nearest name', async () => {
    const { warnings } = await load(await project(), { BLUEPRINT_CONCURENCY: '3' });
    expect(warnings).toMatchObject([
      { code: 'variable-unknown', fix: 'Did you mean BLUEPRINT_CONCURRENCY?' },
    ]);
  });

  test('a script plays every role but those that --role names', async () => {
    const root = await project();
    const env = { BLUEPRINT_SCRIPT: 'talk.jsonl', BLUEPRINT_ROLE_CODER: 'openai/real' };
    const { roles, providers } = await load(root, env);
    expect(modelRoles.map((role) => models(roles[role].models))).toEqual(
      modelRoles.map((role) => [`scripted/${role}`]),
    );
    expect(providers.get('scripted')?.script).toBe(join(root, 'talk.jsonl'));
    const flags = { script: '/tmp/other.jsonl', role: ['judge=google/g'] };
    const both = await load(root, env, flags);
    expect(models(both.roles.judge.models)).toEqual(['google/g']);
    expect(models(both.roles.critic.models)).toEqual(['scripted/critic']);
    expect(both.providers.get('scripted')?.script).toBe('/tmp/other.jsonl');
  });
});

describe('featuresDir', () => {
  test.each(['../out', '/elsewhere', '.', 'a/../..', ''])(
    '«%s» is refused',
    async (featuresDir) => {
      const root = await project({ 'blueprint.config.json': json({ featuresDir }) });
      const [problem] = await problemsOf(load(root));
      expect(problem?.target).toBe('blueprint.config.json:2');
    },
  );

  test('a link that leads out is refused', async () => {
    const root = await project({ 'blueprint.config.json': json({ featuresDir: 'link/x' }) });
    await symlink(await temporaryFolder(), join(root, 'link'));
    const [problem] = await problemsOf(load(root));
    expect(problem?.code).toBe('config-features-dir-outside');
  });
});

describe('providers', () => {
  test('keys come from the vendor’s variables or from the one that is named', async () => {
    const root = await project({
      'blueprint.config.json': json({
        providers: {
          openai: { apiKeyEnv: 'WORK_KEY' },
          'my-proxy': { baseUrl: 'https://proxy.example/v1/' },
          claude2: { kind: 'anthropic', baseUrl: 'https://c.example' },
        },
      }),
    });
    const { providers, warnings } = await load(root, {
      OPENAI_API_KEY: 'private',
      WORK_KEY: ' work\n',
      GOOGLE_API_KEY: 'g',
      MY_PROXY_API_KEY: 'p',
      ANTHROPIC_API_KEY: 'line\nbreak',
    });
    expect(providers.get('openai')).toMatchObject({ apiKey: 'work', keyVariables: ['WORK_KEY'] });
    expect(providers.get('google')).toMatchObject({
      apiKey: 'g',
      keyVariables: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
    });
    expect(providers.get('my-proxy')).toMatchObject({
      kind: 'openai-compatible',
      baseUrl: 'https://proxy.example/v1',
      apiKey: 'p',
      structured: 'json_object',
    });
    expect(providers.get('claude2')).toMatchObject({ kind: 'anthropic', apiKey: undefined });
    expect(providers.get('anthropic')?.apiKey).toBeUndefined();
    expect(warnings).toMatchObject([{ code: 'key-malformed', target: 'ANTHROPIC_API_KEY' }]);
  });

  test('the vendor’s variable for the base URL is above the file', async () => {
    const root = await project({
      'blueprint.config.json': json({
        providers: {
          openai: { baseUrl: 'https://file.example/v1' },
          google: { baseUrl: 'https://file.example' },
        },
      }),
    });
    const { providers } = await load(root, { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1/' });
    expect(providers.get('openai')?.baseUrl).toBe('http://127.0.0.1:9/v1');
    expect(providers.get('google')?.baseUrl).toBe('https://file.example');
    expect(providers.get('anthropic')?.baseUrl).toBeUndefined();
    expect(providers.get('groq')?.baseUrl).toBe('https://api.groq.com/openai/v1');
    expect(await problemsOf(load(root, { OPENAI_BASE_URL: 'ftp://localhost:9' }))).toMatchObject([
      { code: 'config-base-url-invalid', target: 'OPENAI_BASE_URL' },
    ]);
  });

  test.each([
    ['127.0.0.1', 'http://127.0.0.1:11434/v1'],
    ['box:1234', 'http://box:1234/v1'],
    ['box:80', 'http://box/v1'],
    [':1234', 'http://127.0.0.1:1234/v1'],
    ['0.0.0.0:1234', 'http://127.0.0.1:1234/v1'],
    ['http://box', 'http://box/v1'],
    ['https://box/ollama/', 'https://box/ollama/v1'],
    ['http://box:1/v1', 'http://box:1/v1'],
    ['[::1]:5', 'http://[::1]:5/v1'],
  ])('OLLAMA_HOST=%s is %s', async (host, url) => {
    const { providers } = await load(await project(), { OLLAMA_HOST: host });
    expect(providers.get('ollama')).toMatchObject({ baseUrl: url, keyless: true });
  });

  test.each([
    ['http://box', 'http://box:11434/v1'],
    ['http://box:80', 'http://box/v1'],
    ['http://0.0.0.0:8000', 'http://127.0.0.1:8000/v1'],
    ['https://box.example', 'https://box.example/v1'],
    ['http://127.0.0.1:11434/v1', 'http://127.0.0.1:11434/v1'],
  ])('baseUrl %s of an ollama in the file is %s', async (baseUrl, url) => {
    const written = {
      ollama: { kind: 'openai-compatible', baseUrl },
      box: { kind: 'ollama', baseUrl },
    };
    const root = await project({ 'blueprint.config.json': json({ providers: written }) });
    const { providers } = await load(root);
    // Under its own name it needs no kind of its own: so it was written before there was one.
    expect(providers.get('ollama')).toMatchObject({ kind: 'ollama', baseUrl: url, keyless: true });
    expect(providers.get('box')).toMatchObject({ kind: 'ollama', baseUrl: url, keyVariables: [] });
  });

  test('ollama is there when something names it, or there is nothing else', async () => {
    const root = await project();
    expect((await load(root)).providers.has('ollama')).toBe(true);
    expect((await load(root, { GROQ_API_KEY: 'sk-1' })).providers.has('ollama')).toBe(false);
    expect((await load(root, { BLUEPRINT_MODEL: 'groq/x' })).providers.has('ollama')).toBe(false);
    const named = await load(root, { BLUEPRINT_ROLE_CODER: 'ollama/qwen3' });
    expect(named.providers.get('ollama')?.baseUrl).toBe('http://127.0.0.1:11434/v1');
    await writeFile(join(root, 'blueprint.config.json'), json({ providers: { ollama: {} } }));
    expect((await load(root)).providers.has('ollama')).toBe(true);
  });

  test('keys and addresses are read as people paste them', async () => {
    const lab = {
      baseUrl: ' "10.0.0.5:8000/v1/chat/completions?api-version=2024-10-21" ',
      allowHttp: true,
    };
    const root = await project({ 'blueprint.config.json': json({ providers: { lab } }) });
    const { providers, warnings } = await load(root, {
      LAB_API_KEY: '"sk-abcdefgh12345678"\r\n',
      GROQ_API_KEY: 'Bearer sk-abcdefgh12345678',
      GROQ_BASE_URL: 'localhost:9/v1/',
      ANTHROPIC_AUTH_TOKEN: 'tok-abcdefgh12345678',
      ANTHROPIC_BASE_URL: "'https://gate.example/v1/messages'",
      XAI_API_KEY: '""',
      OLLAMA_HOST: '"http://box:11434/api"',
    });
    expect(providers.get('lab')).toMatchObject({
      baseUrl: 'http://10.0.0.5:8000/v1',
      query: 'api-version=2024-10-21',
      apiKey: 'sk-abcdefgh12345678',
    });
    expect(providers.get('groq')).toMatchObject({
      baseUrl: 'http://localhost:9/v1',
      apiKey: 'sk-abcdefgh12345678',
    });
    expect(providers.get('anthropic')).toMatchObject({
      baseUrl: 'https://gate.example/v1',
      apiKey: 'tok-abcdefgh12345678',
    });
    expect(providers.get('xai')?.apiKey).toBeUndefined();
    expect(providers.get('ollama')?.baseUrl ?? 'http://box:11434/v1').toBe('http://box:11434/v1');
    expect(warnings).toEqual([]);
  });

  test('of a key that cannot be one it is not said that it is not set', async () => {
    const root = await project();
    const { providers } = await load(root, { GROQ_API_KEY: 'two words' });
    expect(providers.get('groq')?.keyFault).toContain('GROQ_API_KEY holds characters');
  });

  test.each([
    ['structured', { kind: 'gemini-cli', structured: 'json_schema' }],
    ['structured', { command: 'llm', structured: 'json_object' }],
    ['compat', { kind: 'codex-cli', compat: { system: false } }],
    ['compat', { baseUrl: 'http://127.0.0.1:1/v1', keyless: true, compat: { api: 'chat' } }],
  ])('%s that a kind cannot obey is refused', async (setting, lab) => {
    const root = await project({ 'blueprint.config.json': json({ providers: { lab } }) });
    const refused = load(root).then(() => '', String);
    expect(await refused).toContain(`providers.lab has ${setting}`);
  });

  test('rules are no provider that can be described', async () => {
    const root = await project({
      'blueprint.config.json': json({
        providers: {
          offline: { kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:1/v1' },
          mine: { kind: 'offline' },
        },
      }),
    });
    expect(await problemsOf(load(root))).toMatchObject([
      { code: 'config-provider-rules', message: expect.stringContaining('providers.offline') },
      { code: 'config-provider-rules', message: expect.stringContaining('providers.mine') },
    ]);
    await writeFile(join(root, 'blueprint.config.json'), json({ providers: { offline: {} } }));
    expect((await load(root)).providers.get('offline')).toMatchObject({ kind: 'offline' });
  });

  test('a role list that names an unknown provider, and a provider that says too little', async () => {
    const root = await project({
      'blueprint.config.yaml': 'roles:\n  coder:\n    - opnai/x\nproviders:\n  mine: {}\n',
    });
    const problems = await problemsOf(
      load(root, { BLUEPRINT_ROLE_PARSER: 'mine/x,constructor/x' }),
    );
    expect(problems).toMatchObject([
      { code: 'config-provider-incomplete', target: 'blueprint.config.yaml:5' },
      { code: 'config-provider-unknown', target: 'BLUEPRINT_ROLE_PARSER' },
      {
        code: 'config-provider-unknown',
        target: 'blueprint.config.yaml:3',
        fix: 'Did you mean «openai»?',
      },
    ]);
  });
});
