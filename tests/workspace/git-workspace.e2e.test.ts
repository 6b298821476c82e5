import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/domain/errors.ts';
import { moveBranch, readBranch } from '../../src/workspace/git/branch.ts';
import { createGit } from '../../src/files/git.ts';
import { openRepository } from '../../src/workspace/git/repository.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { workspaceContract } from '../contracts/workspace.ts';
import { expectWholeVersions } from './kill-test.ts';
import { simpleLock } from './simple-lock.ts';
import { git, gitOver, makeRepository, put } from './workspaces.ts';

let home: string;
let root: string;
let workspace: Workspace;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'blueprint-git-workspace-'));
  root = join(home, 'project');
  await mkdir(root);
  await makeRepository(root);
  workspace = await gitOver(root, simpleLock(join(home, 'locks')));
});

afterEach(() => rm(home, { recursive: true, force: true }));

async function commitFile(
  path: string,
  content: string | Uint8Array,
  mode?: number,
): Promise<void> {
  await put(join(root, path), content, mode);
  if (path.includes('node_modules') || path.includes('.git/')) return;
  await git(root, 'add', '-A', '--', path).catch(() => undefined);
  await git(root, 'commit', '-q', '--allow-empty', '-m', path);
}

workspaceContract('git', () =>
  Promise.resolve({
    open: (slug) => gitOver(root, simpleLock(join(home, 'locks')), { slug }),
    writeProject: commitFile,
  }),
);

const approve = (changes: Record<string, string | null>, at = workspace) =>
  at.commit(new Map(Object.entries(changes)), new Map());
const approved = async (): Promise<Record<string, string | null>> =>
  Object.fromEntries(await workspace.files());

/** Every file of the project and of its repository but objects, refs and logs, with its bytes and times. */
async function everything(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(root.length + 1);
    if (!entry.isFile() || /^\.git\/(objects|refs|logs)\//.test(name)) continue;
    const { mtimeMs, mode } = await stat(path);
    found[name] = `${mode} ${mtimeMs} ${(await readFile(path)).toString('base64')}`;
  }
  return found;
}

describe('the branch', () => {
  test('has one commit for each approved task, with its trailers', async () => {
    await commitFile('a', 'one\n');
    const note = {
      task: 'T1',
      title: 'Parse durations\nreally',
      requirements: ['R1', 'R2'],
      author: 'anthropic/claude-sonnet-5-5',
      reviewer: null,
      approvedBy: 'supervisor',
    };
    const base = await git(root, 'rev-parse', 'HEAD');
    await workspace.commit(new Map([['src/b', 'b\n']]), new Map(), note);
    await approve({ a: 'two\n' });
    expect(await git(root, 'log', '--format=%s|%an|%at', 'main..blueprint/f')).toBe(
      'Approved work|Ann|1795262400\nT1: Parse durations really|Ann|1795262400',
    );
    expect(await git(root, 'log', '-1', '--format=%(trailers)', 'blueprint/f~1')).toBe(
      [
        'Blueprint-Feature: f',
        'Blueprint-Task: T1',
        'Blueprint-Requirements: R1, R2',
        'Blueprint-Author: anthropic/claude-sonnet-5-5',
        'Blueprint-Approved-By: supervisor',
        `Blueprint-Base: ${base}`,
      ].join('\n'),
    );
    expect(await git(root, 'diff', '--stat', '--summary', 'main..blueprint/f')).toContain(
      '2 files changed',
    );
    await git(root, 'fsck', '--strict');
  });

  test('work that changes nothing makes no commit', async () => {
    await commitFile('a', 'one');
    await approve({ a: 'one', none: null });
    expect(await git(root, 'branch', '--list', 'blueprint/*')).toBe('');
    await approve({ a: 'two' });
    const tip = await git(root, 'rev-parse', 'blueprint/f');
    await approve({ a: 'two' });
    expect(await git(root, 'rev-parse', 'blueprint/f')).toBe(tip);
  });

  test('nothing that is the user’s is touched: files, index, HEAD, config', async () => {
    await commitFile('a', 'one');
    await commitFile('tool', '#!/bin/sh\n', 0o755);
    await put(join(root, 'a'), 'not committed');
    await put(join(root, 'staged'), 'staged');
    await git(root, 'add', 'staged');
    await git(root, 'stash', 'list');
    const before = await everything();
    const status = await git(root, 'status', '--porcelain=v2', '--branch');
    const untouched = await everything();
    await approve({ a: 'theirs', b: 'new', tool: '#!/bin/sh\nexit\n' });
    await approve({ b: null });
    await workspace.files();
    await workspace.unseen();
    await workspace.judge(new Map([['a', null]]));
    const copy = join(home, 'copy');
    await mkdir(copy);
    await workspace.base().copyTo(copy, new AbortController().signal);
    expect(await everything()).toEqual(untouched);
    expect(Object.keys(before)).toEqual(Object.keys(untouched));
    expect(await git(root, 'status', '--porcelain=v2', '--branch')).toBe(status);
    expect(await git(root, 'ls-tree', 'blueprint/f', 'tool')).toMatch(/^100755 /);
    expect(await readdir(join(root, 'features/f'))).toEqual([]);
  });

  test('work stands on what is committed, not on what is not', async () => {
    await commitFile('a', 'committed');
    await put(join(root, 'a'), 'not committed');
    await put(join(root, 'b'), 'untracked');
    const base = workspace.base();
    expect([await base.read('a'), await base.read('b')]).toEqual(['committed', null]);
  });

  test('changes that it does not see are named', async () => {
    await commitFile('a', 'x');
    await commitFile('b', 'x');
    await put(join(root, 'features/f/tasks.json'), '{}');
    expect(await workspace.unseen()).toEqual([]);
    await put(join(root, 'b'), 'changed');
    await put(join(root, 'new/c'), 'x');
    await rm(join(root, 'a'));
    expect(await workspace.unseen()).toEqual(['a', 'b', 'new/']);
  });

  test.each([
    ['went on', async () => commitFile('other', 'x')],
    [
      'merged the branch',
      async () => {
        await git(root, 'merge', '-q', '--no-ff', '-m', 'Merge', 'blueprint/f');
      },
    ],
    [
      'rebased the branch',
      async () => {
        await commitFile('other', 'x');
        await git(root, 'rebase', '-q', 'main', 'blueprint/f');
        await git(root, 'checkout', '-q', 'main');
      },
    ],
    [
      'dropped what it was made on',
      async () => {
        await git(root, 'reset', '-q', '--hard', 'HEAD~1');
      },
    ],
  ])('approved work is known when the user %s', async (what, doIt) => {
    await commitFile('a', 'one');
    await approve({ b: 'new' });
    await doIt();
    expect(await approved()).toEqual(what.startsWith('merged') ? {} : { b: 'new' });
    await approve({ c: 'later' });
    expect(await approved()).toEqual(
      what.startsWith('merged') ? { c: 'later' } : { b: 'new', c: 'later' },
    );
    expect(await workspace.base().read('b')).toBe('new');
  });

  test('of somebody else is not moved', async () => {
    await git(root, 'branch', 'blueprint/f');
    const tip = await git(root, 'rev-parse', 'blueprint/f');
    await expect(approve({ a: 'x' })).rejects.toMatchObject({
      code: 'workspace-branch-foreign',
      fix: expect.stringContaining('git branch -m') as string,
    });
    expect(await git(root, 'rev-parse', 'blueprint/f')).toBe(tip);
  });

  test('that is checked out is not moved under the user', async () => {
    await approve({ a: 'x' });
    await git(root, 'checkout', '-q', 'blueprint/f');
    await expect(approve({ a: 'y' })).rejects.toMatchObject({
      code: 'workspace-branch-checked-out',
      target: root,
    });
    expect(await git(root, 'status', '--porcelain')).toBe('');
    await git(root, 'checkout', '-q', 'main');
    await git(root, 'worktree', 'add', '-q', join(home, 'tree'), 'blueprint/f');
    await expect(approve({ a: 'y' })).rejects.toMatchObject({ target: join(home, 'tree') });
  });

  test('cannot be made beside a branch named blueprint', async () => {
    await git(root, 'branch', 'blueprint');
    await expect(approve({ a: 'x' })).rejects.toMatchObject({ code: 'workspace-branch-blocked' });
  });
});

describe('which workspace', () => {
  const open = (kind: 'auto' | 'git', warnings: Diagnostic[] = []): Promise<Workspace> =>
    gitOver(root, undefined, { kind, warnings });

  test('auto: git where the project has committed files', async () => {
    expect((await open('auto')).kind).toBe('folder');
    await commitFile('a', 'x');
    expect((await open('auto')).kind).toBe('git');
  });

  test('auto: the folder where there is no repository, no commit or no git', async () => {
    await commitFile('a', 'x');
    expect((await gitOver(root, undefined, { kind: 'auto', env: { PATH: home } })).kind).toBe(
      'folder',
    );
    await rm(join(root, '.git'), { recursive: true });
    expect((await open('auto')).kind).toBe('folder');
    await git(root, 'init', '-q');
    expect((await open('auto')).kind).toBe('folder');
    await expect(open('git')).rejects.toMatchObject({ code: 'workspace-git-unusable' });
  });

  test('approved work stays where it is', async () => {
    await commitFile('a', 'x');
    await put(join(root, 'features/f/workspace/a'), 'approved');
    const warnings: Diagnostic[] = [];
    const folder = await open('git', warnings);
    expect(folder.kind).toBe('folder');
    expect(await folder.base().read('a')).toBe('approved');
    expect(warnings).toMatchObject([{ code: 'workspace-kind-kept' }]);
  });

  test('a git on a relative path is not run', async () => {
    await commitFile('a', 'x');
    await put(join(root, 'bin/git'), `#!/bin/sh\ntouch ${join(home, 'sprung')}\n`, 0o755);
    const env = { ...process.env, PATH: `bin:.:${process.env['PATH'] ?? ''}` };
    expect((await gitOver(root, undefined, { env })).kind).toBe('git');
    expect(await readdir(home)).not.toContain('sprung');
  });
});

describe('who commits', () => {
  const env = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], HOME: home });
  beforeEach(() => git(root, 'config', '--remove-section', 'user'));

  test('the user as git knows them', async () => {
    await put(join(home, '.gitconfig'), '[user]\nname = Bea\nemail = bea@example.org\n');
    await approve({ a: 'x' }, await gitOver(root, undefined, { env: env() }));
    expect(await git(root, 'log', '-1', '--format=%an <%ae> %cn', 'blueprint/f')).toBe(
      'Bea <bea@example.org> Bea',
    );
  });

  test('blueprint, with a warning, where git does not know them', async () => {
    const warnings: Diagnostic[] = [];
    const at = await gitOver(root, undefined, { env: env(), warnings });
    await approve({ a: 'x' }, at);
    await approve({ a: 'y' }, at);
    expect(await git(root, 'log', '-1', '--format=%an <%ae>', 'blueprint/f')).toBe(
      'blueprint <blueprint@localhost>',
    );
    expect(warnings).toMatchObject([{ code: 'git-identity-missing' }]);
  });
});

test('attributes and filters change no byte of what is approved, and nothing of them is run', async () => {
  const sprung = join(home, 'sprung');
  const trap = join(home, 'trap.sh');
  await put(trap, `#!/bin/sh\ntouch ${sprung}\nexit 1\n`, 0o755);
  await commitFile('a', 'x\n');
  for (const hook of ['reference-transaction', 'pre-commit', 'post-commit', 'post-index-change'])
    await put(join(root, '.git/hooks', hook), await readFile(trap), 0o755);
  const settings = {
    'core.fsmonitor': trap,
    'core.sshCommand': trap,
    'core.editor': trap,
    'core.pager': trap,
    'filter.trap.clean': trap,
    'filter.trap.smudge': trap,
    'filter.trap.process': trap,
    'diff.trap.textconv': trap,
    'diff.external': trap,
    'diff.trap.command': trap,
    'merge.trap.driver': trap,
    'gpg.program': trap,
    'commit.gpgSign': 'true',
    'core.autocrlf': 'true',
    'core.safecrlf': 'true',
    'log.showSignature': 'true',
    'credential.helper': trap,
    'alias.log': `!${trap}`,
  };
  for (const [name, value] of Object.entries(settings)) await git(root, 'config', name, value);
  const attributes =
    '* text eol=crlf filter=trap diff=trap merge=trap ident working-tree-encoding=UTF-16\n';
  await put(join(root, '.gitattributes'), attributes);
  await put(join(root, '.git/info/attributes'), attributes);

  const files = { '.gitattributes': attributes, mixed: 'a\r\nb\n$Id$\n', 'x.txt': 'ü\n' };
  await approve(files);
  expect(await approved()).toEqual(files);
  for (const [path, content] of Object.entries(files)) {
    expect(await workspace.base().read(path)).toBe(content);
    const stored = createHash('sha1').update(`blob ${Buffer.byteLength(content)}\0${content}`);
    expect(await readFile(join(root, '.git/HEAD'), 'utf8')).toContain('main');
    expect((await gitQuiet('ls-tree', 'blueprint/f', path)).split(/\s/)[2]).toBe(
      stored.digest('hex'),
    );
  }
  const copy = join(home, 'copy');
  await mkdir(copy);
  await workspace.base().copyTo(copy, new AbortController().signal);
  for (const [path, content] of Object.entries(files))
    expect(await readFile(join(copy, path), 'utf8')).toBe(content);
  await workspace.judge(
    new Map([
      ['a', Buffer.from('x\r\n')],
      ['b', Buffer.from('b')],
    ]),
  );
  expect(await readdir(home)).not.toContain('sprung');
  // The traps are real ones.
  await git(root, 'add', '-A').catch(() => undefined);
  expect(await readdir(home)).toContain('sprung');
});

/** Git without any of the repository's traps. */
const gitQuiet = (...args: string[]): Promise<string> =>
  git(root, '-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', ...args);

describe('what is no file of the project', () => {
  beforeEach(async () => {
    await commitFile('real/file', 'x');
    await symlink('real', join(root, 'link'));
    await symlink('/etc/passwd', join(root, 'outside'));
    await git(root, 'add', '-A');
    await git(root, 'commit', '-qm', 'links');
    const sub = join(home, 'sub');
    await mkdir(sub);
    await makeRepository(sub);
    await put(join(sub, 'lib'), 'x');
    await git(sub, 'add', '-A');
    await git(sub, 'commit', '-qm', 'lib');
    await git(root, 'submodule', '--quiet', 'add', sub, 'vendor/sub');
    await git(root, 'commit', '-qm', 'submodule');
  });

  test('none is read or written', async () => {
    for (const path of [
      'link',
      'link/file',
      'link/new',
      'outside',
      'outside/x',
      'vendor/sub',
      'vendor/sub/x',
      'vendor/sub/.git',
      'vendor/sub/.git/config',
    ]) {
      const refused = { code: 'path-unsafe' };
      await expect(workspace.base().read(path), path).rejects.toMatchObject(refused);
      for (const text of ['x', null])
        await expect(approve({ ok: 'x', [path]: text }), path).rejects.toMatchObject(refused);
      expect(await approved(), path).toEqual({});
    }
  });

  test('links that stay inside are in a copy, others are not', async () => {
    const copy = join(home, 'copy');
    await mkdir(copy);
    await approve({ 'real/file': 'new', '.gitmodules': '[submodule "x"]\n\tpath = ../x\n' });
    await workspace.base().copyTo(copy, new AbortController().signal);
    expect((await readdir(copy)).sort()).toEqual(['.gitmodules', 'link', 'real', 'vendor'].sort());
    expect(await readFile(join(copy, 'link/file'), 'utf8')).toBe('new');
  });

  test('names in a folder of the project', async () => {
    expect(await workspace.projectEntries('')).toEqual(
      ['.gitmodules', 'link', 'outside', 'real/', 'vendor/'].sort(),
    );
    expect(await workspace.projectEntries('vendor')).toEqual(['sub/']);
    expect(await workspace.projectEntries('none')).toEqual([]);
  });
});

test('a copy comes from the store where the checkout is something else, within its bounds', async () => {
  const image = Buffer.from(Array.from({ length: 3000 }, (_, index) => index % 256));
  await commitFile('image', image);
  await commitFile('tool', '#!/bin/sh\n', 0o755);
  await commitFile('empty', '');
  await approve({ new: 'approved\n' });
  const copy = join(home, 'copy');
  await mkdir(copy);
  for (const path of ['image', 'tool', 'empty']) await put(join(root, path), 'not committed');
  await workspace.base().copyTo(copy, new AbortController().signal);
  expect((await readdir(copy)).sort()).toEqual(['empty', 'image', 'new', 'tool']);
  expect(await readFile(join(copy, 'image'))).toEqual(image);
  expect(await readFile(join(copy, 'empty'), 'utf8')).toBe('');
  expect((await stat(join(copy, 'tool'))).mode & 0o777).toBe(0o755);
  await rm(copy, { recursive: true });
  await mkdir(copy);
  const small = await gitOver(root, undefined, { copyLimits: { maxFiles: 10, maxBytes: 2_000 } });
  const { signal } = new AbortController();
  await expect(small.base().copyTo(copy, signal)).rejects.toMatchObject({
    code: 'project-too-large',
  });
  const few = await gitOver(root, undefined, { copyLimits: { maxFiles: 3, maxBytes: 1e9 } });
  await expect(few.base().copyTo(copy, signal)).rejects.toMatchObject({
    code: 'project-too-large',
  });
});

test('a project below its repository sees and writes its own part alone', async () => {
  await commitFile('top', 'x');
  await commitFile('part/a', 'one');
  const part = await gitOver(join(root, 'part'));
  expect(await part.base().read('a')).toBe('one');
  expect(await part.base().read('top')).toBeNull();
  await approve({ a: 'two', 'deep/b': 'b' }, part);
  expect(Object.fromEntries(await part.files())).toEqual({ a: 'two', 'deep/b': 'b' });
  expect(await git(root, 'diff', '--name-only', 'main..blueprint/f')).toBe('part/a\npart/deep/b');
  const copy = join(home, 'copy');
  await mkdir(copy);
  await part.base().copyTo(copy, new AbortController().signal);
  expect((await readdir(copy)).sort()).toEqual(['a', 'deep']);
});

test('two processes at once lose nothing', async () => {
  const lock = simpleLock(join(home, 'locks'));
  const others = await Promise.all([gitOver(root, lock), gitOver(root, lock), gitOver(root, lock)]);
  await Promise.all(
    others.flatMap((other, index) =>
      Array.from({ length: 3 }, (_, file) => approve({ [`f${index}-${file}`]: 'x' }, other)),
    ),
  );
  expect(Object.keys(await approved())).toHaveLength(9);
});

test('the branch moves only from where it was thought to be', async () => {
  const opened = await openRepository(createGit({ cwd: root, env: process.env }), root);
  if (!('repository' in opened)) throw new Error(opened.problem);
  const { repository } = opened;
  const head = await git(root, 'rev-parse', 'HEAD');
  await approve({ a: 'one' });
  expect(await moveBranch(repository, 'f', null, head, 'late')).toBe(false);
  const branch = await readBranch(repository, 'f');
  await approve({ a: 'two' });
  expect(await moveBranch(repository, 'f', branch, head, 'late')).toBe(false);
  expect(await approved()).toEqual({ a: 'two' });
  expect(await moveBranch(repository, 'f', await readBranch(repository, 'f'), head, 'x')).toBe(
    true,
  );
});

test('kill -9 at any moment leaves one whole version', async () => {
  const place = { root, locks: join(home, 'locks'), count: 12, slowMs: 250, rounds: 4 };
  await expectWholeVersions('git', place, workspace);
  await git(root, 'fsck', '--strict');
}, 180_000);
