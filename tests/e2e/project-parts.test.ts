import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { startAnthropicServer } from '../helpers/loopback/anthropic-server.ts';
import { startOpenAiServer } from '../helpers/loopback/openai-server.ts';
import type { Handler, LoopbackServer, ReceivedRequest } from '../helpers/loopback/server.ts';
import { expectSoundJournals } from '../helpers/journal.ts';
import { runHere as runCli } from '../helpers/in-process.ts';
import { jsonOf, projects, startCli, textsOf } from '../helpers/run-cli.ts';

const createProject = projects();

const price = 'export const priceOf = (item) => item.length;\n';
const shop = {
  'src/cart.js': "import { priceOf } from './price.js';\nexport const total = priceOf('a');\n",
  'src/price.js': price,
  '.env': 'PRICE_KEY=not-for-models\n',
};
const question = 'What does priceOf in src/cart.js do, and what is in .env?';

const servers: LoopbackServer[] = [];
afterAll(async () => {
  for (const server of servers) await server.close();
});

/** Two families of models, of which each may be told to answer otherwise. */
async function vendors(claude: Handler = () => 'By its length.', gpt: Handler = claude) {
  const [one, two] = [await startAnthropicServer(claude), await startOpenAiServer(gpt)];
  servers.push(one, two);
  return {
    claude: one,
    gpt: two,
    prompts: () => [...one.requests, ...two.requests].map(({ prompt }) => prompt),
    env: {
      ANTHROPIC_API_KEY: 'sk-ant-one',
      ANTHROPIC_BASE_URL: one.url,
      OPENAI_API_KEY: 'sk-two',
      OPENAI_BASE_URL: two.url,
    },
  };
}

const alone = ['--mode', 'simple', '--models', 'claude', '--json'];

/** Resolves with the value, once there is one. */
async function until<T>(find: () => T | Promise<T>): Promise<T> {
  for (;;) {
    const found = await find();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const callsKept = async (cwd: string): Promise<number> => {
  const paths = existsSync(cwd) ? await readdir(cwd, { recursive: true }) : [];
  return paths.filter((path) => /(?:^|\/)calls\/\w+\.json$/.test(path)).length;
};

describe.concurrent('what of the project goes with a question', () => {
  test('is what it names, and is told; the same question costs nothing, of another project anew', async () => {
    const { env, prompts } = await vendors();
    const cwd = await createProject(shop);
    const asked = await runCli(['ask', question, ...alone], { cwd, env });
    expect(asked, asked.stderr).toMatchObject({ exitCode: 0 });
    const [prompt = ''] = prompts();
    expect(prompt).toMatch(/FILE: src\/cart\.js\n\(named\)/);
    expect(prompt).toMatch(/FILE: src\/price\.js\n\(declares priceOf\)/);
    expect(prompt.indexOf('FILE: src/price.js')).toBeLessThan(prompt.indexOf(question));
    expect(prompt).not.toContain('not-for-models');
    const files = [
      { path: 'src/cart.js', form: 'whole', reason: 'named' },
      { path: 'src/price.js', form: 'whole', reason: 'declares priceOf' },
    ];
    expect(jsonOf(asked)).toMatchObject({ project: { files, leftOut: [] } });
    expect(asked.stderr).toMatch(
      /2 files of the project, about \d+ tokens, to the models: src\/cart\.js, src\/price\.js\n/,
    );
    const { folder } = jsonOf(asked) as { folder: string };
    const journal = await readFile(join(folder, 'journal.jsonl'), 'utf8');
    expect(journal).toContain('"path":"src/price.js","form":"whole","reason":"declares priceOf"');

    const again = jsonOf(await runCli(['ask', question, ...alone], { cwd, env }));
    expect(again).toMatchObject({ folder, project: { files }, cost: { total: { calls: 0 } } });
    expect(prompts()).toHaveLength(1);

    await writeFile(join(cwd, 'src/price.js'), price.replace('length', 'size'));
    const anew = await runCli(['ask', question, ...alone], { cwd, env });
    expect(anew.stderr).toContain('has changed since it was answered: it is asked anew');
    expect(prompts()).toHaveLength(2);
    expect(prompts()[1]).toContain('item.size');
    await expectSoundJournals(cwd);
  });

  test('is nothing where it names nothing: nothing is read, kept or told', async () => {
    const { env, prompts } = await vendors();
    const cwd = await createProject({ ...shop, 'src/run.js': 'export const run = () => 1;\n' });
    const general = 'Please run a function that parses durations in JavaScript';
    const asked = await runCli(['ask', general, ...alone], { cwd, env });
    expect(jsonOf(asked)).toMatchObject({ exitCode: 0, project: null });
    expect(asked.stderr).not.toContain('of the project');
    expect(prompts()[0]).not.toContain('FILE: src/cart.js');
    expect(existsSync(join(cwd, '.blueprint/index'))).toBe(false);
    const kept = Object.keys(await textsOf(join(cwd, '.blueprint')));
    expect(kept.filter((path) => path.includes('partial'))).toEqual([]);
    // It is the very prompt of a folder without anything, and costs as much.
    await runCli(['ask', general, ...alone], { cwd: await createProject(), env });
    expect(prompts()[1]).toBe(prompts()[0]);
  });

  test('is nothing with --no-repository, and with --repository what fits its words', async () => {
    const { env, prompts } = await vendors();
    const cwd = await createProject(shop);
    const none = await runCli(['ask', question, ...alone, '--no-repository'], { cwd, env });
    expect(jsonOf(none)).toMatchObject({ exitCode: 0, project: null });
    expect(prompts()[0]).not.toContain('FILE: src/cart.js');
    const plain = ['ask', 'How is the price of an item found?', ...alone];
    expect(jsonOf(await runCli(plain, { cwd, env }))).toMatchObject({ project: null });
    const searched = await runCli([...plain, '--repository'], { cwd, env });
    expect(searched, searched.stderr).toMatchObject({ exitCode: 0 });
    expect(prompts()[2]).toContain('# The project as it stands, in part');
    expect(prompts()[2]).toMatch(/FILE: src\/price\.js\n\(shares item, price\)/);
    const given = [...plain, '--repository', '--context', 'src/price.js'];
    await runCli(given, { cwd, env });
    // What is given is there once.
    expect(prompts()[3]).toContain('File src/price.js:');
    expect(prompts()[3]).not.toContain('FILE: src/price.js');
    expect(prompts()[3]).toContain('FILE: src/cart.js');
  });

  test('stays what it was until the work has ended, though the project changed; then it is told', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let turn = 0;
    const { env, claude, gpt } = await vendors(
      () => 'By its length.',
      async () => {
        if (turn++ === 0) await held;
        return 'by its length';
      },
    );
    // What is kept is what was sent, to the letter.
    const key = 'sk-proj-Bx7Kq2Lm9Pz4Wr8Tn5Yv1Bc6';
    const hidden = `// \u200b\u001b[0m ${key}\n`;
    const cwd = await createProject({ ...shop, 'src/cart.js': `${shop['src/cart.js']}${hidden}` });
    const args = ['ask', question, '--mode', 'simple', '--models', 'claude,gpt', '--json'];
    const first = startCli(args, { cwd, env });
    await until(async () => (await callsKept(cwd)) > 0 && gpt.requests.length > 0);
    first.kill('SIGKILL');
    await first.ended;
    release();
    await writeFile(join(cwd, 'src/price.js'), price.replace('length', 'size'));
    await writeFile(join(cwd, 'src/cart.js'), 'export {};\n');

    const again = await runCli(args, { cwd, env });
    expect(again, again.stderr).toMatchObject({ exitCode: 0 });
    expect(again.stderr).toContain('to the models, as it was when this was begun: src/cart.js');
    expect(claude.requests).toHaveLength(1);
    expect(gpt.requests.map(({ prompt }) => prompt)).toEqual([
      gpt.requests[0]?.prompt,
      gpt.requests[0]?.prompt,
    ]);
    expect(gpt.requests[1]?.prompt).toContain('item.length');
    expect(gpt.requests[1]?.prompt).not.toContain(key);

    const anew = await runCli(args, { cwd, env });
    expect(anew.stderr).toContain('it is asked anew');
    expect(claude.requests[1]?.prompt).toContain('item.size');
  });

  test('stays what it was where the budget ended the work', async () => {
    // Whoever is first uses up what the budget allows.
    const dear: Handler = () => ({
      text: 'By its length.',
      usage: { input: 1_000, output: 8_000 },
    });
    const { env, prompts } = await vendors(dear);
    const cwd = await createProject(shop);
    const args = ['ask', question, '--mode', 'simple', '--models', 'claude,gpt'];
    const some = await runCli([...args, '--budget', '0.13'], { cwd, env });
    expect(some, some.stderr).toMatchObject({ exitCode: 4 });
    expect(prompts()).toHaveLength(1);
    await writeFile(join(cwd, 'src/price.js'), price.replace('length', 'size'));
    const all = await runCli([...args, '--budget', '50'], { cwd, env });
    expect(all, all.stderr).toMatchObject({ exitCode: 0 });
    expect(all.stderr).toContain('as it was when this was begun');
    expect(prompts()).toHaveLength(2);
    expect(prompts().every((prompt) => prompt.includes('item.length'))).toBe(true);
  });

  test('counts for the budget before anything is asked, and never takes more than a model does', async () => {
    const { env, prompts } = await vendors();
    const models = { 'anthropic/claude-sonnet-5-5': { contextTokens: 4_000 } };
    const prices = { 'anthropic/claude-sonnet-5-5': { input: 1_000, output: 0.001 } };
    const large = `export function priceOf() {}\n${'// made of words\n'.repeat(1_000)}`;
    const cwd = await createProject({ ...shop, 'src/price.js': large });
    const config = join(cwd, 'blueprint.config.json');
    await writeFile(config, JSON.stringify({ prices, executor: { maxOutputTokens: 500 } }));
    const args = ['ask', 'What does src/price.js do?', ...alone, '--budget', '3'];
    const refused = await runCli(args, { cwd, env });
    expect(refused).toMatchObject({ exitCode: 4 });
    expect(jsonOf(refused)).toMatchObject({ error: { code: 'budget-reached' } });
    expect(prompts()).toEqual([]);
    const none = await runCli([...args, '--no-repository'], { cwd, env });
    expect(none, none.stderr).toMatchObject({ exitCode: 0 });

    await writeFile(config, JSON.stringify({ models }));
    const small = await runCli(['ask', 'What is in src/price.js?', ...alone], { cwd, env });
    const [file] = (jsonOf(small) as { project: { files: { form: string }[] } }).project.files;
    expect(file).toMatchObject({ path: 'src/price.js', form: 'outline' });
    expect(small.stderr).toContain('1 file of the project');
  });
});

const spec = `# Clamp

## Requirements

### R1: clamp(value, low, high) in src/clamp.mjs keeps a number within bounds

- It takes its usual bounds from src/bounds.mjs
- low above high is a RangeError
`;
const work = `FILE: src/clamp.mjs
\`\`\`\`js
import { bounds } from './bounds.mjs';
export function clamp(value, low = bounds[0], high = bounds[1]) {
  if (low > high) throw new RangeError('low is above high');
  return Math.min(Math.max(value, low), high);
}
\`\`\`\`
`;
const isCritic = ({ prompt }: ReceivedRequest): boolean => prompt.includes('# Your charter: ');

function accepted({ prompt }: ReceivedRequest) {
  const scores = { correctness: 1, consistency: 1, safety: 1, efficiency: 1, clarity: 1 };
  const candidate = /given back as it is: (\S+)/.exec(prompt)?.[1] ?? '';
  return { json: { candidate, verdict: 'accept', scores, failures: [], nextActions: [] } };
}

describe.concurrent('what of the project goes with a tournament', () => {
  const args = ['tournament', '--spec', 'spec.md', '--k', '2', '--out', 'made', '--json'];
  const roles = {
    BLUEPRINT_ROLE_CODER: 'anthropic/claude-sonnet-5-5',
    BLUEPRINT_ROLE_CRITIC: 'openai/gpt-5.6-sol',
  };
  const files = {
    'spec.md': spec,
    'src/bounds.mjs': 'export const bounds = [0, 1];\n',
    'src/other.mjs': 'export const usual = 1;\n',
  };

  test('is what its spec names, for candidates and critics; what it wrote itself is none of it', async () => {
    const { env, claude, gpt, prompts } = await vendors(() => work, accepted);
    const cwd = await createProject(files);
    const options = { cwd, env: { ...env, ...roles } };
    const shown = await runCli(args, options);
    expect(shown, shown.stderr).toMatchObject({ exitCode: 0 });
    expect(shown.stderr).toMatch(/1 file of the project, about \d+ tokens, to the models: src\/b/);
    expect(jsonOf(shown)).toMatchObject({ project: { files: [{ path: 'src/bounds.mjs' }] } });
    for (const { prompt } of [...claude.requests, ...gpt.requests]) {
      expect(prompt).toContain('FILE: src/bounds.mjs');
      expect(prompt).not.toContain('FILE: src/other.mjs');
      // It is there as the spec.
      expect(prompt).not.toContain('FILE: spec.md');
    }
    expect(gpt.requests.filter(isCritic).length).toBeGreaterThan(0);
    const count = prompts().length;
    const again = await runCli(args, options);
    expect(jsonOf(again)).toMatchObject({ exitCode: 0, out: { files: ['src/clamp.mjs'] } });
    expect(prompts()).toHaveLength(count);
    const without = await runCli([...args, '--no-repository'], options);
    expect(jsonOf(without)).toMatchObject({ exitCode: 0, project: null });
    const more = prompts().filter((prompt) => !prompt.includes('FILE: src/bounds.mjs'));
    expect(more.length).toBeGreaterThan(0);
    await expectSoundJournals(cwd);
  });

  test('stays what it was when it is killed and the project changes', async () => {
    const finished = new Map<string, number>();
    let stalled = false;
    const answer: Handler = (request) => {
      if (isCritic(request) && !stalled) {
        stalled = true;
        return { text: '{"candidate": "', cut: 'hang' };
      }
      finished.set(request.prompt, (finished.get(request.prompt) ?? 0) + 1);
      return isCritic(request) ? accepted(request) : work;
    };
    const { env, claude } = await vendors(answer);
    const cwd = await createProject(files);
    const options = { cwd, env: { ...env, ...roles } };
    const first = startCli(args, options);
    await until(async () => stalled && (await callsKept(cwd)) >= finished.size);
    first.kill('SIGKILL');
    await first.ended;
    const candidates = claude.requests.length;
    await writeFile(join(cwd, 'src/bounds.mjs'), 'export const bounds = [0, 100];\n');
    await writeFile(join(cwd, 'src/clamp.mjs'), 'export {};\n');
    const again = await runCli(args, options);
    expect(again, again.stderr).toMatchObject({ exitCode: 0 });
    expect(again.stderr).toContain('as it was when this was begun: src/bounds.mjs');
    expect(claude.requests).toHaveLength(candidates);
    expect([...finished.values()].every((times) => times === 1)).toBe(true);
    expect([...finished.keys()].every((prompt) => prompt.includes('[0, 1]'))).toBe(true);
  });
});

describe.concurrent('what of the project goes with a question that is solved', () => {
  const args = ['solve', '--workflow', 'reasoning', '--json'];
  const solved: Handler = () => ({ json: { reasoning: 'It is said.', answer: '42' } });

  test('is what it names, for each who solves it', async () => {
    const { env, prompts } = await vendors(solved);
    const cwd = await createProject(shop);
    const result = await runCli([...args, 'How long is priceOf?'], { cwd, env });
    expect(result, result.stderr).toMatchObject({ exitCode: 0 });
    expect(jsonOf(result)).toMatchObject({ context: { files: [{ path: 'src/price.js' }] } });
    expect(prompts()).toHaveLength(3);
    for (const prompt of prompts()) {
      expect(prompt).toContain('FILE: src/price.js');
      expect(prompt).not.toContain('src/cart.js');
    }
    expect(result.stderr).toContain('1 file of the project');
    await runCli([...args, 'How long is priceOf?'], { cwd, env });
    expect(prompts()).toHaveLength(3);
  });

  test('is nothing where it names nothing, and with --repository what fits', async () => {
    const { env, prompts } = await vendors(solved);
    const cwd = await createProject(shop);
    const options = { cwd, env };
    await runCli([...args, 'What is the price of six items?'], options);
    expect(prompts()).toHaveLength(3);
    for (const prompt of prompts()) expect(prompt).not.toContain('src/');
    await runCli([...args, 'What is the price of six items?', '--repository'], options);
    expect(prompts().some((prompt) => prompt.includes('FILE: src/price.js'))).toBe(true);
  });
});
