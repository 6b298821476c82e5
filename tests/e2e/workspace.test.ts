import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/domain/event.ts';
import { featureDocumentSchema, type FeatureDocument } from '../../src/domain/task.ts';
import { runHere } from '../helpers/in-process.ts';
import { projects, runCli, type CliResult } from '../helpers/run-cli.ts';
import { accepted, fileReply } from './conversation.ts';

const project = projects();
const at = '2026-01-31T12:00:00.000Z';

const list = `export function first(items) {
  return items[0];
}

export function size(items) {
  return items.length;
}

export function last(items) {
  return items[items.length - 1];
}
`;
const withFirst = list.replace('return items[0];', "return items[0] ?? 'none';");
const withLast = list.replace('return items[items.length - 1];', 'return items.at(-1);');

const document: FeatureDocument = featureDocumentSchema.parse({
  schemaVersion: 2,
  title: 'Lists',
  createdAt: at,
  updatedAt: at,
  plan: { specSha256: '', spec: null, refined: false, warnings: [] },
  requirements: [{ id: 'R1', text: 'Lists have a first and a last item.' }],
  tasks: [
    { id: 'T1', title: 'Make first total', type: 'code', requirements: ['R1'], files: ['list.js'] },
    { id: 'T2', title: 'Make last short', type: 'code', requirements: ['R1'], files: ['list.js'] },
    { id: 'T3', title: 'Say how to use it', type: 'code', requirements: ['R1'], files: ['USE.md'] },
  ],
});

/** The two that change one file are shown it before either is done. */
const script = [
  { script: 1, note: 'Three tasks at a time, two of them on one file.' },
  execute('T1', fileReply('list.js', withFirst), 800),
  execute('T2', fileReply('list.js', withLast), 800),
  execute('T3', fileReply('docs/USE.md', '# Lists\n'), 10),
  { when: { stage: 'review' }, reply: { json: accepted }, times: null },
]
  .map((line) => `${JSON.stringify(line)}\n`)
  .join('');

function execute(task: string, text: string, delayMs: number) {
  return { when: { stage: 'execute', task }, reply: { text }, delayMs, chunk: 100_000 };
}

/** A repository with a feature of three tasks, and a change of the user's own that is not committed. */
async function repository(): Promise<{
  git: (...args: string[]) => Promise<string>;
  blueprint: (...args: string[]) => Promise<CliResult>;
  cwd: string;
}> {
  const cwd = await project({
    'list.js': list,
    'README.md': '# Mine\n',
    '.gitignore': 'features/*/*\n!features/*/tasks.json\n!features/*/*.md\n',
    'features/lists/brief.md': '# Lists\n',
    'features/lists/spec.md': '# Lists\n\n## Requirements\n\n### R1: Lists have ends.\n\n- Seen.\n',
    'features/lists/tasks.json': `${JSON.stringify(document, null, 2)}\n`,
    'script.jsonl': script,
    'blueprint.config.json': '{}\n',
  });
  const home = { HOME: cwd, PATH: process.env['PATH'] };
  const git = async (...args: string[]): Promise<string> =>
    (await execa('git', args, { cwd, env: home, extendEnv: false })).stdout;
  await git('init', '-q', '-b', 'main');
  await git('config', 'user.name', 'Ann');
  await git('config', 'user.email', 'ann@example.org');
  await git('add', '-A');
  await git('commit', '-qm', 'Begin');
  await writeFile(join(cwd, 'README.md'), '# Mine, not committed\n');
  // What the feature was made from, which it knows.
  await writeFile(join(cwd, 'lists.md'), '# Lists\r\n');
  const blueprint = (...args: string[]): Promise<CliResult> =>
    runHere(args, { cwd, env: { BLUEPRINT_SCRIPT: 'script.jsonl' } });
  return { cwd, git, blueprint };
}

test('tests of the user that are not committed are named before any work', async () => {
  const { cwd, blueprint } = await repository();
  await writeFile(join(cwd, 'mine.test.js'), "import { test } from 'node:test';\n");
  const run = await blueprint('run', 'lists');
  expect(run.exitCode, run.stderr).toBe(0);
  expect(run.stdout + run.stderr).toContain(
    'tests before any work: not committed, so these tests are not run: mine.test.js',
  );
});

test('three tasks at a time, two on one file: run, diff, apply, undo', async () => {
  const { cwd, git, blueprint } = await repository();
  const read = (path: string): Promise<string> => readFile(join(cwd, path), 'utf8');
  const before = await git('status', '--porcelain');
  expect(before).toBe(' M README.md\n?? lists.md');

  const run = await blueprint('run', 'lists', '--concurrency', '3', '--json');
  expect(run.exitCode, run.stderr).toBe(0);
  expect(run.stderr).toMatch(/not seen are your changes of README\.md$/m);
  const { tasks } = JSON.parse(run.stdout) as FeatureDocument;
  expect(tasks.map(({ status }) => status)).toEqual(['done', 'done', 'done']);
  const merged = tasks.filter(({ result }) => result?.reason.includes('Merged with newer changes'));
  expect(merged).toHaveLength(1);
  expect(merged[0]?.result?.attempt).toBe(1);
  // Nothing of the user's has changed but the task list, which is there to be committed.
  expect(await git('status', '--porcelain')).toBe(
    ' M README.md\n M features/lists/tasks.json\n?? lists.md',
  );
  expect((await git('log', '--format=%s', 'main..blueprint/lists')).split('\n').sort()).toEqual(
    document.tasks.map(({ id, title }) => `${id}: ${title}`),
  );
  await git('commit', '-qm', 'Tasks are done', 'features');
  expect(await git('status', '--porcelain')).toBe(before);

  const diff = await blueprint('diff', 'lists');
  expect(diff.stdout).toContain("+  return items[0] ?? 'none';");
  expect(diff.stdout).toContain('+  return items.at(-1);');
  expect(diff.stdout).toContain('new file mode 100644');
  // Of a task that is done: what it changed, whatever came after it.
  const [own] = tasks.filter(({ result }) => result?.files.some(({ path }) => path === 'list.js'));
  const ownDiff = (await blueprint('diff', 'lists', own?.id ?? '')).stdout;
  expect(ownDiff).toMatch(/^-  return .*\n\+  return /m);
  expect((await blueprint('next')).stdout).toContain('blueprint apply lists');

  const check = await blueprint('apply', 'lists', '--check');
  expect(check.stdout).toContain('2 files can be applied');
  expect(await read('list.js')).toBe(list);

  const apply = await blueprint('apply', 'lists');
  expect(apply.exitCode, apply.stderr).toBe(0);
  expect(apply.stdout).toBe(
    '✔ 2 files applied:\n  A docs/USE.md\n  M list.js\nNothing is committed. To take it back: blueprint undo lists\n',
  );
  expect(await git('status', '--porcelain')).toBe(
    ' M README.md\n M list.js\n?? docs/\n?? lists.md',
  );
  expect(await read('list.js')).toBe(withFirst.replace('items[items.length - 1]', 'items.at(-1)'));
  expect((await blueprint('apply', 'lists')).stdout).toContain('Nothing to do');
  expect((await blueprint('status', 'lists')).stdout).toContain('blueprint undo lists');
  expect((await blueprint('diff', 'lists')).stdout).toBe(diff.stdout);
  expect((await blueprint('diff', 'lists', own?.id ?? '')).stdout).toBe(ownDiff);
  expect((await blueprint('next')).stdout).toContain('your files hold the work');

  const undo = await blueprint('undo', 'lists', '--json');
  expect(JSON.parse(undo.stdout)).toEqual({
    feature: 'lists',
    undone: true,
    files: [
      { path: 'docs/USE.md', change: 'deleted' },
      { path: 'list.js', change: 'modified' },
    ],
  });
  expect(await git('status', '--porcelain')).toBe(before);
  expect(await git('rev-parse', '--abbrev-ref', 'HEAD')).toBe('main');
  expect((await blueprint('undo', 'lists')).stdout).toContain('Nothing to undo');

  const events = (await read('features/lists/journal.jsonl'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
  const kinds = events.map(({ type }) => type).filter((type) => /^(apply|undo)/.test(type));
  expect(kinds).toEqual(['apply-finish', 'undo-finish']);
});

test('in a folder without git what was approved is shown after it is applied', async () => {
  const { cwd, blueprint } = await repository();
  await rm(join(cwd, '.git'), { recursive: true });
  expect((await blueprint('run', 'lists')).exitCode).toBe(0);
  const { stdout } = await blueprint('diff', 'lists');
  expect(stdout).toContain("+  return items[0] ?? 'none';");
  expect((await blueprint('apply', 'lists')).exitCode).toBe(0);
  expect((await blueprint('diff', 'lists')).stdout).toBe(stdout);
  expect((await blueprint('diff', 'lists', 'T1')).stdout).toContain(
    "+  return items[0] ?? 'none';",
  );
});

test('a file of the user in the way: the error names it, and how to go on', async () => {
  const { cwd, git, blueprint } = await repository();
  expect((await blueprint('run', 'lists', '--task', 'T1')).exitCode).toBe(0);
  await writeFile(join(cwd, 'list.js'), 'mine\n');
  const refused = await blueprint('apply', 'lists', '--json');
  expect(refused.exitCode).toBe(2);
  expect(JSON.parse(refused.stdout)).toMatchObject({
    error: {
      code: 'apply-refused',
      target: 'list.js',
      message: 'list.js has changes that are not committed: nothing is applied',
      fix: expect.stringContaining('git merge blueprint/lists') as string,
    },
  });
  expect(await readFile(join(cwd, 'list.js'), 'utf8')).toBe('mine\n');
  // The way out is one that works.
  await git('checkout', '-q', 'list.js', 'README.md');
  await git('commit', '-qam', 'Tasks');
  await git('merge', '-q', '-m', 'Merge', 'blueprint/lists');
  expect(await readFile(join(cwd, 'list.js'), 'utf8')).toBe(withFirst);
  expect((await blueprint('apply', 'lists')).stdout).toContain('Nothing to do');
});

test.each(['git', 'folder'])(
  'a file that the user changed as well is merged line by line (%s)',
  async (kind) => {
    const { cwd, blueprint } = await repository();
    if (kind === 'folder') await rm(join(cwd, '.git'), { recursive: true });
    expect((await blueprint('run', 'lists', '--task', 'T1', '--task', 'T3')).exitCode).toBe(0);
    const mine = list.replace('return items.length;', 'return items?.length ?? 0;');
    await writeFile(join(cwd, 'list.js'), mine);
    const refused = await blueprint('apply', 'lists');
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('blueprint apply lists --merge --check');

    const check = await blueprint('apply', 'lists', '--merge', '--check');
    expect(check.stdout).toContain("-  return items[0];\n+  return items[0] ?? 'none';\n");
    expect(check.stdout).not.toMatch(/^[-+].*items\?\.length/m);
    expect(check.stdout).toContain('To do it: blueprint apply lists --merge');
    expect(await readFile(join(cwd, 'list.js'), 'utf8')).toBe(mine);

    const merged = await blueprint('apply', 'lists', '--merge', '--json');
    expect(JSON.parse(merged.stdout)).toMatchObject({
      merged: ['list.js'],
      files: [{ path: 'docs/USE.md' }, { path: 'list.js', change: 'modified' }],
    });
    expect(await readFile(join(cwd, 'list.js'), 'utf8')).toBe(
      withFirst.replace('return items.length;', 'return items?.length ?? 0;'),
    );
    expect((await blueprint('apply', 'lists')).stdout).toContain('Nothing to do');
    await blueprint('undo', 'lists');
    expect(await readFile(join(cwd, 'list.js'), 'utf8')).toBe(mine);

    // What the gates do not pass is not written, unless a person insists.
    const broken = list.replace('return items.length;', 'return items.length +;');
    await writeFile(join(cwd, 'list.js'), broken);
    const unsound = await blueprint('apply', 'lists', '--merge');
    expect(unsound.exitCode).toBe(2);
    expect(unsound.stderr).toContain('do not go together: syntax:');
    expect(await readFile(join(cwd, 'list.js'), 'utf8')).toBe(broken);
    const forced = await blueprint('apply', 'lists', '--merge', '--force');
    expect(forced.stdout).toContain('gate syntax: failed');
    expect(await readFile(join(cwd, 'list.js'), 'utf8')).toContain('items.length +;');
    await blueprint('undo', 'lists');

    await writeFile(join(cwd, 'list.js'), mine.replace('items[0]', 'items.at(0)'));
    const conflict = await blueprint('apply', 'lists', '--merge');
    expect(conflict.exitCode).toBe(2);
    expect(conflict.stderr).toContain('and the work changes the same lines (line 2 of yours)');
    expect((await blueprint('apply', 'lists')).stderr).not.toContain('--merge');

    const archived = await blueprint('archive', 'lists');
    expect(
      archived.stdout.includes('Its branch stays, with the approved work: blueprint/lists'),
    ).toBe(kind === 'git');
  },
);

test('two applies at once write the work once', async () => {
  const { cwd, git, blueprint } = await repository();
  expect((await blueprint('run', 'lists')).exitCode).toBe(0);
  const both = await Promise.all([
    runCli(['apply', 'lists'], { cwd }),
    runCli(['apply', 'lists'], { cwd }),
  ]);
  expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  expect(both.filter(({ stdout }) => stdout.includes('2 files applied'))).toHaveLength(1);
  expect(both.filter(({ stdout }) => stdout.includes('Nothing to do'))).toHaveLength(1);
  expect((await blueprint('undo', 'lists')).exitCode).toBe(0);
  expect(await readFile(join(cwd, 'list.js'), 'utf8')).toBe(list);
  expect(await git('status', '--porcelain', 'list.js', 'docs')).toBe('');
});
