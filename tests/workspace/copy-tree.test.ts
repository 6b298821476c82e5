import { execFile } from 'node:child_process';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { WorkspaceBase } from '../../src/workspace/workspace.ts';
import { folderOver, git as runGit, makeRepository, put as putFile } from './workspaces.ts';

const { signal } = new AbortController();
let home: string;
let root: string;
let copy: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'blueprint-copy-tree-'));
  root = join(home, 'project');
  copy = join(home, 'copy');
  await mkdir(root);
  await mkdir(copy);
  await put('../outside/secret', 'secret');
});

afterEach(() => rm(home, { recursive: true, force: true }));

const put = (path: string, content: string): Promise<void> => putFile(join(root, path), content);
const git = (...args: string[]): Promise<string> => runGit(root, ...args);

const project = (copyLimits?: { maxFiles: number; maxBytes: number }): WorkspaceBase =>
  folderOver(root, undefined, copyLimits).project();

async function copied(): Promise<string[]> {
  const entries = await readdir(copy, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(copy.length + 1))
    .sort();
}

for (const kind of ['folder', 'repository']) {
  test(`${kind}: links stay inside the copy or are left out`, async () => {
    if (kind === 'repository') await git('init', '-q');
    await put('real/file', 'x');
    await put('.git/info/note', 'x');
    const links: Record<string, string> = {
      'to-file': 'real/file',
      'deep/to-folder': '../real',
      absolute: join(root, 'real/file'),
      'to-later': 'real/later',
      'to-root': '.',
      outside: '../outside/secret',
      'outside-folder': '../outside',
      'outside-later': '../outside/later',
      'absolute-outside': '/etc/passwd',
      'through-outside': '../outside/../project/../outside/secret',
      'into-git': '.git/info/note',
      self: 'self',
    };
    for (const [path, target] of Object.entries(links)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await symlink(target, join(root, path));
    }
    await project().copyTo(copy, signal);
    const shown: Record<string, string> = {};
    for (const path of await copied())
      if ((await lstat(join(copy, path))).isSymbolicLink())
        shown[path] = await readlink(join(copy, path));
    expect(shown).toEqual({
      'to-file': 'real/file',
      'deep/to-folder': '../real',
      absolute: 'real/file',
      'to-later': 'real/later',
      'to-root': '.',
      self: 'self',
    });
    expect(await readFile(join(copy, 'absolute'), 'utf8')).toBe('x');
  });
}

test('a tracked folder that became a link to elsewhere is not followed', async () => {
  await git('init', '-q');
  await put('folder/secret', 'ours');
  await put('kept', 'k');
  await git('add', '.');
  await rename(join(root, 'folder'), join(root, 'kept-folder'));
  await symlink('../outside', join(root, 'folder'));
  await project().copyTo(copy, signal);
  expect(await copied()).toEqual(['kept', 'kept-folder/secret']);
});

test('in a repository tracked files are copied, also ignored ones, and those that are gone are not', async () => {
  await git('init', '-q');
  await put('.gitignore', 'build/\n');
  await put('build/kept', 'k');
  await put('fixtures/node_modules/m.js', 'm');
  await put('gone', 'g');
  await git('add', '-f', '.');
  await rm(join(root, 'gone'));
  await put('build/other', 'ignored');
  await put('new', 'untracked');
  await project().copyTo(copy, signal);
  expect(await copied()).toEqual(['.gitignore', 'build/kept', 'fixtures/node_modules/m.js', 'new']);
});

test('a project below its repository is copied alone', async () => {
  const whole = root;
  await git('init', '-q');
  await put('other/a', 'x');
  await put('part/b', 'x');
  await put('part/ignored', 'x');
  await put('.gitignore', 'part/ignored\nall-ignored\n');
  await put('all-ignored/c', 'x');
  root = join(whole, 'part');
  await project().copyTo(copy, signal);
  expect(await copied()).toEqual(['b']);
  await rm(join(copy, 'b'));
  root = join(whole, 'all-ignored');
  await project().copyTo(copy, signal);
  expect(await copied()).toEqual(['c']);
});

test('checked-out submodules are copied without their repositories', async () => {
  const sub = join(home, 'sub');
  await mkdir(sub);
  await writeFile(join(sub, 'lib.js'), 'l');
  const whole = root;
  root = sub;
  await makeRepository(root);
  await git('add', '.');
  await git('commit', '-qm', 'x');
  root = whole;
  await git('init', '-q');
  await git('submodule', '--quiet', 'add', sub, 'vendor/sub');
  await project().copyTo(copy, signal);
  expect(await copied()).toEqual(['.gitmodules', 'vendor/sub/lib.js']);
});

test('what the repository’s config would start is not started', async () => {
  await git('init', '-q');
  const trap = join(home, 'trap.sh');
  const sprung = join(home, 'sprung');
  await writeFile(trap, `#!/bin/sh\ntouch ${sprung}\nexit 1\n`);
  await chmod(trap, 0o755);
  await put('.gitattributes', '* filter=trap diff=trap\n');
  await put('a', 'x');
  await git('add', '.');
  await git('config', 'core.fsmonitor', trap);
  await git('config', 'filter.trap.clean', trap);
  await git('config', 'filter.trap.smudge', trap);

  await git('config', 'core.hooksPath', home);
  await put('a', 'changed');
  await project().copyTo(copy, signal);
  expect(await copied()).toEqual(['.gitattributes', 'a']);
  expect(await readFile(join(copy, 'a'), 'utf8')).toBe('changed');
  expect(await readdir(home)).not.toContain('sprung');
  // The trap is a real one.
  await git('add', '.');
  expect(await readdir(home)).toContain('sprung');
});

test('a repository whose config names another folder as its own is walked', async () => {
  await git('init', '-q');
  await put('a', 'x');
  await git('config', 'core.worktree', join(home, 'outside'));
  await project().copyTo(copy, signal);
  expect(await copied()).toEqual(['a']);
});

test('a project with too many or too large files is refused with the way out', async () => {
  for (let index = 0; index < 4; index++) await put(`f${index}`, '12345');
  for (const kind of ['folder', 'repository']) {
    if (kind === 'repository') await git('init', '-q');
    await expect(
      project({ maxFiles: 3, maxBytes: 1_000 }).copyTo(copy, signal),
    ).rejects.toMatchObject({
      code: 'project-too-large',
      fix: expect.stringContaining('.gitignore') as string,
    });
    expect(await copied()).toEqual([]);
  }
  await expect(project({ maxFiles: 4, maxBytes: 19 }).copyTo(copy, signal)).rejects.toMatchObject({
    code: 'project-too-large',
  });
});

test('a pipe is passed over', async () => {
  await promisify(execFile)('mkfifo', [join(root, 'pipe')]);
  await put('a', 'x');
  await project().copyTo(copy, signal);
  expect(await copied()).toEqual(['a']);
});
