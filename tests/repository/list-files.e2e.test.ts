import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listProjectFiles, type ListOptions } from '../../src/repository/list-files.ts';
import { git, makeRepository, put } from '../workspace/workspaces.ts';

let base: string;
let root: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'blueprint-list-git-'));
  root = join(base, 'project');
  await mkdir(root);
});
afterEach(async () => {
  await rm(base, { recursive: true, force: true });
});

async function putAll(...paths: string[]): Promise<void> {
  for (const path of paths) await put(join(root, path), `${path}\n`);
}

async function committed(...paths: string[]): Promise<void> {
  await makeRepository(root);
  await putAll(...paths);
  await git(root, 'add', '-A', '-f');
  await git(root, 'commit', '-q', '-m', 'All');
}

async function listed(more: Partial<ListOptions> = {}) {
  const { files, remarks } = await listProjectFiles({
    root,
    leftOut: ['features'],
    env: process.env,
    signal: new AbortController().signal,
    ...more,
  });
  return { paths: files.map(({ path }) => path), remarks };
}

test('tracked and untracked files, without what is ignored, installed or left out', async () => {
  await committed('src/a.ts', 'built/tracked.js', 'features/f/spec.md');
  await putAll(
    'src/new.ts',
    'built/x.js',
    'node_modules/a.js',
    'a.log',
    'sub/b.log',
    'mine/secret.ts',
  );
  await put(join(root, '.gitignore'), 'built/\n');
  await put(join(root, 'sub/.gitignore'), '*.log\n');
  await put(join(root, '.git/info/exclude'), 'mine/\n');
  expect(await listed()).toEqual({
    paths: ['.gitignore', 'a.log', 'built/tracked.js', 'src/a.ts', 'src/new.ts', 'sub/.gitignore'],
    remarks: [],
  });
});

test('`.blueprintignore` leaves out tracked files, nested, and also where git ignores it itself', async () => {
  await committed('src/a.ts', 'data/x.json', 'data/keep/y.json', 'src/old/b.ts', 'src/old/c.ts');
  await put(join(root, '.gitignore'), '.blueprintignore\n');
  await put(join(root, '.blueprintignore'), '/data/\n!data/keep/\n');
  await put(join(root, 'src/.blueprintignore'), 'old/*\n!old/c.ts\n');
  expect((await listed()).paths).toEqual(['.gitignore', 'src/a.ts', 'src/old/c.ts']);
});

test('a repository without commits', async () => {
  await git(root, 'init', '-q');
  await putAll('a.ts', 'b.ts');
  await git(root, 'add', 'a.ts');
  expect(await listed()).toEqual({ paths: ['a.ts', 'b.ts'], remarks: [] });
});

test('what is gone is told: deleted, not checked out, in the place of a folder', async () => {
  await committed('a.ts', 'b.ts', 'wide/c.ts', 'wide/d.ts', 'top/e.ts', 'was/f.ts', 'folder.ts');
  await git(root, 'sparse-checkout', 'set', '--no-cone', '/*', '!/wide/');
  await rm(join(root, 'b.ts'));
  await rm(join(root, 'was'), { recursive: true });
  await putAll('was');
  await rm(join(root, 'folder.ts'));
  await putAll('folder.ts/inner.ts');
  expect(await listed()).toEqual({
    paths: ['a.ts', 'folder.ts/inner.ts', 'top/e.ts', 'was'],
    remarks: [
      '2 tracked files are not checked out (a sparse checkout) (as wide/c.ts)',
      '3 tracked files are gone from the disk (as b.ts)',
    ],
  });
});

test('a link in the place of a tracked folder is not followed', async () => {
  await committed('a/x.ts', 'b.ts');
  await put(join(base, 'outside/x.ts'), 'not yours\n');
  await rm(join(root, 'a'), { recursive: true });
  await symlink(join(base, 'outside'), join(root, 'a'));
  expect(await listed()).toEqual({
    paths: ['b.ts'],
    remarks: ['1 symbolic link is not followed (a)'],
  });
});

test('submodules and repositories within are not looked into', async () => {
  await put(join(base, 'other/x.ts'), 'x\n');
  await makeRepository(join(base, 'other'));
  await git(join(base, 'other'), 'add', '-A');
  await git(join(base, 'other'), 'commit', '-q', '-m', 'X');
  await committed('a.ts');
  await git(root, 'submodule', '--quiet', 'add', join(base, 'other'), 'sub');
  await git(root, 'submodule', '--quiet', 'add', join(base, 'other'), 'closed');
  await git(root, 'commit', '-q', '-m', 'Submodules');
  await git(root, 'submodule', '--quiet', 'deinit', '-f', 'closed');
  await putAll('own/y.ts');
  await git(join(root, 'own'), 'init', '-q');
  await git(join(root, 'own'), 'add', '-A');
  const { paths, remarks } = await listed();
  expect(paths).toEqual(['.gitmodules', 'a.ts']);
  expect(remarks).toEqual([
    '3 submodules or repositories of their own are not looked into (as closed)',
  ]);
});

test('worktrees and shallow clones', async () => {
  await committed('a.ts', 'b/c.ts');
  await git(root, 'worktree', 'add', '-q', join(base, 'tree'));
  await put(join(base, 'tree/new.ts'), '');
  expect((await listed({ root: join(base, 'tree') })).paths).toEqual(['a.ts', 'b/c.ts', 'new.ts']);
  await git(base, 'clone', '-q', '--depth', '1', `file://${root}`, 'shallow');
  expect((await listed({ root: join(base, 'shallow') })).paths).toEqual(['a.ts', 'b/c.ts']);
});

test('a root below the repository’s: its own files, by the rules above', async () => {
  await committed('top.ts', 'packages/a/x.ts', 'packages/b/y.ts');
  await put(join(root, '.gitignore'), '*.log\n/packages/a/out/\n');
  await putAll('packages/a/z.log', 'packages/a/out/o.ts', 'packages/a/new.ts');
  const a = { root: join(root, 'packages/a') };
  expect(await listed(a)).toEqual({ paths: ['new.ts', 'x.ts'], remarks: [] });
  // The rules above hold without git too.
  const { paths, remarks } = await listed({ ...a, env: { PATH: '/nowhere' } });
  expect(paths).toEqual(['new.ts', 'x.ts']);
  expect(remarks).toEqual(['git is not installed: the folder itself was looked through']);
});

test('a root that the repository ignores is looked through as it is', async () => {
  await committed('a.ts');
  await put(join(root, '.gitignore'), 'scratch/\n');
  await putAll('scratch/x.ts', 'scratch/.gitignore');
  expect(await listed({ root: join(root, 'scratch') })).toEqual({
    paths: ['.gitignore', 'x.ts'],
    remarks: [],
  });
});

test('without git a plain folder is no worse off', async () => {
  await putAll('a.ts');
  expect(await listed({ env: { PATH: '/nowhere' } })).toEqual({ paths: ['a.ts'], remarks: [] });
});

test('where git refuses, or the repository is broken, the folder is looked through', async () => {
  await committed('a.ts');
  await put(join(root, '.gitignore'), '*.log\n');
  await put(join(root, '.git/info/exclude'), 'mine.ts\n');
  await putAll('x.log', 'mine.ts');
  await put(join(root, '.git/index'), 'broken');
  const { paths, remarks } = await listed();
  expect(paths).toEqual(['.gitignore', 'a.ts']);
  expect(remarks).toEqual([
    expect.stringMatching(/^git .*: the folder itself was looked through$/),
  ]);
  await rm(join(root, '.git'), { recursive: true });
  await writeFile(join(root, '.git'), 'gitdir: /nowhere\n');
  expect((await listed()).remarks).toEqual([
    expect.stringMatching(/^git cannot use it as a repository .*: the folder/),
  ]);
});

test.skipIf(process.getuid?.() !== 0)('a repository of somebody else', async () => {
  await committed('a.ts');
  const { chown } = await import('node:fs/promises');
  await chown(root, 12_345, 12_345);
  await chown(join(root, '.git'), 12_345, 12_345);
  const { paths, remarks } = await listed({ env: { PATH: process.env['PATH'] } });
  expect(paths).toEqual(['a.ts']);
  expect(remarks).toEqual([expect.stringMatching(/dubious ownership/)]);
});

test('nothing that a repository brings is started', async () => {
  await committed('a.ts', '.gitattributes');
  const trap = join(base, 'trap');
  const program = join(base, 'program.sh');
  await put(program, `#!/bin/sh\ntouch ${trap}\n`, 0o755);
  const settings = [
    'core.fsmonitor',
    'core.sshCommand',
    'core.pager',
    'filter.x.clean',
    'filter.x.process',
  ];
  for (const name of settings) await git(root, 'config', name, program);
  await put(join(root, '.gitattributes'), '* filter=x\n');
  for (const hook of ['post-index-change', 'fsmonitor-watchman', 'pre-commit'])
    await put(join(root, '.git/hooks', hook), `#!/bin/sh\ntouch ${trap}\n`, 0o755);
  await git(root, 'config', 'core.hooksPath', join(root, '.git/hooks'));
  expect((await listed()).paths).toEqual(['.gitattributes', 'a.ts']);
  expect(await readdir(base)).not.toContain('trap');
});

test('a folder of another tree as the repository’s own is not believed', async () => {
  await committed('a.ts');
  await put(join(base, 'elsewhere/other.ts'), '');
  await git(root, 'config', 'core.worktree', join(base, 'elsewhere'));
  expect((await listed()).paths).toEqual(['a.ts']);
});

test('an unmerged file is named once; names that are no UTF-8 are counted', async () => {
  await committed('a.ts');
  await git(root, 'checkout', '-q', '-b', 'other');
  await put(join(root, 'a.ts'), 'theirs\n');
  await git(root, 'commit', '-qam', 'Theirs');
  await git(root, 'checkout', '-q', 'main');
  await put(join(root, 'a.ts'), 'ours\n');
  await git(root, 'commit', '-qam', 'Ours');
  await git(root, 'merge', 'other').catch(() => null);
  await writeFile(Buffer.from(`${root}/\xff.ts`, 'latin1'), '');
  await putAll('b\nc.ts');
  const { paths, remarks } = await listed();
  expect(paths).toEqual(['a.ts', 'b\nc.ts']);
  expect(remarks).toEqual([expect.stringMatching(/^1 name is no valid UTF-8/)]);
});

test.skipIf(process.getuid?.() === 0)('a folder that nobody may read is passed over', async () => {
  await committed('a.ts');
  await putAll('shut/b.ts');
  await chmod(join(root, 'shut'), 0);
  const { paths } = await listed();
  await chmod(join(root, 'shut'), 0o755);
  expect(paths).toEqual(['a.ts']);
});
