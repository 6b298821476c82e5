import { execFile } from 'node:child_process';
import { access, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { runHere } from '../helpers/in-process.ts';
import { jsonOf, projects, writeFiles } from '../helpers/run-cli.ts';
import { evil, forgedFiles, sha } from './forged-feature.ts';
import { plannedFiles } from './planned-feature.ts';

const createProject = projects();
const run = promisify(execFile);

const git = (cwd: string, ...args: string[]) =>
  run('git', ['-c', 'user.name=x', '-c', 'user.email=x@x', ...args], { cwd });

/** A clone of a repository with these files, by a user who has never worked here. */
async function clone(files: Record<string, string>, branch = 'main'): Promise<string> {
  const origin = await createProject({ 'README.md': '# x\n', ...plannedFiles, ...files });
  await git(origin, 'init', '-q', '-b', branch);
  await git(origin, 'add', '-A', '-f');
  await git(origin, 'commit', '-q', '-m', 'all');
  return cloneOf(origin);
}

async function cloneOf(origin: string): Promise<string> {
  const cwd = join(dirname(await createProject()), 'clone');
  await git(dirname(cwd), 'clone', '-q', origin, cwd);
  return cwd;
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const workspace = Object.fromEntries(
  Object.entries(forgedFiles).filter(([path]) => path.startsWith('features/links/workspace')),
);

const record = (before: string | null, after: string): string =>
  JSON.stringify({
    schemaVersion: 1,
    at: 'x',
    files: [{ path: 'README.md', before, after, mode: null }],
    folders: [],
  });

describe.concurrent('what a clone brings as approved', () => {
  test('in a workspace is not applied, until a person takes it over', async () => {
    const cwd = await clone(workspace);
    const status = await runHere(['status', 'links', '--json'], { cwd });
    expect(JSON.stringify(jsonOf(status))).toContain('"state":"foreign"');
    for (const args of [
      ['apply', 'links'],
      ['apply', 'links', '--check', '--merge'],
    ]) {
      const { exitCode, stderr } = await runHere(args, { cwd });
      expect(stderr).toContain('error[state-foreign] ');
      expect(stderr).toContain('git rm -r -q --cached features/links/workspace features/');
      expect(exitCode).toBe(2);
    }
    expect(await isThere(join(cwd, 'src/links.js'))).toBe(false);
    expect(await isThere(join(cwd, 'README.md'))).toBe(true);

    const taken = ['features/links/workspace', 'features/links/workspace.json'];
    await git(cwd, 'rm', '-r', '-q', '--cached', ...taken);
    const { exitCode, stderr } = await runHere(['apply', 'links'], { cwd });
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(await readFile(join(cwd, 'src/links.js'), 'utf8')).toBe(evil);
  });

  test.for([
    ['a file without a manifest', { 'features/links/workspace/src/links.js': evil }],
    [
      'deletions alone',
      { 'features/links/workspace.json': forgedFiles['features/links/workspace.json'] ?? '' },
    ],
  ] as const)('as %s is not applied', async ([, files]) => {
    const cwd = await clone(files);
    const { exitCode, stderr } = await runHere(['apply', 'links'], { cwd });
    expect(stderr).toContain('error[state-foreign] ');
    expect(exitCode).toBe(2);
    expect(await isThere(join(cwd, 'README.md'))).toBe(true);
  });

  test('and waits to be committed is not completed', async () => {
    const pending = 'features/links/workspace.pending';
    const cwd = await clone({
      [`${pending}/intent.json`]: '{"schemaVersion":1,"writes":["src/links.js"],"removals":[]}',
      [`${pending}/manifest`]: '{"schemaVersion":1,"deletions":[],"base":[]}',
      [`${pending}/0`]: evil,
    });
    for (const command of ['diff', 'apply']) {
      const { exitCode, stderr } = await runHere([command, 'links'], { cwd });
      expect(stderr).toContain('error[state-foreign] ');
      expect(exitCode).toBe(2);
    }
    expect(await isThere(join(cwd, 'features/links/workspace'))).toBe(false);
  });

  test('on a branch is not applied', async () => {
    const origin = await createProject({ 'README.md': '# x\n', ...plannedFiles });
    await git(origin, 'init', '-q', '-b', 'main');
    await git(origin, 'add', '-A');
    await git(origin, 'commit', '-q', '-m', 'all');
    const base = (await git(origin, 'rev-parse', 'HEAD')).stdout.trim();
    await git(origin, 'switch', '-q', '-c', 'blueprint/links');
    await writeFiles(origin, { 'src/links.js': evil });
    await git(origin, 'add', '-A');
    const note = `T3: x\n\nBlueprint-Feature: links\nBlueprint-Base: ${base}\n`;
    await git(origin, 'commit', '-q', '-m', note);
    const cwd = await cloneOf(origin);
    await git(cwd, 'switch', '-q', 'main');
    const { exitCode, stderr } = await runHere(['apply', 'links'], { cwd });
    expect(stderr).toContain('error[state-foreign] ');
    expect(stderr).toContain('git merge blueprint/links');
    expect(exitCode).toBe(2);
    expect(await isThere(join(cwd, 'src/links.js'))).toBe(false);
  });
});

describe.concurrent('the record of an apply that a clone brings', () => {
  test.for(['applied/1', 'applied.pending', 'applied.undoing'])(
    'as %s is not used',
    async (name) => {
      const cwd = await clone({
        [`features/links/${name}/record.json`]: record(sha(evil), sha('# x\n')),
        [`features/links/${name}/before/0`]: evil,
        [`features/links/${name}/after/0`]: evil,
      });
      for (const command of ['undo', 'apply']) {
        const { exitCode, stderr } = await runHere([command, 'links'], { cwd });
        expect(stderr).toContain('error[state-foreign] ');
        expect(stderr).toContain(`features/links/${name}`);
        expect(exitCode).toBe(2);
      }
      expect(await readFile(join(cwd, 'README.md'), 'utf8')).toBe('# x\n');
      await writeFile(join(cwd, 'README.md'), '# y\n');
      expect((await runHere(['status', 'links'], { cwd })).exitCode).toBeLessThan(3);
    },
  );
});

describe.concurrent('what a task list that came with a clone says has ended', () => {
  const said = (text: string): string[] => text.split('\n').filter((line) => line.includes('file'));

  test('is shown as said by the file, and is no finished work of its own', async () => {
    const cwd = await clone(forgedFiles);
    const show = async (...args: string[]) => said((await runHere(args, { cwd })).stdout);
    expect(await show('list')).toEqual([
      expect.stringMatching(/^links +2\/4 \(2 as the file says\) /),
    ]);
    expect(await show('status', 'links')).toEqual([
      expect.stringContaining('2/4 settled (2 as the file says)'),
      '  ended as the file says, not by you on this machine: T1, T2, T3',
    ]);
    expect((await show('show', 'links')).slice(1)).toEqual([
      expect.stringMatching(/^~ {2}T1 +done, says the file /),
      expect.stringMatching(/^~ {2}T2 +done, says the file /),
      expect.stringMatching(/^~ {2}T3 +needs_review, says the file /),
      expect.stringMatching(/^~ says the file: it came with the repository/),
    ]);
    expect((await show('show', 'links', 'T1'))[0]).toBe(
      'T1 Design the checker  done, says the file',
    );
    expect(await show('next', 'links')).toEqual([
      'needs review, says the file: its work came with the repository and is not used',
    ]);
    const { features } = jsonOf(await runHere(['list', '--json'], { cwd })) as {
      features: { progress: object }[];
    };
    expect(features[0]?.progress).toMatchObject({ settled: 2, saidByFile: 2 });
    const shown = jsonOf(await runHere(['show', 'links', '--json'], { cwd }));
    expect(shown['saidByFile']).toEqual(['T1', 'T2', 'T3']);

    // A person takes one over by their word.
    await runHere(['task', 'set-status', 'links', 'T1', 'done'], { cwd });
    await git(cwd, 'add', '-A');
    const after = jsonOf(await runHere(['status', 'links', '--json'], { cwd }));
    expect(JSON.stringify(after)).toContain('"saidByFile":["T2","T3"]');
  });

  test('is neither approved nor shown as work, and sent back it is done anew', async () => {
    const cwd = await clone(forgedFiles);
    for (const command of [
      'diff links T1',
      'diff links T3',
      'approve links T3',
      'review links T3',
    ]) {
      const { exitCode, stderr, stdout } = await runHere(command.split(' '), { cwd });
      expect(stderr, command).toContain('error[state-foreign] The work of task T');
      expect(stderr).toMatch(/\n {2}fix: Have it done here: blueprint task set-status links T/);
      expect(stdout).not.toContain('evil');
      expect(exitCode).toBe(2);
    }
    const all = await runHere(['diff', 'links'], { cwd });
    expect(all.stderr).toContain(
      'warning: this came with the repository and was not approved by you',
    );
    const back = ['reject', 'links', 'T3', '--feedback', 'More.', '--later'];
    expect((await runHere(back, { cwd })).stderr).toContain('T3 came with the repository');
  });

  test('lets what comes after it run, which is said before', async () => {
    const cwd = await clone(forgedFiles);
    await runHere(['task', 'set-status', 'links', 'T3', 'pending'], { cwd });
    const words = 'T1, T2 are settled as the file says, not by you on this machine';
    const before = await runHere(['run', 'links', '--dry-run'], { cwd });
    expect(before.stdout).toContain(words);
    const { exitCode, stderr, stdout } = await runHere(['run', 'links'], { cwd });
    expect(stderr.indexOf(words)).toBeGreaterThan(-1);
    expect(stderr.indexOf(words)).toBeLessThan(stderr.indexOf('starts'));
    expect(stderr).toContain('files that came with the repository as approved');
    expect(stdout).toContain('(2 as the file says)');
    // Without a model, a scaffold waits for a person.
    expect(exitCode).toBe(3);
  });
});

test('rounds and attempts that a forged task list counts keep nobody busy', async () => {
  const text = forgedFiles['features/links/tasks.json'] ?? '';
  const many = text.replaceAll('"rounds": 1', '"rounds": 9007199254740991');
  const cwd = await clone({ 'features/links/tasks.json': many });
  expect((await runHere(['show', 'links', 'T1'], { cwd })).exitCode).toBe(0);
});
