import { cp, mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { startAnthropicServer } from '../helpers/loopback/anthropic-server.ts';
import { startGoogleServer } from '../helpers/loopback/google-server.ts';
import { startOpenAiServer } from '../helpers/loopback/openai-server.ts';
import { program, projects, treeOf } from '../helpers/run-cli.ts';
import { accepted, fileReply } from './conversation.ts';

const createProject = projects();
const modules = resolve('node_modules');
const repository = process.cwd();

/** A project that has the packed package installed, with the packages of this repository below it. */
const installed = await install();

async function install(): Promise<string> {
  const source = await createProject();
  for (const name of ['package.json', 'README.md', 'LICENSE', 'examples', 'schemas'])
    await cp(name, join(source, name), { recursive: true });
  await cp(dirname(program), join(source, 'dist'), { recursive: true });
  const { stdout } = await execa('npm', ['pack', '--ignore-scripts', '--silent'], { cwd: source });

  const cwd = await createProject({
    'package.json': JSON.stringify({ name: 'user', type: 'module', private: true }),
  });
  await mkdir(join(cwd, 'node_modules/@types'), { recursive: true });
  await execa('tar', ['-xzf', join(source, stdout.trim()), '-C', join(cwd, 'node_modules')]);
  await rename(join(cwd, 'node_modules/package'), join(cwd, 'node_modules/blueprint'));
  await symlink(modules, join(cwd, 'node_modules/blueprint/node_modules'));
  for (const name of ['@types/node', 'undici-types'])
    await symlink(join(modules, name), join(cwd, 'node_modules', name));
  return cwd;
}

/** The first TypeScript block of the page. */
async function example(): Promise<string> {
  const page = await readFile(join(repository, 'docs/library.md'), 'utf8');
  const [, code] = /```ts\n(.*?)```/s.exec(page) ?? [];
  if (code === undefined) throw new Error('docs/library.md has no example');
  return code;
}

const compile = (cwd: string, file: string, ...options: string[]) =>
  execa(
    process.execPath,
    [
      join(modules, 'typescript-native/bin/tsc'),
      file,
      '--target',
      'es2022',
      // Without a browser's.
      '--lib',
      'es2022',
      '--strict',
      '--exactOptionalPropertyTypes',
      '--types',
      'node',
      ...options,
    ],
    { cwd, reject: false },
  );

test(
  'the documented example compiles from the packed package, and runs',
  { timeout: 300_000 },
  async () => {
    const cwd = installed;
    await writeFile(join(cwd, 'example.ts'), await example());
    const answer = fileReply('src/add.js', 'export const add = (a, b) => a + b;\n');
    const claude = await startAnthropicServer(() => answer);
    const gpt = await startOpenAiServer(() => answer);
    const gemini = await startGoogleServer(() => ({ json: accepted }));
    try {
      // The types hold what they say: a field that is not there, and a mode that is none, are errors.
      await writeFile(
        join(cwd, 'wrong.ts'),
        `import { createBlueprint } from 'blueprint';
const result = await createBlueprint({ cwd: '.' }).ask('x', { mode: 'huge' });
console.log(result.nothing);
`,
      );
      const bundler = ['--module', 'esnext', '--moduleResolution', 'bundler', '--noEmit'];
      const { stdout } = await compile(cwd, 'example.ts', 'wrong.ts', ...bundler);
      const [mode = '', field = '', ...others] = stdout.split('\n');
      expect(mode).toMatch(/^wrong\.ts\(2,.*"huge"/);
      expect(field).toMatch(/^wrong\.ts\(3,.*'nothing' does not exist on type 'AskResult'/);
      expect(others.filter((line) => /^\S/.test(line))).toEqual([]);
      const forNode = await compile(cwd, 'example.ts', '--module', 'node16');
      expect(forNode, forNode.stdout).toMatchObject({ exitCode: 0 });

      const before = await treeOf(cwd);
      const ran = await execa(process.execPath, ['example.js'], {
        cwd,
        extendEnv: false,
        env: {
          PATH: process.env['PATH'],
          ANTHROPIC_API_KEY: 'sk-ant-one',
          ANTHROPIC_BASE_URL: claude.url,
          OPENAI_API_KEY: 'sk-two',
          OPENAI_BASE_URL: gpt.url,
          GEMINI_API_KEY: 'three',
          GOOGLE_GEMINI_BASE_URL: gemini.url,
        },
      });
      expect(ran.stdout.split('\n')).toEqual([
        'backend anthropic/claude-sonnet-5-5 openai/gpt-5.6-terra',
        'src/add.js 36 characters',
      ]);
      expect(ran.stderr.split('\n')).toEqual(['an answer is there', 'an answer is there']);
      const made = Object.keys(await treeOf(cwd)).filter((path) => !(path in before));
      expect(made.length).toBeGreaterThan(0);
      expect(made.every((path) => path.startsWith('.blueprint/asks/'))).toBe(true);
    } finally {
      await Promise.all([claude, gpt, gemini].map((server) => server.close()));
    }
  },
);

test('importing it starts, prints and takes nothing; faults are errors with a code', async () => {
  const cwd = installed;
  await writeFile(
    join(cwd, 'quiet.js'),
    `const before = process.eventNames().map((name) => [name, process.listenerCount(name)]);
const { BlueprintError, createBlueprint } = await import('blueprint');
const blueprint = createBlueprint({ cwd: '.', env: {} });
const after = process.eventNames().map((name) => [name, process.listenerCount(name)]);
if (JSON.stringify(before) !== JSON.stringify(after)) console.log('listens', after);
if (process.argv[2] === 'ask') {
  const fault = await blueprint.ask('Why?').catch((error) => error);
  console.log(fault instanceof BlueprintError, fault.code, fault.exitCode);
  const unsolved = await blueprint.tournament({ spec: 'Add two numbers.', k: 2 })
    .catch((error) => error);
  console.log(unsolved instanceof BlueprintError, unsolved.exitCode);
  const zero = await blueprint.tournament({ spec: 'Add two numbers.', k: 0 })
    .catch((error) => error);
  console.log(zero instanceof BlueprintError, zero.exitCode);
  const aborted = AbortSignal.abort();
  const ended = await createBlueprint({ cwd: '.', env: {}, signal: aborted })
    .run('nothing').catch((error) => error);
  console.log(ended instanceof BlueprintError, ended.code);
}
`,
  );
  const before = await treeOf(cwd);
  const options = { cwd, extendEnv: false, env: { PATH: process.env['PATH'] } } as const;
  expect(await execa(process.execPath, ['quiet.js'], options)).toMatchObject({
    stdout: '',
    stderr: '',
  });
  expect(await treeOf(cwd)).toEqual(before);
  const asked = await execa(process.execPath, ['quiet.js', 'ask'], options);
  expect(asked.stdout.split('\n')).toEqual([
    'true no-model 5',
    'true 5',
    'true 2',
    'true feature-not-found',
  ]);
});

test('a task is routed and solved as by the commands, with events; a signal ends it', async () => {
  const cwd = installed;
  await writeFile(
    join(cwd, 'solve.ts'),
    `import { createBlueprint, BlueprintError, type RoutedTask, type SolveOutcome } from 'blueprint';
const events: string[] = [];
const blueprint = createBlueprint({ cwd: '.', onEvent: ({ type }) => events.push(type) });
const question = 'How many are six times seven?';
const { route, folder }: RoutedTask = await blueprint.routeTask(question, { rules: true });
console.log(route.workflow, route.by, folder);
const solved: SolveOutcome = await blueprint.solve(question, {
  workflow: 'reasoning',
  policy: 'cost',
  rounds: 1,
});
console.log(solved.status, solved.exitCode, solved.deliverable.kind, events.includes('task-finish'));
for (const options of [{ rounds: 11 }, { workflow: 'science', sources: ['.'] }] as const) {
  const wrong = await blueprint.solve('x', options).catch((error: unknown) => error);
  console.log(wrong instanceof BlueprintError && [wrong.code, wrong.exitCode].join());
}
const stopped = await blueprint
  .solve('How many are seven times seven?', { workflow: 'reasoning', signal: AbortSignal.abort() })
  .catch((error: unknown) => error);
console.log(stopped instanceof Error ? stopped.name : stopped);
`,
  );
  const compiled = await compile(cwd, 'solve.ts', '--module', 'node16');
  expect(compiled, compiled.stdout).toMatchObject({ exitCode: 0 });
  const solution = JSON.stringify({ reasoning: 'Seven sixes.', answer: '42' });
  const claude = await startAnthropicServer(() => solution);
  try {
    const env = {
      PATH: process.env['PATH'],
      ANTHROPIC_API_KEY: 'sk-ant-one',
      ANTHROPIC_BASE_URL: claude.url,
    };
    const ran = await execa(process.execPath, ['solve.js'], { cwd, extendEnv: false, env });
    expect(ran.stdout.split('\n')).toEqual([
      'reasoning rules null',
      'done 0 answer true',
      'usage,2',
      'usage,2',
      'InterruptedError',
    ]);
  } finally {
    await claude.close();
  }
});
