import { execFile } from 'node:child_process';
import { access, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createHash } from 'node:crypto';
import { runHere } from '../helpers/in-process.ts';
import { jsonOf, projects, writeFiles } from '../helpers/run-cli.ts';
import { plannedFiles } from './planned-feature.ts';

const createProject = projects();
const run = promisify(execFile);
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

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

const evil = 'export const evil = 1;\n';
const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const workspace = {
  'features/links/workspace/src/links.js.draft': evil,
  'features/links/workspace.json': JSON.stringify({
    schemaVersion: 1,
    deletions: ['README.md'],
    base: [['README.md', sha('# x\n')]],
    approved: [['src/links.js', sha(evil)]],
    signature: 'ab'.repeat(32),
  }),
};

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
    expect(JSON.stringify(jsonOf(status))).toContain('"state":"blocked"');
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
      { 'features/links/workspace.json': workspace['features/links/workspace.json'] },
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
