import { symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { featureDocumentSchema } from '../../src/domain/task.ts';
import { runHere } from '../helpers/in-process.ts';
import { projects } from '../helpers/run-cli.ts';
import { accepted, fileReply, refused } from './conversation.ts';

const createProject = projects();
const modules = resolve('node_modules');
const bin = (name: string): string => join(modules, '.bin', name);
const has = async (module: string): Promise<boolean> =>
  (await execa('python3', ['-c', `import ${module}`], { reject: false })).exitCode === 0;

interface Tool {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** How many of these it takes. */
  readonly own: number;
  /** The files that the tasks write; the second is broken, so that a tool that takes it fails. */
  readonly approved: readonly [path: string, text: string];
  readonly waiting: readonly [path: string, text: string];
  readonly command: readonly [string, ...string[]];
  /** How many tests or files the tool took. */
  readonly count: (output: string, root: string) => number;
}

const module = { 'package.json': '{ "type": "module" }\n' };
const jsTest = (from: string, body = ''): string =>
  `import { test } from '${from}';\ntest('one', () => {${body}});\n`;
const pythonTest = (body: string): string =>
  `import unittest\nclass One(unittest.TestCase):\n    def test_one(self):\n        ${body}\n`;
const fails = 'throw new Error("a draft ran");';
const failsInPython = 'raise ValueError("a draft ran")';
const first = (pattern: RegExp) => (output: string) => Number(pattern.exec(output)?.[1] ?? -1);

const tools: readonly Tool[] = [
  {
    name: 'node --test',
    files: { ...module, 'test/a.test.js': jsTest('node:test') },
    own: 1,
    approved: ['test/b.test.js', jsTest('node:test')],
    waiting: ['test/c.test.js', jsTest('node:test', fails)],
    command: [process.execPath, '--test', '--test-reporter=tap'],
    count: first(/^# tests (\d+)$/m),
  },
  {
    name: 'vitest',
    files: { ...module, 'src/a.test.js': jsTest('vitest') },
    own: 1,
    approved: ['src/b.test.js', jsTest('vitest')],
    waiting: ['src/c.spec.js', jsTest('vitest', fails)],
    command: [bin('vitest'), 'run', '--reporter=json'],
    count: first(/"numTotalTests":(\d+)/),
  },
  {
    name: 'eslint',
    files: {
      ...module,
      'eslint.config.js': 'export default [{ rules: { "no-undef": "error" } }];\n',
      'a.js': 'export const a = 1;\n',
    },
    own: 2,
    approved: ['b.js', 'export const b = 2;\n'],
    waiting: ['c.js', 'export const c = missing;\n'],
    command: [bin('eslint'), '.', '--format', 'json'],
    count: (output) => output.split('"filePath"').length - 1,
  },
  {
    name: 'tsc',
    files: {
      'tsconfig.json':
        '{ "compilerOptions": { "noEmit": true, "types": [], "lib": ["ES2023"], "listFiles": true } }\n',
      'a.ts': 'export const a: number = 1;\n',
    },
    own: 1,
    approved: ['b.ts', 'export const b: number = 2;\n'],
    waiting: ['c.ts', 'export const c: number = "text";\n'],
    command: [process.execPath, join(modules, 'typescript-native/bin/tsc')],
    count: (output, root) => output.split('\n').filter((line) => line.startsWith(root)).length,
  },
  {
    name: 'unittest',
    files: { 'test_a.py': pythonTest('pass') },
    own: 1,
    approved: ['test_b.py', pythonTest('pass')],
    waiting: ['test_c.py', pythonTest(failsInPython)],
    command: ['python3', '-m', 'unittest', 'discover'],
    count: first(/^Ran (\d+) test/m),
  },
  {
    name: 'pytest',
    files: { 'test_a.py': pythonTest('pass') },
    own: 1,
    approved: ['test_b.py', pythonTest('pass')],
    waiting: ['test_c.py', pythonTest(failsInPython)],
    command: ['python3', '-m', 'pytest', '-p', 'no:cacheprovider'],
    count: first(/(\d+) passed/),
  },
];

const at = '2026-01-31T12:00:00.000Z';

function planned(): string {
  const task = { type: 'code', requirements: ['R1'] };
  const document = featureDocumentSchema.parse({
    schemaVersion: 2,
    title: 'More tests',
    createdAt: at,
    updatedAt: at,
    plan: { specSha256: '', spec: null, refined: false, warnings: [] },
    requirements: [{ id: 'R1', text: 'It is tested.' }],
    tasks: [
      { ...task, id: 'T1', title: 'One that is approved' },
      { ...task, id: 'T2', title: 'One that waits' },
    ],
  });
  return `${JSON.stringify(document, null, 2)}\n`;
}

function scriptOf({ approved, waiting }: Tool): string {
  const entries = [
    { when: { stage: 'execute', task: 'T1' }, reply: { text: fileReply(...approved) } },
    { when: { stage: 'execute', task: 'T2' }, reply: { text: fileReply(...waiting) } },
    { when: { stage: 'correct', task: 'T2' }, reply: { text: fileReply(...waiting) } },
    { when: { stage: 'review', task: 'T1' }, reply: { json: accepted } },
    { when: { stage: 'review', task: 'T2' }, reply: { json: refused } },
  ].map((entry) => ({ ...entry, times: null }));
  const lines = [{ script: 1, note: 'tests of two tasks' }, ...entries];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

test.for(tools)(
  'what is kept of work is nothing to $name: neither approved files nor drafts',
  async (tool, { skip }) => {
    if (tool.name === 'pytest' && !(await has('pytest'))) skip();
    const cwd = await createProject({
      ...tool.files,
      'features/more/spec.md': '# More\n\n## Requirements\n\n### R1: It is tested\n\n- It is.\n',
      'features/more/tasks.json': planned(),
      '../script.jsonl': scriptOf(tool),
    });
    // Outside of the project, where no tool looks for more than modules.
    await symlink(modules, join(cwd, '../node_modules'));
    const took = async (): Promise<number> => {
      const [file, ...args] = tool.command;
      const ended = await execa(file, args, {
        cwd,
        reject: false,
        all: true,
        env: { NODE_TEST_CONTEXT: undefined, VITEST: undefined, PYTHONDONTWRITEBYTECODE: '1' },
      });
      expect(ended.exitCode, ended.all).toBe(0);
      return tool.count(ended.all, cwd);
    };
    const run = await runHere(
      [
        'run',
        'more',
        '--findings',
        'any',
        '--script',
        '../script.jsonl',
        '--gates',
        'paths,syntax',
      ],
      { cwd },
    );
    expect(run, run.stderr).toMatchObject({ exitCode: 3 });
    expect(await took()).toBe(tool.own);

    const applied = await runHere(['apply', 'more'], { cwd });
    expect(applied, applied.stderr).toMatchObject({ exitCode: 0 });
    expect(await took()).toBe(tool.own + 1);
  },
);
