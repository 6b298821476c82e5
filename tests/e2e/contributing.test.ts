import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jsonOf, projects, type CliResult } from '../helpers/run-cli.ts';
import { startJsonServer } from '../helpers/loopback/json-server.ts';
import { featureDocumentSchema } from '../../src/domain/task.ts';
import { accepted } from './conversation.ts';

/** The worked examples of CONTRIBUTING.md, added to a copy of the sources, and used. */

const createProject = projects();
const guide = await readFile('CONTRIBUTING.md', 'utf8');

const wholeFiles = [...guide.matchAll(/^```ts file=(\S+)\n([^]*?)^```$/gm)].map(
  ([, path = '', text = '']) => ({ path, text }),
);
const lines = [...guide.matchAll(/^```ts line-in="(\w+) of (\S+)"\n([^]*?)^```$/gm)].map(
  ([, list = '', path = '', text = '']) => ({ list, path, text }),
);

let copy = '';
/** What the types' check says of the whole, and of it without the lines in some files. */
interface Problems {
  readonly whole: string;
  readonly without: readonly string[];
}
let problems: Promise<Problems> = Promise.resolve({ whole: '', without: [] });

/** Files without their line, with where that is told. The first two are told apart in one check. */
const taken = [
  [
    { path: 'src/extensions.ts', told: 'src/extensions.ts' },
    {
      path: 'src/workflows/route/default-workers.ts',
      told: 'src/workflows/route/default-workers.ts',
    },
  ],
  [{ path: 'src/domain/task.ts', told: 'src/extensions.ts' }],
];

async function checkTypes(): Promise<Problems> {
  const tsc = resolve('node_modules/typescript-native/bin/tsc');
  // On several threads it does parts of its work several times, and other tests have the cores.
  const args = [tsc, '--noEmit', '--singleThreaded'];
  const check = async (): Promise<string> =>
    (await execa(process.execPath, args, { cwd: copy, reject: false })).stdout;
  const whole = await check();
  const without: string[] = [];
  for (const paths of taken.map((files) => files.map(({ path }) => path))) {
    const extended = await Promise.all(paths.map((path) => readFile(join(copy, path), 'utf8')));
    for (const path of paths) await cp(path, join(copy, path));
    without.push(await check());
    for (const [at, path] of paths.entries()) await writeFile(join(copy, path), extended[at] ?? '');
  }
  return { whole, without };
}

const run = async (args: string[], cwd: string, env = {}): Promise<CliResult> => {
  const result = await execa(process.execPath, [join(copy, 'dist/main.js'), ...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: dirname(cwd), BLUEPRINT_ACCEPTANCE: 'off', ...env },
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
  });
  return { ...result, exitCode: result.exitCode ?? null, signal: result.signal ?? null };
};

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'blueprint-extended-'));
  const same = ['src', 'scripts', 'schemas', 'package.json', 'tsconfig.json', '.oxfmtrc.json'];
  for (const name of same) await cp(name, join(copy, name), { recursive: true });
  await symlink(resolve('node_modules'), join(copy, 'node_modules'));
  for (const { path, text } of wholeFiles) await writeFile(join(copy, path), text);
  for (const { list, path, text } of lines) {
    const source = await readFile(join(copy, path), 'utf8');
    const begins = new RegExp(`^export const ${list}\\b[^]*?[[{]\\n`, 'm');
    expect(source, `${path} has the list ${list}`).toMatch(begins);
    await writeFile(
      join(copy, path),
      source.replace(begins, (start) => start + text),
    );
  }
  await execa(process.execPath, ['scripts/build.js', 'dist', 'program'], { cwd: copy });
  problems = checkTypes();
});
afterAll(async () => {
  // Nothing is read there any more.
  await problems.catch(() => undefined);
  await rm(copy, { recursive: true, force: true });
});

const file = (text: string): string => `FILE: src/add.js\n\`\`\`\`\n${text}\n\`\`\`\`\n`;
const right = 'export const add = (a, b) => a + b;';
const at = '2026-01-31T12:00:00.000Z';
const feature = featureDocumentSchema.parse({
  schemaVersion: 2,
  title: 'Adder',
  createdAt: at,
  updatedAt: at,
  plan: { specSha256: '', spec: null, refined: false, warnings: [] },
  requirements: [{ id: 'R1', text: 'It adds.' }],
  tasks: [
    { id: 'T1', title: 'Write add', type: 'code', requirements: ['R1'], files: ['src/add.js'] },
  ],
});

/** A project with one task, and a script of the works that its models give in turn. */
function project(...works: string[]): Promise<string> {
  const entries = [
    { script: 1 },
    ...works.map((text, turn) => ({
      when: { stage: turn === 0 ? 'execute' : 'correct' },
      reply: { text: file(text) },
    })),
    { when: { stage: 'review' }, reply: { json: accepted }, times: null },
  ];
  return createProject({
    'features/adder/spec.md': '# Adder\n\n## Requirements\n\n### R1: It adds.\n',
    'features/adder/tasks.json': JSON.stringify(feature),
    'script.jsonl': entries.map((entry) => JSON.stringify(entry)).join('\n'),
  });
}

describe('the worked examples of CONTRIBUTING.md', () => {
  test('there are five, each one file and one line; a workflow is named in two lists more', () => {
    expect(wholeFiles).toHaveLength(5);
    expect(lines.map(({ list }) => list)).toEqual([
      'gates',
      'strategies',
      'workflows',
      'workflows',
      'toolsOf',
      'providers',
      'commands',
    ]);
  });

  test('they compile', async () => {
    expect((await problems).whole).toBe('');
  });

  test.each(taken.flatMap((files, at) => files.map((file) => ({ ...file, at }))))(
    'a workflow without its line in $path does not compile, and is named',
    async ({ told, at }) => {
      const lines = (await problems).without[at]?.split('\n') ?? [];
      const ofFile = lines.filter((line) => line.startsWith(`${told}(`)).join('\n');
      expect(ofFile).toContain('glance');
    },
  );

  test('the workflow answers once, for a person', async () => {
    const script = [
      { script: 1 },
      { when: { stage: 'solve' }, reply: { json: { reasoning: 'Six sevens.', answer: '42' } } },
    ];
    const cwd = await createProject({
      'script.jsonl': script.map((entry) => JSON.stringify(entry)).join('\n'),
    });
    const how = ['--workflow', 'glance', '--script', 'script.jsonl', '--json'];
    const solved = await run(['solve', 'Six times seven?', ...how], cwd);
    expect(solved, solved.stderr).toMatchObject({ exitCode: 3 });
    expect(jsonOf(solved)).toMatchObject({
      route: { workflow: 'glance' },
      status: 'needs_review',
      author: 'scripted/solver',
      deliverable: { kind: 'answer', text: '42' },
    });
  });

  test('the gate has a long line broken', async () => {
    const cwd = await project(`// ${'long '.repeat(60)}\n${right}`, right);
    const gates = ['--gates', 'paths,line-length'];
    const ended = await run(['run', 'adder', '--script', 'script.jsonl', ...gates], cwd);
    expect(ended.stderr).toContain(
      'gate line-length: failed (line 1 of src/add.js has 303 characters)',
    );
    expect(ended.stderr).toContain('gate line-length: passed (1 file without a long line)');
    expect(ended.exitCode).toBe(0);
  });

  test('the strategy keeps the shorter of two', async () => {
    const cwd = await project();
    const script = [
      { script: 1 },
      { when: { stage: 'execute' }, reply: { text: file(`// I add.\n${right}`) } },
      { when: { stage: 'execute' }, reply: { text: file(right) } },
      { when: { stage: 'review' }, reply: { json: accepted } },
    ];
    await writeFile(
      join(cwd, 'script.jsonl'),
      script.map((entry) => JSON.stringify(entry)).join('\n'),
    );
    const chosen = ['--strategy', 'shorter', '--gates', 'paths', '--script', 'script.jsonl'];
    const ended = await run(['run', 'adder', ...chosen], cwd);
    expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
    await run(['apply', 'adder'], cwd);
    expect(await readFile(join(cwd, 'src/add.js'), 'utf8')).toBe(`${right}\n`);
  });

  test('the provider answers, and its faults are told as every provider’s', async () => {
    const server = await startJsonServer(({ headers }) =>
      headers['authorization'] === 'Bearer right'
        ? { body: { text: 'Forty-two.', end: 'whole', tokens: { in: 7, out: 3 } } }
        : { status: 401, body: { error: { message: 'no such key' } } },
    );
    try {
      const cwd = await createProject();
      const ask = (key: string): Promise<CliResult> =>
        run(['ask', `What is it, by the ${key} key?`, '--models', 'plain/one', '--json'], cwd, {
          PLAIN_BASE_URL: server.url,
          PLAIN_API_KEY: key,
        });
      const answered = await ask('right');
      expect(answered, answered.stdout).toMatchObject({ exitCode: 0 });
      expect(answered.stdout).toContain('Forty-two.');
      const refused = await ask('wrong');
      expect(refused.exitCode).toBe(5);
      expect(refused.stderr + refused.stdout).toContain('PLAIN_API_KEY');
    } finally {
      await server.close();
    }
  });

  test('the command counts', async () => {
    const cwd = await project(right);
    const shown = await run(['tally', 'adder'], cwd);
    expect(shown).toMatchObject({ exitCode: 0, stdout: '1 ready, 0 to review, 0 failed\n' });
    expect(jsonOf(await run(['tally', 'adder', '--json'], cwd))).toMatchObject({ ready: 1 });
    expect((await run(['--help'], cwd)).stdout).toContain('Count what is open');
  });
});
