import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { applyWork, undoApply } from '../../src/workspace/apply/apply.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { applyOptions, approve, plain } from './apply-project.ts';
import { git, gitOver, makeRepository, put } from './workspaces.ts';

let home: string;
let top: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'blueprint-checkout-'));
  top = join(home, 'project');
  await mkdir(top);
  await makeRepository(top);
  await put(join(top, '.gitignore'), 'features/\n');
});

afterEach(() => rm(home, { recursive: true, force: true }));

async function commitAll(): Promise<void> {
  await git(top, 'add', '-A');
  await git(top, 'commit', '-qm', 'files');
}

/** What an apply says is in its way; no merge would help. */
async function refusal(workspace: Workspace): Promise<string> {
  const error: unknown = await applyWork(applyOptions(top, workspace), plain, false).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ fix: expect.not.stringContaining('--merge') as string });
  return error instanceof Error ? error.message : 'nothing';
}

interface Checkout {
  readonly name: string;
  readonly attributes?: string;
  readonly config?: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  readonly folder?: string;
}

const crlf = Buffer.from('one\r\ntwo\r\n');
const checkouts: readonly Checkout[] = [
  { name: 'eol=crlf', attributes: '*.txt text eol=crlf\n', bytes: crlf },
  {
    name: 'eol=crlf in a project below its repository',
    attributes: '/app/*.txt text eol=crlf\n',
    bytes: crlf,
    folder: 'app',
  },
  {
    name: 'core.autocrlf',
    attributes: '* text=auto\n',
    config: { 'core.autocrlf': 'true' },
    bytes: crlf,
  },
  { name: 'core.eol', attributes: '* text\n', config: { 'core.eol': 'crlf' }, bytes: crlf },
  {
    name: 'working-tree-encoding UTF-16',
    attributes: '*.txt text working-tree-encoding=UTF-16LE\n',
    bytes: Buffer.from('one\ntwo\n', 'utf16le'),
  },
  {
    name: 'working-tree-encoding latin-1',
    attributes: '*.txt text working-tree-encoding=ISO-8859-1\n',
    bytes: Buffer.from('one\ntwo é\n', 'latin1'),
  },
  { name: 'eol=lf', attributes: '*.txt text eol=lf\n', bytes: Buffer.from('one\ntwo\n') },
  { name: 'CRLF in the store', bytes: crlf },
];

describe('apply writes what git would check out', () => {
  test.each(checkouts)('$name', async ({ attributes, config = {}, bytes, folder = '' }) => {
    for (const [key, value] of Object.entries(config)) await git(top, 'config', key, value);
    if (attributes !== undefined) await put(join(top, '.gitattributes'), attributes);
    const root = join(top, folder);
    await put(join(root, 'a.txt'), bytes);
    await commitAll();
    const workspace = await gitOver(root);
    const base = await workspace.base().read('a.txt');
    const work = { 'a.txt': (base ?? '').replace('one', 'three'), 'new.txt': 'new é\n' };
    // As checks see it before it is approved.
    const checked = await workspace.base().checkedOut(new Map(Object.entries(work)));
    await approve(workspace, work);
    const options = applyOptions(root, workspace);
    expect((await applyWork(options, plain, false)).files.map(({ path }) => path)).toEqual([
      'a.txt',
      'new.txt',
    ]);
    const applied = [await readFile(join(root, 'a.txt')), await readFile(join(root, 'new.txt'))];
    expect([checked.get('a.txt'), checked.get('new.txt')]).toEqual(applied);
    expect((await applyWork(options, plain, false)).unchanged).toBe(2);
    await undoApply(options);
    expect(await readFile(join(root, 'a.txt'))).toEqual(Buffer.from(bytes));

    await git(top, 'merge', '-q', '--ff-only', 'blueprint/f');
    expect(applied).toEqual([
      await readFile(join(root, 'a.txt')),
      await readFile(join(root, 'new.txt')),
    ]);
  });
});

describe('apply refuses for the true reason', () => {
  test.each([
    ['assume-unchanged', '--assume-unchanged', 'is marked assume-unchanged'],
    ['skip-worktree', '--skip-worktree', 'is marked skip-worktree'],
  ])('a file that is %s', async (_, flag, reason) => {
    await put(join(top, 'local.cfg'), 'one\n');
    await commitAll();
    await git(top, 'update-index', flag, 'local.cfg');
    await put(join(top, 'local.cfg'), 'my own\n');
    const workspace = await gitOver(top);
    await approve(workspace, { 'local.cfg': 'two\n' });
    expect(await refusal(workspace)).toContain(`local.cfg ${reason}`);
  });

  test('a file outside of a sparse checkout, which checks see all the same', async () => {
    await put(join(top, 'src/a.js'), 'a\n');
    await put(join(top, 'docs/x.md'), 'one\n');
    await commitAll();
    await git(top, 'sparse-checkout', 'set', 'src');
    const workspace = await gitOver(top);
    const copy = join(home, 'copy');
    await mkdir(copy);
    await workspace.base().copyTo(copy, new AbortController().signal);
    expect(await readFile(join(copy, 'docs/x.md'), 'utf8')).toBe('one\n');
    await approve(workspace, { 'docs/x.md': 'two\n' });
    expect(await refusal(workspace)).toContain('docs/x.md is not checked out (sparse checkout)');
  });

  test('a file that is stored through a filter', async () => {
    await git(top, 'config', 'filter.lfs.clean', 'sed s/one/pointer-one/');
    await git(top, 'config', 'filter.lfs.smudge', 'sed s/pointer-one/one/');
    await put(join(top, '.gitattributes'), '*.big filter=lfs -text\n');
    await put(join(top, 'data.big'), 'one\n');
    await commitAll();
    const workspace = await gitOver(top);
    await approve(workspace, { 'data.big': 'two\n' });
    expect(await refusal(workspace)).toContain('data.big is stored through the filter lfs');
  });

  test('a file of a partial clone whose content is not here', async () => {
    await put(join(top, 'src/a.js'), 'a\n');
    await put(join(top, 'docs/x.md'), 'one\n');
    await commitAll();
    await git(top, 'config', 'uploadpack.allowFilter', 'true');
    const clone = join(home, 'clone');
    await git(home, 'clone', '-q', '--filter=blob:none', '--sparse', `file://${top}`, clone);
    const workspace = await gitOver(clone);
    await expect(workspace.base().read('docs/x.md')).rejects.toMatchObject({
      code: 'git-object-missing',
      message: expect.stringContaining('partial clone'),
    });
    const copy = join(home, 'copy');
    await mkdir(copy);
    await workspace.base().copyTo(copy, new AbortController().signal);
    await expect(readFile(join(copy, 'docs/x.md'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('a deletion that is the user’s own is still told as such', async () => {
    await put(join(top, 'a'), 'one\n');
    await commitAll();
    await rm(join(top, 'a'));
    const workspace = await gitOver(top);
    await approve(workspace, { a: 'two\n' });
    expect(await refusal(workspace)).toContain('a is deleted, and that is not committed');
  });
});
