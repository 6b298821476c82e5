import { existsSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createOwnState } from '../../src/files/own-state.ts';
import { sha256 } from '../../src/text/sha256.ts';
import { stage, workspacePaths } from '../../src/workspace/pending-commit.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { workspaceContract, type WorkspaceSetup } from '../contracts/workspace.ts';
import { simpleLock } from './simple-lock.ts';
import { folderOver, git, put } from './workspaces.ts';

let home: string;
let root: string;
let featuresDir: string;
let workspace: Workspace;

const inProject = (path: string): string => join(root, path);
const inFeature = (path: string): string => join(featuresDir, 'f', path);

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'blueprint-workspace-'));
  root = join(home, 'project');
  featuresDir = join(root, 'features');
  await mkdir(root);
  workspace = folderOver(root, simpleLock(join(home, 'locks')));
});

afterEach(() => rm(home, { recursive: true, force: true }));

const setUp: WorkspaceSetup = {
  open: async (slug) => folderOver(root, simpleLock(join(home, 'locks')), undefined, slug),
  writeProject: (path, content, mode) => put(inProject(path), content, mode),
};

workspaceContract('folder', () => Promise.resolve(setUp));

workspaceContract('folder in a git repository', async () => {
  await git(root, 'init', '-q', '--template=');
  return setUp;
});

test('files stand where people look for them, and the project is not touched', async () => {
  await put(inProject('a'), 'project');
  await put(inProject('b'), 'project');
  await workspace.commit(
    new Map([
      ['a', 'new'],
      ['b', null],
    ]),
    new Map(),
  );
  expect(await readFile(inFeature('workspace/a.draft'), 'utf8')).toBe('new');
  expect(JSON.parse(await readFile(inFeature('workspace.json'), 'utf8'))).toEqual({
    schemaVersion: 1,
    deletions: ['b'],
    base: ['a', 'b'].map((path) => [path, sha256('project')]),
    approved: [['a', sha256('new')]],
  });
  expect((await readdir(inFeature('.'))).sort()).toEqual(['workspace', 'workspace.json']);
  expect(await readFile(inProject('a'), 'utf8')).toBe('project');
  expect(await workspace.project().read('a')).toBe('project');
});

test('the names in a folder of the project', async () => {
  await put(inProject('src/deep/x'), '');
  await put(inProject('src/b'), '');
  expect(await workspace.projectEntries('src')).toEqual(['b', 'deep/']);
  expect(await workspace.projectEntries('')).toEqual(['src/']);
  expect(await workspace.projectEntries('none')).toEqual([]);
  expect(await workspace.projectEntries('src/b')).toEqual([]);
});

test('folders that a person emptied are no obstacle', async () => {
  await mkdir(inFeature('workspace/a.draft/b/c'), { recursive: true });
  expect(await workspace.commit(new Map([['a', 'file']]), new Map())).toEqual({
    outcome: 'committed',
  });
  expect(await readFile(inFeature('workspace/a.draft'), 'utf8')).toBe('file');
});

test('an approved file that a person made binary is named, not taken for a deletion', async () => {
  await put(inFeature('workspace/a'), Uint8Array.of(0xff));
  await expect(workspace.files()).rejects.toMatchObject({ code: 'workspace-file-not-text' });
});

describe('links', () => {
  beforeEach(async () => {
    await put(join(home, 'outside/secret'), 'secret');
    await put(inProject('real/file'), 'inside');
    await put(inProject('.git/config'), 'git');
  });

  test.each([
    ['a file that leads outside', 'link', '../outside/secret', 'link'],
    ['a folder that leads outside', 'link', '../outside', 'link/secret'],
    ['a folder that leads outside, for a new file', 'link', '../outside', 'link/new'],
    ['an absolute one', 'link', '/etc', 'link/passwd'],
    ['one that leads nowhere', 'link', '../outside/none', 'link'],
    ['one to itself', 'link', 'link', 'link'],
    ['one into .git', 'link', '.git', 'link/config'],
  ])('in the project: %s', async (_name, link, target, path) => {
    await symlink(target, inProject(link));
    await expect(workspace.base().read(path)).rejects.toMatchObject({ code: 'path-unsafe' });
    await expect(workspace.project().read(path)).rejects.toMatchObject({ code: 'path-unsafe' });
    await expect(
      workspace.commit(
        new Map([
          ['ok', 'x'],
          [path, 'x'],
        ]),
        new Map(),
      ),
    ).rejects.toMatchObject({ code: 'path-unsafe' });
    expect(await workspace.files()).toEqual(new Map());
    expect(await readFile(join(home, 'outside/secret'), 'utf8')).toBe('secret');
  });

  test('that stay inside the project are followed', async () => {
    await symlink('real', inProject('link'));
    expect(await workspace.base().read('link/file')).toBe('inside');
  });

  test.each([
    ['a folder', 'workspace/d', 'd/new'],
    ['a file', 'workspace/secret', 'secret'],
    ['a file under its name', 'workspace/secret.draft', 'secret'],
    ['the workspace itself', 'workspace', 'new'],
    ['the feature’s folder', '.', 'new'],
    ['the record of a pending commit', 'workspace.pending', 'new'],
    ['the list of deletions', 'workspace.json', 'new'],
  ])('in the workspace: %s', async (_name, place, path) => {
    const link = inFeature(place);
    await mkdir(dirname(link), { recursive: true });
    const outside = join(home, 'outside');
    await symlink(place.endsWith('secret') ? join(outside, 'secret') : outside, link);
    await expect(workspace.base().read(path)).rejects.toMatchObject({ code: 'path-unsafe' });
    await expect(workspace.files()).rejects.toMatchObject({ code: 'path-unsafe' });
    await expect(workspace.commit(new Map([[path, 'x']]), new Map())).rejects.toMatchObject({
      code: 'path-unsafe',
    });
    expect(await readdir(outside)).toEqual(['secret']);
    expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('secret');
  });
});

test('a record that was changed between two commits of one process is not signed anew', async () => {
  const own = createOwnState({
    slug: 'f',
    key: async () => Buffer.alloc(32, 7),
    isTracked: async () => true,
  });
  const signed = folderOver(root, simpleLock(join(home, 'locks')), undefined, 'f', own);
  const commit = (path: string) => signed.commit(new Map([[path, path]]), new Map());
  await commit('a');
  await commit('b');
  expect(await signed.foreign()).toEqual([]);
  const record = inFeature('workspace.json');
  const forged = (await readFile(record, 'utf8')).replace(sha256('a'), sha256('forged'));
  await writeFile(record, forged);
  await writeFile(inFeature('workspace/a.draft'), 'forged');
  expect(await signed.foreign()).toEqual(['a', 'b', 'workspace.json']);
  await commit('c');
  expect(await signed.foreign()).toEqual(['a', 'b']);
});

describe('records that were changed by hand', () => {
  test.each([
    ['workspace.json', '{'],
    ['workspace.json', '{"schemaVersion":1,"deletions":["../x"]}'],
    ['workspace.json', ''],
    ['workspace.pending/intent.json', '{"schemaVersion":1,"writes":["../../x"],"removals":[]}'],
    ['workspace.pending/intent.json', '{"schemaVersion":1,"writes":[],"removals":["/etc/passwd"]}'],
    ['workspace.pending/intent.json', 'no'],
  ])('%s: %s', async (path, text) => {
    await put(inFeature(path), text);
    await put(inFeature('workspace.pending/0'), 'x');
    await expect(workspace.files()).rejects.toMatchObject({
      code: 'workspace-record-broken',
      target: expect.stringContaining(path) as string,
    });
    expect(await readFile(inFeature(path), 'utf8')).toBe(text);
  });

  test('a staged link is not moved into the workspace', async () => {
    await put(
      inFeature('workspace.pending/intent.json'),
      '{"schemaVersion":1,"writes":["a"],"removals":[]}',
    );
    await symlink('/etc/passwd', inFeature('workspace.pending/0'));
    await expect(workspace.files()).rejects.toMatchObject({ code: 'path-unsafe' });
  });
});

describe('a commit that was cut short', () => {
  const after = { 'a/one': 'new', two: 'new', three: 'new', gone: null };

  beforeEach(async () => {
    await put(inProject('gone'), 'x');
    await workspace.commit(
      new Map([
        ['two', 'old'],
        ['removed/old', 'old'],
      ]),
      new Map(),
    );
    await stage(
      workspacePaths(featuresDir, 'f'),
      new Map<string, string | null>([...Object.entries(after), ['removed/old', null]]),
      { schemaVersion: 1, deletions: ['gone'], base: [] },
    );
  });

  const steps: ((pending: string, files: string) => Promise<void>)[] = [
    (_pending, files) => rm(join(files, 'removed'), { recursive: true }),
    (_pending, files) => mkdir(join(files, 'a')).then(() => undefined),
    (pending, files) => rename(join(pending, '0'), join(files, 'a/one')),
    (pending, files) => rename(join(pending, '1'), join(files, 'two')),
    (pending, files) => rename(join(pending, '2'), join(files, 'three')),
    (pending) => rename(join(pending, 'manifest'), inFeature('workspace.json')),
    (pending) => rm(join(pending, 'intent.json')),
  ];

  test.each(steps.map((_, index) => index).concat(steps.length))(
    'after step %i is completed by whoever looks next',
    async (done) => {
      for (const step of steps.slice(0, done))
        await step(inFeature('workspace.pending'), inFeature('workspace'));
      expect(await workspace.base().read('three')).toBe('new');
      expect(Object.fromEntries(await workspace.files())).toEqual(after);
      expect(existsSync(inFeature('workspace.pending'))).toBe(false);
    },
  );

  test('is completed before the next commit', async () => {
    await workspace.commit(new Map([['two', 'newer']]), new Map());
    expect(Object.fromEntries(await workspace.files())).toEqual({ ...after, two: 'newer' });
  });

  test('before it was staged whole leaves nothing behind', async () => {
    await workspace.files();
    const { pending } = workspacePaths(featuresDir, 'f');
    await put(join(`${pending}.staging`, '0'), 'half');
    expect(Object.fromEntries(await workspace.files())).toEqual(after);
    await workspace.commit(new Map([['two', 'newer']]), new Map());
    expect(existsSync(`${pending}.staging`)).toBe(false);
  });
});

test('what version 0.1.0 kept under plain names is read, replaced and removed', async () => {
  await put(inFeature('workspace/test/a.test.js'), 'old');
  await put(inFeature('workspace/b.js'), 'old');
  expect([...(await workspace.files())]).toEqual([
    ['b.js', 'old'],
    ['test/a.test.js', 'old'],
  ]);
  await workspace.commit(
    new Map([
      ['test/a.test.js', 'new'],
      ['b.js', null],
    ]),
    new Map(),
  );
  expect([...(await workspace.files())]).toEqual([['test/a.test.js', 'new']]);
  expect(await readdir(inFeature('workspace'), { recursive: true })).toEqual([
    'test',
    'test/a.test.js.draft',
  ]);
});

test('a file and a folder whose names among drafts clash are refused before anything is written', async () => {
  const clashing = new Map([
    ['a', 'file'],
    ['a.draft/b', 'file'],
  ]);
  await expect(workspace.commit(clashing, new Map())).rejects.toMatchObject({
    code: 'workspace-path-conflict',
  });
  expect(await workspace.files()).toEqual(new Map());
});
