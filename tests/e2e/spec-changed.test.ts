import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runHere as runCli } from '../helpers/in-process.ts';
import { jsonOf, projects, type CliResult } from '../helpers/run-cli.ts';
import { accepted, fileReply, planned } from './conversation.ts';

const createProject = projects();

const spec = `# adder

## Requirements

### R1: add gives the sum of two numbers

- \`add(1, 2)\` gives 3.

### R2: It says how it is used

- There is a README.
`;
const changed = `${spec.replace('of two numbers', 'of two integers')}\n### R3: It has a licence\n`;

const tasks = [
  planned({ id: 'T1', title: 'Write add', type: 'code', requirements: ['R1'], files: ['add.js'] }),
  planned({ id: 'T2', title: 'Tell it', type: 'code', requirements: ['R2'], files: ['README'] }),
];
const more = [
  { ...tasks[0], title: 'Write add for integers' },
  planned({
    id: 'T3',
    title: 'License it',
    type: 'code',
    requirements: ['R3'],
    files: ['LICENSE'],
  }),
];
const always = (when: object, reply: object) => ({ when, reply, times: null });
const script = [
  { script: 1 },
  always(
    { stage: 'plan', contains: ['two integers'] },
    { json: { requirements: [], tasks: more } },
  ),
  always({ stage: 'plan' }, { json: { requirements: [], tasks } }),
  always({ stage: 'refine' }, { json: { tasks, removed: [], notes: [] } }),
  always(
    { task: 'T1', stage: 'correct', contains: ['of two integers'] },
    { text: fileReply('add.js', 'integers\n') },
  ),
  always({ task: 'T1', stage: 'execute' }, { text: fileReply('add.js', 'numbers\n') }),
  always({ task: 'T2', stage: 'execute' }, { text: fileReply('README', 'use it\n') }),
  always({ task: 'T3', stage: 'execute' }, { text: fileReply('LICENSE', 'MIT\n') }),
  always({ stage: 'review' }, { json: accepted }),
].map((entry) => JSON.stringify(entry));

test('an edit of spec.md is told until it is planned, and what stands is kept', async () => {
  const cwd = await createProject({ 'spec.md': spec, 'script.jsonl': script.join('\n') });
  const env = { BLUEPRINT_SCRIPT: 'script.jsonl' };
  const blueprint = (...args: string[]): Promise<CliResult> =>
    runCli([...args, '--quiet'], { cwd, env });
  const run = () => blueprint('run', 'adder', '--gates', 'paths');
  const path = join(cwd, 'features/adder/spec.md');
  expect(await blueprint('new', 'spec.md', '--spec', '--name', 'adder')).toMatchObject({
    exitCode: 0,
    stderr: '',
  });
  expect(await run()).toMatchObject({ exitCode: 0, stderr: '' });

  await writeFile(path, spec.replaceAll('\n', '\r\n'));
  expect((await blueprint('status')).stdout).not.toContain('spec.md');

  await writeFile(path, changed);
  const words = /spec\.md changed since it was planned: R1 changed, R3 added\. T1 serves them\./;
  for (const args of [['status'], ['show', 'adder'], ['show', 'adder', 'T1']])
    expect((await blueprint(...args)).stdout).toMatch(words);
  expect((await blueprint('show', 'adder', 'T1')).stdout).toContain(
    'R1 add gives the sum of two int',
  );
  expect((await blueprint('next')).stdout).toMatch(/R1 changed, R3 added[^]*new --again adder/);
  expect((await blueprint('show', 'adder', 'T1', '--prompt')).stdout).toContain('two integers');
  const over = await run();
  expect(over.exitCode).toBe(3);
  expect(over.stdout).toMatch(words);
  expect(over.stdout).toContain('Plan anew what changed: blueprint new --again adder');

  const again = await blueprint('new', '--again', 'adder');
  expect(again, again.stderr).toMatchObject({ exitCode: 0 });
  expect(again.stdout).toMatch(/Kept as they were: T2\n.*again: T1\nNew: T3/);
  expect((await blueprint('new', '--again', 'adder')).stdout).toContain('Nothing to plan');
  expect(jsonOf(await blueprint('show', 'adder', '--json'))).toMatchObject({
    spec: { changes: null, problem: null },
    tasks: [
      { id: 'T1', title: 'Write add for integers', status: 'pending' },
      { id: 'T2', status: 'done', result: { attempt: 1 } },
      { id: 'T3', status: 'pending' },
    ],
  });
  const last = await run();
  expect(last.exitCode, last.stdout + last.stderr).toBe(0);
  expect((await blueprint('diff', 'adder')).stdout).toMatch(/\+MIT[^]*\+integers/);
});

test('a spec that cannot be used stops what needs it alone', async () => {
  const cwd = await createProject({ 'spec.md': spec, 'script.jsonl': script.join('\n') });
  const env = { BLUEPRINT_SCRIPT: 'script.jsonl' };
  const blueprint = (...args: string[]): Promise<CliResult> => runCli(args, { cwd, env });
  await blueprint('new', 'spec.md', '--spec', '--name', 'adder');
  await blueprint('run', 'adder', '--gates', 'paths', '--task', 'T1');
  await writeFile(join(cwd, 'features/adder/spec.md'), '');
  const run = await blueprint('run', 'adder');
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toMatch(/error\[spec-broken\] The spec is empty[^]*fix: Restore it/);
  for (const args of [['status', 'adder'], ['show', 'adder'], ['next']]) {
    const told = await blueprint(...args);
    expect(told.exitCode).toBe(0);
    expect(told.stdout).toContain('The spec is empty');
  }
  expect(await blueprint('apply', 'adder')).toMatchObject({ exitCode: 0 });
  await rm(join(cwd, 'features/adder/spec.md'));
  expect((await blueprint('new', '--again', 'adder')).stderr).toContain('error[spec-missing]');
});
