import { describe, expect, test } from 'vitest';
import { startChatServer } from '../helpers/loopback/chat-server.ts';
import { startJsonServer } from '../helpers/loopback/json-server.ts';
import { startOllamaServer } from '../helpers/loopback/ollama-server.ts';
import type { LoopbackServer } from '../helpers/loopback/server.ts';
import { runHere as runCli } from '../helpers/in-process.ts';
import { jsonOf, projects } from '../helpers/run-cli.ts';
import { adderReply, brief } from './conversation.ts';

const createProject = projects();
const key = 'sk-abcdefgh12345678';

async function withServer(use: (server: LoopbackServer) => Promise<void>): Promise<void> {
  const server = await startChatServer(adderReply);
  try {
    await use(server);
  } finally {
    await server.close();
  }
}

const modelsAsked = (server: LoopbackServer): string[] => [
  ...new Set(server.requests.map(({ model }) => model)),
];

interface Setup {
  readonly title: string;
  readonly provider: string;
  readonly env: (url: string) => Record<string, string>;
  readonly config?: (url: string) => object;
}

const alone: readonly Setup[] = [
  ...['DEEPSEEK', 'GROQ', 'XAI', 'OPENROUTER'].map((name) => ({
    title: `${name}_API_KEY`,
    provider: name.toLowerCase(),
    env: (url: string) => ({ [`${name}_API_KEY`]: key, [`${name}_BASE_URL`]: url }),
  })),
  {
    title: 'a provider of the config, with its key',
    provider: 'lab',
    env: () => ({ LAB_API_KEY: key }),
    config: (baseUrl) => ({ providers: { lab: { baseUrl } } }),
  },
  {
    title: 'a provider of the config that asks for no key',
    provider: 'lab',
    env: () => ({}),
    config: (baseUrl) => ({ providers: { lab: { baseUrl, keyless: true } } }),
  },
];

describe('one key alone is enough for every role', () => {
  test.each(alone)('$title', async ({ provider, env, config }) => {
    await withServer(async (server) => {
      const cwd = await createProject({
        'brief.md': brief,
        ...(config !== undefined && {
          'blueprint.config.json': JSON.stringify(config(server.url)),
        }),
      });
      const options = { cwd, env: env(server.url) };
      const made = await runCli(['new', 'brief.md', '--no-ask'], options);
      expect(made, made.stderr).toMatchObject({ exitCode: 0 });
      expect(made.stderr).toContain(`architect → ${provider}/default`);
      expect(modelsAsked(server)).toHaveLength(1);
      if (provider !== 'lab') return;
      const doctor = await runCli(['doctor'], options);
      expect(doctor.stdout).toContain('at least one can be asked');
      const ran = await runCli(['run', 'adder', '--unsafe-no-sandbox'], options);
      expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
    });
  });

  test('a running Ollama, with the model that it has', async () => {
    const server = await startOllamaServer({ loaded: 100_000, longest: 100_000 });
    try {
      const cwd = await createProject();
      const options = { cwd, env: { OLLAMA_HOST: server.url.replace('/v1', '') } };
      const doctor = await runCli(['doctor'], options);
      expect(doctor.stdout).toMatch(/coder +ollama\/default/);
      const asked = await runCli(['ask', 'Why?', '--mode', 'simple'], options);
      expect(asked.stdout + asked.stderr).toContain('Answer.');
    } finally {
      await server.close();
    }
  });

  test('an Ollama without a model is passed over, with what helps', async () => {
    const server = await startOllamaServer({ missing: true });
    try {
      const cwd = await createProject({ 'brief.md': brief });
      const options = { cwd, env: { OLLAMA_HOST: server.url.replace('/v1', '') } };
      const table = await runCli(['route-table'], options);
      expect(table.stdout).toContain('ollama pull');
      const made = await runCli(['new', 'brief.md', '--no-ask'], options);
      expect(made, made.stderr).toMatchObject({ exitCode: 0 });
    } finally {
      await server.close();
    }
  });

  test('of two keys the second reviews what the first wrote', async () => {
    const cwd = await createProject();
    const env = { DEEPSEEK_API_KEY: key, GROQ_API_KEY: key };
    const routed = jsonOf(await runCli(['route-table', '--json'], { cwd, env }));
    expect(JSON.stringify(routed)).toContain('groq/default');
    expect(JSON.stringify(routed)).toContain('deepseek/default');
  });

  test('the usual models come first where their key is set too', async () => {
    const cwd = await createProject();
    const env = { GROQ_API_KEY: key, ANTHROPIC_API_KEY: key };
    const table = await runCli(['route-table'], { cwd, env });
    expect(table.stdout).toMatch(/coder.* +anthropic\/claude-sonnet/);
  });
});

describe('one model for every role', () => {
  const routes = async (
    args: readonly string[],
    env: Record<string, string> = {},
    config: object = {},
  ): Promise<Record<string, string>> => {
    const cwd = await createProject({ 'blueprint.config.json': JSON.stringify(config) });
    const all = { OPENAI_API_KEY: key, ANTHROPIC_API_KEY: key, GROQ_API_KEY: key, ...env };
    const report = jsonOf(await runCli(['doctor', '--json', ...args], { cwd, env: all }));
    const roles = report['roles'] as { role: string; decision: { chosen: string } | null }[];
    return Object.fromEntries(roles.map(({ role, decision }) => [role, decision?.chosen ?? '']));
  };
  const distinct = (chosen: Record<string, string>): string[] => [
    ...new Set(Object.values(chosen)),
  ];

  test('by --model, by the variable, by the config', async () => {
    expect(distinct(await routes(['--model', 'groq/x']))).toEqual(['groq/x']);
    expect(distinct(await routes([], { BLUEPRINT_MODEL: 'groq/x' }))).toEqual(['groq/x']);
    expect(distinct(await routes([], {}, { model: 'groq/x' }))).toEqual(['groq/x']);
    expect(distinct(await routes(['--set', 'model=groq/x']))).toEqual(['groq/x']);
  });

  test('the option goes before roles of the file; roles of the same place go before the model', async () => {
    const file = { roles: { coder: ['openai/a'], critic: ['openai/b'] } };
    expect(distinct(await routes(['--model', 'groq/x'], {}, file))).toEqual(['groq/x']);
    const both = await routes([], {}, { model: 'groq/x', ...file });
    expect(both).toMatchObject({ coder: 'openai/a', solver: 'openai/a', critic: 'openai/b' });
    expect(both).toMatchObject({ architect: 'groq/x', reviewer: 'groq/x' });
    const args = ['--model', 'groq/x', '--role', 'reviewer=openai/c'];
    expect(await routes(args, {}, file)).toMatchObject({ coder: 'groq/x', judge: 'openai/c' });
  });

  test('a provider that nobody knows is an error with its place', async () => {
    const cwd = await createProject();
    const result = await runCli(['doctor', '--model', 'grok/x'], { cwd });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('grok');
    expect(result.stderr).toContain('--model');
  });
});

test('roles that leave out the provider whose key is set: no word of a key that is not set', async () => {
  const list = ['anthropic/claude-opus-5-5', 'offline/planner'];
  const roles = Object.fromEntries(
    ['architect', 'parser', 'boilerplate', 'coder', 'reviewer'].map((role) => [role, list]),
  );
  const cwd = await createProject({ 'blueprint.config.json': JSON.stringify({ roles }) });
  const doctor = await runCli(['doctor'], { cwd, env: { GROQ_API_KEY: key } });
  expect(doctor.stdout).not.toContain('no key is set');
  expect(doctor.stdout).toContain('--model groq/');
});

test('a key that cannot be one is not said to be missing', async () => {
  const cwd = await createProject();
  const doctor = await runCli(['doctor'], { cwd, env: { GROQ_API_KEY: 'two words' } });
  expect(doctor.stdout).not.toContain('no key is set');
  expect(doctor.stdout).toContain('GROQ_API_KEY holds characters');
});

test('init proposes roles from the keys that it finds', async () => {
  const cwd = await createProject();
  const env = { GROQ_API_KEY: key, OPENAI_API_KEY: key };
  const shown = jsonOf(await runCli(['init', '--json'], { cwd, env }));
  const files = shown['proposed'] as { path: string; added: string }[];
  const config = files.find(({ path }) => path.endsWith('blueprint.config.json'));
  expect(JSON.parse(config?.added ?? '')).toMatchObject({
    roles: { coder: ['openai/gpt-5.6-terra', 'groq/default'] },
  });
  expect(config?.added).not.toContain(key);
  const made = await runCli(['init', '--yes'], { cwd, env });
  expect(made.exitCode, made.stderr).toBe(0);
  expect((await runCli(['doctor'], { cwd, env })).stdout).toMatch(/coder +openai\/gpt/);
});

test('a list of models chooses: one that writes text, the usual one where it is there', async () => {
  const list = ['whisper-large', 'text-embedding-3', 'qwen-coder', 'other'];
  const asked = async (ids: readonly string[]): Promise<string[]> => {
    const paths: string[] = [];
    const server = await startJsonServer(({ path }) => {
      paths.push(path);
      if (path.endsWith('/models'))
        return { body: { object: 'list', data: ids.map((id) => ({ id })) } };
      return { status: 404, body: { error: { message: `The model \`m\` does not exist` } } };
    });
    try {
      const cwd = await createProject();
      const env = { GROQ_API_KEY: key, GROQ_BASE_URL: `${server.url}/v1` };
      const result = await runCli(['ask', 'Why?', '--mode', 'simple', '--json'], { cwd, env });
      return [...(result.stdout + result.stderr).matchAll(/groq\/([\w./-]+) is not/g)].map(
        ([, id]) => id ?? '',
      );
    } finally {
      await server.close();
    }
  };
  expect(await asked(list)).toContain('qwen-coder');
  expect(await asked([...list, 'openai/gpt-oss-120b'])).toContain('openai/gpt-oss-120b');
});

test('a reviewer that no list names is told before it is asked', () =>
  withServer(async ({ url, requests }) => {
    const roles = {
      architect: ['lab/one'],
      parser: ['lab/one'],
      coder: ['lab/one'],
      reviewer: ['lab/one'],
    };
    const config = {
      providers: { lab: { baseUrl: url, keyless: true } },
      roles: { ...roles, corrector: ['lab/one'], judge: ['lab/two'] },
    };
    const cwd = await createProject({
      'brief.md': brief,
      'blueprint.config.json': JSON.stringify(config),
    });
    await runCli(['new', 'brief.md', '--trust'], { cwd });
    const before = requests.length;
    const run = await runCli(['run', 'adder', '--task', 'T1', '--gates', 'paths', '--trust'], {
      cwd,
    });
    expect(run.stderr + run.stdout).toContain(
      'lab/two reviews, though roles.reviewer does not name it: what it names, lab/one, would review its own work',
    );
    expect(requests.slice(before).map(({ model }) => model)).toContain('two');
  }));
