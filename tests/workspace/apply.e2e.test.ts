import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { renameSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import {
  chmod,
  link,
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
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { childProgram } from '../helpers/child-program.ts';
import {
  applyState,
  applyWork,
  undoApply,
  type ApplyOptions,
} from '../../src/workspace/apply/apply.ts';
import { holdFolder } from '../../src/workspace/apply/held-folder.ts';
import { planApply } from '../../src/workspace/apply/plan.ts';
import { openApplyJournal } from '../../src/workspace/apply/record.ts';
import { moveTarget, TargetMoved } from '../../src/workspace/apply/target.ts';
import { movedFileText } from '../../src/text/moved-file.ts';
import { sha256 } from '../../src/text/sha256.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import {
  applyOptions,
  approve,
  files,
  makeProject,
  plain,
  snapshot,
  work,
  type Kind,
} from './apply-project.ts';
import { git, put } from './workspaces.ts';

let home: string;
let root: string;
let workspace: Workspace;
let options: ApplyOptions;
let before: Record<string, string>;

const inProject = (path: string): string => join(root, path);
const apply = (check = false) => applyWork(options, plain, check);
const applyMerged = (check = false) => applyWork(options, { ...plain, merge: true }, check);
const state = () => applyState(options, plain.before);
const undo = () => undoApply(options);
const text = (path: string): Promise<string> => readFile(inProject(path), 'utf8');

async function setUp(kind: Kind): Promise<void> {
  root = join(home, 'project');
  await mkdir(root);
  workspace = await makeProject(kind, root);
  options = applyOptions(root, workspace);
  await put(join(home, 'outside/secret'), 'secret');
  before = await snapshot(root);
}

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'blueprint-apply-'));
});
afterEach(async () => {
  // Nothing outside the project ever changes.
  expect(await readdir(join(home, 'outside'))).toEqual(['secret']);
  expect(await readFile(join(home, 'outside/secret'), 'utf8')).toBe('secret');
  await rm(home, { recursive: true, force: true });
});

describe.each<Kind>(['folder', 'git'])('%s workspace', (kind) => {
  beforeEach(() => setUp(kind));

  test('names that change in case alone reach the project, and go again', async () => {
    const renamed = {
      Kept: 'kept\n',
      kept: null,
      'SRC/changed.js': 'old\n',
      'src/changed.js': null,
    };
    await approve(workspace, renamed);
    await apply();
    const names = await readdir(root, { recursive: true });
    expect(names).toEqual(expect.arrayContaining(['Kept', 'SRC/changed.js']));
    expect(names).not.toContain('kept');
    expect(names).not.toContain('src/changed.js');
    await undo();
    expect(await snapshot(root)).toEqual(before);
  });

  test('a file that can be executed can be so under another name', async () => {
    const run = '#!/bin/sh\nexit\n';
    await put(inProject('bin/run'), run, 0o755);
    await put(inProject('bin/make'), '#!/bin/sh\nmake\n', 0o755);
    if (kind === 'git') {
      await git(root, 'add', '-A');
      await git(root, 'commit', '-qm', 'programs');
    }
    const held = await snapshot(root);
    await approve(workspace, {
      Tool: files.tool,
      tool: null,
      'scripts/start.sh': run,
      'bin/run': null,
      'scripts/make': '#!/bin/sh\nmake all\n',
      'bin/make': null,
      'scripts/other': 'other\n',
    });
    const copy = join(home, 'copy');
    await mkdir(copy);
    await workspace.base().copyTo(copy, new AbortController().signal);
    await apply();
    const modes = async (folder: string): Promise<Record<string, string>> => {
      const found = Object.entries(await snapshot(folder));
      return Object.fromEntries(found.map(([path, file]) => [path, file.slice(0, 3)]));
    };
    for (const folder of [root, copy])
      expect(await modes(folder)).toMatchObject({
        Tool: '755',
        'scripts/start.sh': '755',
        'scripts/make': '755',
        'scripts/other': '644',
      });
    if (kind === 'git')
      expect(await git(root, 'ls-tree', '-r', 'blueprint/f', 'Tool', 'scripts')).toMatch(
        /^100755.*\tTool\n100755.*\/make\n100644.*\/other\n100755.*\/start\.sh$/,
      );
    await undo();
    expect(await snapshot(root)).toEqual(held);
  });

  test('approved work reaches the project whole, and goes again without a trace', async () => {
    await approve(workspace, work);
    expect(await snapshot(root)).toEqual(before);
    expect(await apply(true)).toMatchObject({ completed: null, unchanged: 0 });
    expect(await snapshot(root)).toEqual(before);
    expect(await state()).toEqual({
      state: 'ready',
      files: 8,
      edited: 0,
      canMerge: false,
      canUndo: false,
    });

    const { files: written } = await apply();
    expect(Object.fromEntries(written.map(({ path, change }) => [path, change]))).toEqual({
      'a/b/new.js': 'added',
      'becomes-file': 'added',
      'becomes-file/inner': 'deleted',
      'becomes-folder': 'deleted',
      'becomes-folder/inner': 'added',
      'src/changed.js': 'modified',
      'src/deep/gone.js': 'deleted',
      tool: 'modified',
    });
    const after = await snapshot(root);
    const encoded = (mode: string, content: string): string =>
      `${mode} ${Buffer.from(content).toString('base64')}`;
    expect(after).toEqual({
      ...(kind === 'git' && { '.gitignore': before['.gitignore'] }),
      a: 'folder',
      'a/b': 'folder',
      'a/b/new.js': encoded('644', 'new\n'),
      'becomes-file': encoded('644', 'file\n'),
      'becomes-folder': 'folder',
      'becomes-folder/inner': encoded('644', 'inner\n'),
      empty: 'folder',
      'empty/inner': 'folder',
      image: before['image'],
      kept: before['kept'],
      src: 'folder',
      'src/changed.js': encoded('644', 'new\n'),
      tool: encoded('755', work.tool),
    });
    expect(await state()).toEqual({
      state: 'applied',
      files: 0,
      edited: 0,
      canMerge: false,
      canUndo: true,
    });

    expect(await apply()).toMatchObject({ files: [], completed: null });
    expect(await snapshot(root)).toEqual(after);

    const undone = await undo();
    expect(undone?.files).toHaveLength(8);
    expect(await snapshot(root)).toEqual(before);
    expect(await undo()).toBeNull();
    expect((await readdir(options.feature)).filter((name) => name.startsWith('applied'))).toEqual(
      [],
    );
  });

  test('a file of UTF-16 stays one: for checks, when it is approved again, applied and merged', async () => {
    const wide = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
    const bytes = (path: string): Promise<Buffer> => readFile(inProject(path));
    await put(inProject('kept'), wide('1\r\n2\r\n3\r\n'));
    if (kind === 'git') await git(root, 'commit', '-qam', 'wide');
    const base = workspace.base();
    expect(await base.read('kept')).toBe('\ufeff1\r\n2\r\n3\r\n');
    const changes = new Map([['kept', '\ufeff1\r\n2\r\nthree\r\n']]);
    // Repeating a commit that was cut short completes it.
    for (let time = 0; time < 2; time++)
      expect((await workspace.commit(changes, base.seen())).outcome).toBe('committed');
    expect(await workspace.base().read('kept')).toBe(changes.get('kept'));
    const copy = join(home, 'copy');
    await mkdir(copy);
    await workspace.base().copyTo(copy, new AbortController().signal);
    expect(await readFile(join(copy, 'kept'))).toEqual(wide('1\r\n2\r\nthree\r\n'));
    await apply();
    expect(await bytes('kept')).toEqual(wide('1\r\n2\r\nthree\r\n'));
    expect(await apply()).toMatchObject({ files: [], unchanged: 1 });

    await approve(workspace, { kept: '\ufeff1\r\n2\r\ndrei\r\n' });
    await put(inProject('kept'), wide('eins\r\n2\r\nthree\r\n'));
    expect((await applyMerged()).merged[0]?.after).toBe('\ufeffeins\r\n2\r\ndrei\r\n');
    expect(await bytes('kept')).toEqual(wide('eins\r\n2\r\ndrei\r\n'));
  });

  test('a file that declares Latin-1 stays so: for checks, when it is approved, renamed, applied and merged', async () => {
    const latin = (text: string): Buffer =>
      Buffer.from(`# -*- coding: latin-1 -*-\r\n${text}`, 'latin1');
    const text = (bytes: Buffer): string => bytes.toString('latin1');
    const first = latin('"Ren\u00e9"\r\n1\r\n2\r\n3\r\n');
    await put(inProject('a.py'), first);
    await put(inProject('b.py'), latin('"Ren\u00e9e"\r\n'));
    if (kind === 'git') {
      await git(root, 'add', '-A');
      await git(root, 'commit', '-qm', 'latin');
    }
    before = await snapshot(root);
    const edited = latin('"Zo\u00eb"\r\n1\r\n2\r\n3\r\n');
    const made = latin('"na\u00efve"\r\n');
    const changes = {
      'a.py': text(edited),
      'b.py': null,
      'lib/b.py': text(latin('"Ren\u00e9e!"\r\n')),
      'new.py': text(made),
    };
    // As checks see it before it is approved.
    const bytes = await workspace.base().checkedOut(new Map(Object.entries(changes)));
    expect(bytes.get('a.py')).toEqual(edited);
    expect(bytes.get('lib/b.py')).toEqual(latin('"Ren\u00e9e!"\r\n'));
    await approve(workspace, changes);
    expect(await workspace.base().read('a.py')).toBe(text(edited));
    const copy = join(home, 'copy');
    await mkdir(copy);
    await workspace.base().copyTo(copy, new AbortController().signal);
    expect(await readFile(join(copy, 'a.py'))).toEqual(edited);
    expect(await readFile(join(copy, 'new.py'))).toEqual(made);
    const mine = latin('"Ren\u00e9"\r\n1\r\n2\r\n\u00fc\r\n');
    await put(inProject('a.py'), mine);
    const way = { ...plain, merge: true, before: async () => text(first) };
    expect((await applyWork(options, way, false)).merged).toHaveLength(1);
    expect(await readFile(inProject('a.py'))).toEqual(latin('"Zo\u00eb"\r\n1\r\n2\r\n\u00fc\r\n'));
    expect(await readFile(inProject('lib/b.py'))).toEqual(latin('"Ren\u00e9e!"\r\n'));
    expect(await readFile(inProject('new.py'))).toEqual(made);
    await undo();
    await put(inProject('a.py'), first);
    expect(await snapshot(root)).toEqual(before);
  });

  test('what is renamed keeps its bytes, its encoding and its mode; undo brings all back', async () => {
    const wide = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');
    await put(inProject('strings.txt'), wide('one\r\ntwo\r\nthree\r\n'), 0o755);
    await put(inProject('image'), Uint8Array.of(0xff, 0, 1, 0x0d, 0x0a), 0o755);
    if (kind === 'git') {
      await git(root, 'add', '-A');
      await git(root, 'commit', '-qm', 'files');
    }
    before = await snapshot(root);
    const hash = (await workspace.base().hash('image')) ?? '';
    const edited = '\ufeffone\r\n2\r\nthree\r\n';
    await approve(workspace, {
      'strings.txt': null,
      'text/en.txt': edited,
      'img/logo.png': movedFileText({ from: 'image', sha256: hash }),
    });
    // Deletions are read as texts by `approve`.
    const base = workspace.base();
    await base.hash('image');
    await workspace.commit(new Map([['image', null]]), base.seen());
    const copy = join(home, 'copy');
    await mkdir(copy);
    await workspace.base().copyTo(copy, new AbortController().signal);
    expect(await readFile(join(copy, 'text/en.txt'))).toEqual(wide('one\r\n2\r\nthree\r\n'));

    await apply();
    const after = await snapshot(root);
    expect(after['img/logo.png']).toBe(before['image']);
    expect(after['text/en.txt']).toBe(`755 ${wide('one\r\n2\r\nthree\r\n').toString('base64')}`);
    expect(after).not.toHaveProperty('image');
    expect(after).not.toHaveProperty('strings.txt');
    expect(await apply()).toMatchObject({ files: [], unchanged: 4 });
    await undo();
    expect(await snapshot(root)).toEqual(before);
  });

  test('nothing approved is nothing to do', async () => {
    expect(await state()).toEqual({
      state: 'nothing',
      files: 0,
      edited: 0,
      canMerge: false,
      canUndo: false,
    });
    expect(await apply()).toEqual({
      files: [],
      unchanged: 0,
      edited: [],
      merged: [],
      completed: null,
    });
    expect(await undo()).toBeNull();
  });

  test('what is in the way is named, all of it, with the way out, and nothing is written', async () => {
    await approve(workspace, { ...work, 'fresh.js': 'x\n' });
    await put(inProject('src/changed.js'), 'mine\n');
    await put(inProject('a/b/new.js'), 'mine\n');
    await rm(inProject('tool'));
    await mkdir(inProject('fresh.js'));
    await put(inProject('becomes-file/mine'), 'mine');
    const mine = await snapshot(root);
    for (const check of [true, false]) {
      const refused = apply(check);
      await expect(refused).rejects.toMatchObject({
        code: 'apply-refused',
        fix: workspace.wayOut(),
      });
      const { target, others } = (await refused.catch((error: unknown) => error)) as {
        target: string;
        others: { target: string; message: string }[];
      };
      expect([target, ...others.map((other) => other.target)]).toEqual([
        'a/b/new.js',
        'becomes-file',
        'fresh.js',
        'src/changed.js',
        'tool',
      ]);
      expect(others.at(-1)?.message).toMatch(/^tool (is|was) deleted/);
      expect(await snapshot(root)).toEqual(mine);
    }
    expect(await state()).toMatchObject({ state: 'blocked', files: 5 });
  });

  test('what stands there already as approved is left alone', async () => {
    await approve(workspace, work);
    await put(inProject('src/changed.js'), 'new\n');
    await put(inProject('a/b/new.js'), 'new\n');
    const mine = await snapshot(root);
    expect(await apply()).toMatchObject({ unchanged: 2 });
    await undo();
    expect(await snapshot(root)).toEqual(mine);
  });

  test('later work goes over what was applied, and both can be undone', async () => {
    await approve(workspace, { 'src/changed.js': 'one\n', 'new.js': 'one\n' });
    await apply();
    const first = await snapshot(root);
    await approve(workspace, { 'src/changed.js': 'two\n', 'new.js': null });
    expect((await apply()).files).toEqual([
      { path: 'new.js', change: 'deleted' },
      { path: 'src/changed.js', change: 'modified' },
    ]);
    expect(await text('src/changed.js')).toBe('two\n');
    await undo();
    expect(await snapshot(root)).toEqual(first);
    await undo();
    expect(await snapshot(root)).toEqual(before);
  });

  test('what the user changed after an apply is not overwritten by a later one', async () => {
    await approve(workspace, { 'src/changed.js': 'one\n' });
    await apply();
    await put(inProject('src/changed.js'), 'mine\n');
    await approve(workspace, { 'src/changed.js': 'two\n' });
    await expect(apply()).rejects.toMatchObject({
      message: 'src/changed.js was changed since it was applied: nothing is applied',
    });
    expect(await text('src/changed.js')).toBe('mine\n');
  });

  describe('what both changed', () => {
    const lines = (...changed: [number, string][]): string => {
      const all = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];
      for (const [at, text] of changed) all[at - 1] = text;
      return `${all.join('\n')}\n`;
    };
    const path = 'src/changed.js';

    test('since it was applied is merged, again and again, and taken back', async () => {
      await approve(workspace, { [path]: lines(), 'src/other.js': 'one\n' });
      await apply();
      const mine = lines([2, 'mine']).replaceAll('\n', '\r\n');
      await put(inProject(path), mine);
      await approve(workspace, { [path]: lines([7, 'new']), 'src/other.js': null });
      expect(await state()).toMatchObject({ state: 'blocked', canMerge: true });
      await expect(apply()).rejects.toMatchObject({
        message: `${path} was changed since it was applied: nothing is applied`,
        fix: expect.stringContaining('blueprint apply f --merge --check') as string,
      });

      const both = lines([2, 'mine'], [7, 'new']).replaceAll('\n', '\r\n');
      const told = { merged: [{ path, before: mine, after: both }], unchanged: 0 };
      const held = await snapshot(root);
      expect(await applyMerged(true)).toMatchObject(told);
      expect(await snapshot(root)).toEqual(held);
      expect(await applyMerged()).toMatchObject(told);
      expect(await text(path)).toBe(both);
      expect((await snapshot(root))['src/other.js']).toBeUndefined();

      const again = { files: [], unchanged: 2, edited: [], merged: [] };
      expect(await apply()).toMatchObject(again);
      expect(await applyMerged()).toMatchObject(again);
      expect(await state()).toMatchObject({ state: 'applied', edited: 0 });

      await approve(workspace, { [path]: lines([5, 'newer'], [7, 'new']) });
      await expect(apply()).rejects.toMatchObject({
        message: `${path} holds your changes as well: nothing is applied`,
      });
      await applyMerged();
      expect(await text(path)).toBe(both.replace('five', 'newer'));
      await undo();
      expect(await text(path)).toBe(both);
      await undo();
      expect(await snapshot(root)).toEqual(held);
    });

    test('in the same lines refuses all, and says which', async () => {
      await approve(workspace, { [path]: lines(), kept: 'kept\n' });
      await apply();
      await put(inProject(path), lines([2, 'mine'], [6, 'mine']));
      await approve(workspace, { [path]: lines([2, 'new'], [6, 'new']), kept: 'new\n' });
      const held = await snapshot(root);
      const plainly = await apply().catch((error: unknown) => error);
      expect(plainly).toMatchObject({ fix: expect.not.stringContaining('--merge') as string });
      await expect(applyMerged()).rejects.toMatchObject({
        message: `${path} was changed since it was applied, and the work changes the same lines (line 2, line 6 of yours): nothing is applied`,
      });
      expect(await snapshot(root)).toEqual(held);
    });

    test.each([
      ['deleted by the user', null, 'new\n'],
      ['deleted by the work', 'mine\n', null],
      ['made binary by the user', '\0mine\n', 'new\n'],
    ])('and that is %s is no merge', async (_name, mine, theirs) => {
      await approve(workspace, { [path]: 'one\n' });
      await apply();
      if (mine === null) await rm(inProject(path));
      else await put(inProject(path), mine);
      await approve(workspace, { [path]: theirs });
      const held = await snapshot(root);
      await expect(applyMerged()).rejects.toMatchObject({
        message: `${path} was changed since it was applied: nothing is applied`,
        fix: expect.not.stringContaining('--merge') as string,
      });
      expect(await snapshot(root)).toEqual(held);
    });

    test('alike is not said to be written', async () => {
      await approve(workspace, { [path]: lines() });
      await apply();
      await put(inProject(path), lines([2, 'both'], [8, 'mine']));
      await approve(workspace, { [path]: lines([2, 'both']) });
      expect(await applyMerged()).toMatchObject({ files: [], unchanged: 1 });
      expect(await apply()).toMatchObject({ files: [], unchanged: 1 });
      await approve(workspace, { [path]: lines([2, 'both'], [5, 'new']) });
      await applyMerged();
      expect(await text(path)).toBe(lines([2, 'both'], [5, 'new'], [8, 'mine']));
    });

    test('since the work began is merged with what was there then', async () => {
      await put(inProject(path), lines());
      if (kind === 'git') await git(root, 'commit', '-qam', 'lines');
      await approve(workspace, { [path]: lines([7, 'new']) });
      await put(inProject(path), lines([2, 'mine']));
      const before = async (): Promise<string> => lines();
      const way = { merge: true, before };
      expect(await applyState(options, before)).toMatchObject({ canMerge: true });
      await applyWork(options, way, false);
      expect(await text(path)).toBe(lines([2, 'mine'], [7, 'new']));
      expect((await applyWork(options, way, false)).unchanged).toBe(1);
      await undo();
      expect(await text(path)).toBe(lines([2, 'mine']));
      // What is not known to be what the work was made on is no base.
      const other = { merge: true, before: async () => lines([2, 'mine']) };
      if (kind === 'folder')
        await expect(applyWork(options, other, false)).rejects.toMatchObject({
          code: 'apply-refused',
        });
    });
  });

  test('what the user changed after an apply stays, and holds up no other work', async () => {
    await approve(workspace, { 'src/changed.js': 'one\n' });
    await apply();
    await put(inProject('src/changed.js'), 'one\nmine\n');
    expect(await apply()).toMatchObject({ files: [], edited: ['src/changed.js'] });
    expect(await state()).toMatchObject({ state: 'applied', edited: 1 });
    await approve(workspace, { 'other.js': 'x\n' });
    expect((await apply()).files).toEqual([{ path: 'other.js', change: 'added' }]);
    expect(await text('src/changed.js')).toBe('one\nmine\n');
  });

  test('work that the user took away by hand can be applied again', async () => {
    await approve(workspace, work);
    await apply();
    const after = await snapshot(root);
    await put(inProject('src/changed.js'), files['src/changed.js']);
    await rm(inProject('a'), { recursive: true });
    expect((await apply()).files).toHaveLength(2);
    expect(await snapshot(root)).toEqual(after);
  });

  test('undo refuses when a file changed since, and takes nothing back', async () => {
    await approve(workspace, work);
    await apply();
    await put(inProject('src/changed.js'), 'mine\n');
    await put(inProject('src/deep/gone.js'), 'mine\n');
    const mine = await snapshot(root);
    await expect(undo()).rejects.toMatchObject({
      code: 'undo-refused',
      message: expect.stringContaining('src/changed.js, src/deep/gone.js changed since') as string,
      fix: expect.stringContaining('blueprint undo f') as string,
    });
    expect(await snapshot(root)).toEqual(mine);
    await put(inProject('src/changed.js'), 'new\n');
    await rm(inProject('src/deep'), { recursive: true });
    await undo();
    expect(await snapshot(root)).toEqual(before);
  });

  describe('attacks', () => {
    test.each([
      ['the file', 'src/changed.js', '../../outside/secret'],
      ['a new file', 'a', '../outside'],
      ['its folder', 'src', '../outside'],
    ])('%s is a link that leads out', async (_name, place, target) => {
      await approve(workspace, { 'src/changed.js': 'new\n', 'a/secret': 'new\n' });
      await rm(inProject(place), { recursive: true, force: true });
      await symlink(target, inProject(place));
      const mine = await snapshot(root);
      await expect(apply()).rejects.toMatchObject({ code: 'apply-refused' });
      expect(await snapshot(root)).toEqual(mine);
      expect(await state()).toMatchObject({ state: 'blocked' });
    });

    test('a hard link to elsewhere is cut, not written through', async () => {
      await put(inProject('src/changed.js'), 'x');
      await rm(inProject('src/changed.js'));
      await put(join(home, 'elsewhere'), files['src/changed.js']);
      await link(join(home, 'elsewhere'), inProject('src/changed.js'));
      await approve(workspace, { 'src/changed.js': 'new\n' });
      await apply();
      expect(await text('src/changed.js')).toBe('new\n');
      expect(await readFile(join(home, 'elsewhere'), 'utf8')).toBe(files['src/changed.js']);
      await undo();
      expect(await text('src/changed.js')).toBe(files['src/changed.js']);
    });

    test('a pipe is not waited for', async () => {
      await approve(workspace, { pipe: 'x\n' });
      await promisify(execFile)('mkfifo', [inProject('pipe')]);
      await expect(apply()).rejects.toMatchObject({
        message: 'pipe is no regular file: nothing is applied',
      });
    });

    test('a record that a person changed to lead out is not believed', async () => {
      await approve(workspace, { 'new.js': 'new\n' });
      await apply();
      const file = join(options.feature, 'applied/1/record.json');
      const record = await readFile(file, 'utf8');
      await writeFile(file, record.replace('"new.js"', '"../outside/secret"'));
      await expect(undo()).rejects.toMatchObject({ code: 'workspace-record-broken' });
      await expect(apply()).rejects.toMatchObject({ code: 'workspace-record-broken' });
    });

    test('a folder that is swapped for a link all the time leads nowhere else', async () => {
      await approve(workspace, { 'src/changed.js': 'new\n', 'src/secret': 'new\n' });
      const swapper = spawn(
        process.execPath,
        [
          '-e',
          `const fs = require('node:fs');
           const [dir, aside, out] = process.argv.slice(1);
           console.log('ready');
           for (;;) {
             try { fs.renameSync(dir, aside); fs.symlinkSync(out, dir); } catch {}
             try { fs.unlinkSync(dir); } catch {}
             try { fs.renameSync(aside, dir); } catch {}
           }`,
          inProject('src'),
          inProject('aside'),
          join(home, 'outside'),
        ],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      await once(swapper.stdout, 'data');
      const rounds = process.env['BLUEPRINT_ALL_FAULTS'] === undefined ? 15 : 60;
      for (let round = 0; round < rounds; round++) {
        await apply().catch(() => undefined);
        await undo().catch(() => undefined);
      }
      swapper.kill('SIGKILL');
      await once(swapper, 'exit');
      expect(await readdir(join(home, 'outside'))).toEqual(['secret']);
      expect(await readFile(join(home, 'outside/secret'), 'utf8')).toBe('secret');
    });
  });

  describe('an apply that was cut short', () => {
    /** As after a kill when that many files had been written. */
    async function cutOff(done: number): Promise<void> {
      const plan = await planApply(root, workspace, new Map(), plain);
      const journal = openApplyJournal(options.feature);
      await journal.begin(
        {
          schemaVersion: 1,
          at: options.now().toISOString(),
          files: plan.files.map(({ target, before: old, after }) => ({
            path: target,
            before: old === null ? null : sha256(old.bytes),
            after: after === null ? null : sha256(after),
            mode: old?.mode ?? null,
          })),
          folders: ['a', 'a/b', 'becomes-folder'],
        },
        {
          before: plan.files.map(({ before: old }) => old?.bytes ?? null),
          after: plan.files.map(({ after }) => after),
          approved: [],
        },
      );
      const gone = plan.files.filter(({ after }) => after === null);
      const there = plan.files.filter(({ after }) => after !== null);
      for (const { target, before: old, after } of [...gone, ...there].slice(0, done))
        await moveTarget(
          root,
          target,
          old === null ? null : sha256(old.bytes),
          after === null ? null : { bytes: after, mode: old?.mode ?? null },
        );
    }

    test.each([0, 1, 3, 5, 8])('after %i files is completed by the next one', async (done) => {
      await approve(workspace, work);
      await apply();
      const after = await snapshot(root);
      await undo();
      await cutOff(done);
      expect(await state()).toMatchObject({ state: 'interrupted' });
      expect(await apply()).toMatchObject({ files: [], completed: 'apply' });
      expect(await snapshot(root)).toEqual(after);
      await undo();
      expect(await snapshot(root)).toEqual(before);
    });

    test.each([0, 1, 3, 5, 8])('after %i files is taken back by undo', async (done) => {
      await approve(workspace, work);
      await cutOff(done);
      expect(await undo()).toMatchObject({ completed: 'undo' });
      expect(await snapshot(root)).toEqual(before);
      expect(await state()).toMatchObject({ state: 'ready', canUndo: false });
    });

    test('and whose file was changed since is left to the person', async () => {
      await approve(workspace, work);
      await cutOff(2);
      await put(inProject('src/changed.js'), 'mine\n');
      const mine = await snapshot(root);
      for (const command of [apply, undo]) {
        await expect(command()).rejects.toMatchObject({
          code: 'apply-interrupted',
          target: 'src/changed.js',
          fix: expect.stringContaining('applied.pending') as string,
        });
        expect(await snapshot(root)).toEqual(mine);
      }
      await put(inProject('src/changed.js'), files['src/changed.js']);
      await undo();
      expect(await snapshot(root)).toEqual(before);
    });

    test('an undo that was cut short is completed by either command', async () => {
      await approve(workspace, work);
      for (const command of [apply, undo]) {
        await apply();
        await openApplyJournal(options.feature).beginUndo();
        await moveTarget(root, 'src/changed.js', sha256('new\n'), {
          bytes: Buffer.from(files['src/changed.js']),
          mode: 0o644,
        });
        expect(await command()).toMatchObject({ completed: 'undo' });
        if (command === apply) await undo();
        expect(await snapshot(root)).toEqual(before);
      }
    });
  });

  test('kill -9 at any moment, then undo: the project is as before', async () => {
    await approve(workspace, work);
    const applier = await childProgram(join(import.meta.dirname, 'applier.ts'));
    for (let round = 0; round < 6; round++) {
      const child = spawn(process.execPath, [applier, kind, root], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      await sleep(Math.random() * 300);
      child.kill('SIGKILL');
      await once(child, 'exit');
      if (round % 2 === 0) await apply();
      await undo();
      expect(await snapshot(root)).toEqual(before);
    }
  }, 120_000);
});

describe('one step', () => {
  beforeEach(() => setUp('folder'));

  test('a held folder is the same when a link has taken its place', async () => {
    const held = await holdFolder(root, 'src', false);
    await rename(inProject('src'), inProject('moved'));
    await symlink('../outside', inProject('src'));
    await writeFile(held?.at('new.js') ?? '', 'new');
    await held?.[Symbol.asyncDispose]();
    expect(await text('moved/new.js')).toBe('new');
  });

  test('a file in neither state is not touched', async () => {
    const goal = { bytes: Buffer.from('new'), mode: null };
    await expect(moveTarget(root, 'kept', sha256('other'), goal)).rejects.toThrow(TargetMoved);
    await expect(moveTarget(root, 'kept', null, goal)).rejects.toThrow(TargetMoved);
    await expect(moveTarget(root, 'kept', sha256('other'), null)).rejects.toThrow(TargetMoved);
    await expect(moveTarget(root, 'src', null, goal)).rejects.toThrow(TargetMoved);
    expect(await snapshot(root)).toEqual(before);
  });

  test.each([
    ['is saved', () => writeFileSync(inProject('kept'), 'mine!')],
    ['is put anew with the same words', () => replaceFile(inProject('kept'), files.kept)],
    ['becomes a link', () => replaceByLink(inProject('kept'), join(home, 'outside/secret'))],
  ])('a file that %s between the look and the write is not overwritten', async (_how, change) => {
    const goal = {
      bytes: Buffer.from('new'),
      // Asked for when the new file is written, just before it takes its place.
      get mode(): null {
        change();
        return null;
      },
    };
    const moved = moveTarget(root, 'kept', sha256(files.kept), goal);
    await expect(moved).rejects.toThrow(TargetMoved);
    expect(await text('kept')).not.toBe('new');
    expect((await readdir(root)).filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  test('what a killed process left aside is cleared away', async () => {
    await put(inProject('.kept.blueprint.tmp'), 'half');
    await chmod(inProject('.kept.blueprint.tmp'), 0o600);
    const goal = { bytes: Buffer.from('new'), mode: 0o640 };
    await moveTarget(root, 'kept', sha256(files.kept), goal);
    expect(await snapshot(root)).toEqual({
      ...before,
      kept: `640 ${Buffer.from('new').toString('base64')}`,
    });
  });
});

function replaceFile(path: string, content: string): void {
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}

function replaceByLink(path: string, target: string): void {
  unlinkSync(path);
  symlinkSync(target, path);
}

describe('in a repository', () => {
  beforeEach(() => setUp('git'));

  test('index, HEAD and branch of the user stay as they are', async () => {
    await approve(workspace, work);
    await git(root, 'status');
    const kept = async (): Promise<Buffer[]> =>
      Promise.all(
        ['.git/index', '.git/HEAD', '.git/config', '.git/refs/heads/main'].map((path) =>
          readFile(inProject(path)),
        ),
      );
    const [held, status] = [await kept(), await git(root, 'status', '--porcelain')];
    await apply();
    expect(await kept()).toEqual(held);
    expect(await git(root, 'status', '--porcelain')).not.toBe(status);
    await undo();
    expect(await git(root, 'status', '--porcelain')).toBe(status);
  });

  test.each([
    ['has changes that are not committed', async () => put(inProject('kept'), 'mine\n')],
    [
      'was changed by a commit since the work began',
      async () => {
        await put(inProject('kept'), 'mine\n');
        await git(root, 'commit', '-qam', 'mine');
      },
    ],
    [
      'has changes that are staged',
      async () => {
        await put(inProject('kept'), 'mine\n');
        await git(root, 'add', 'kept');
        await put(inProject('kept'), files.kept);
      },
    ],
  ])('a target that %s', async (problem, doIt) => {
    await approve(workspace, { kept: 'new\n' });
    await doIt();
    await expect(apply()).rejects.toMatchObject({
      message: `kept ${problem}: nothing is applied`,
      fix: expect.stringContaining('git merge blueprint/f') as string,
    });
  });

  test('a file that was changed by a commit and by hand is merged in the line ends of the checkout', async () => {
    await git(root, 'config', 'core.autocrlf', 'true');
    await put(inProject('kept'), '1\r\n2\r\n3\r\n4\r\n5\r\n');
    await git(root, 'commit', '-qam', 'lines');
    await approve(workspace, { kept: '1\n2\n3\n4\nnew\n' });
    await put(inProject('kept'), 'mine\r\n2\r\n3\r\n4\r\n5\r\n');
    await git(root, 'commit', '-qam', 'mine');
    await put(inProject('kept'), 'mine\r\n2\r\nmy own\r\n4\r\n5\r\n');
    await applyMerged();
    expect(await text('kept')).toBe('mine\r\n2\r\nmy own\r\n4\r\nnew\r\n');
  });

  test('work goes onto a checkout with other line ends, and comes back so', async () => {
    await git(root, 'config', 'core.autocrlf', 'true');
    await git(root, 'rm', '-q', '--cached', '-r', '.');
    await git(root, 'reset', '-q', '--hard');
    expect(await text('kept')).toBe('kept\r\n');
    const crlf = await snapshot(root);
    await approve(workspace, { kept: 'new\nmore\n' });
    await apply();
    expect(await text('kept')).toBe('new\r\nmore\r\n');
    expect(await git(root, 'diff', '--name-only')).toBe('kept');
    await undo();
    expect(await snapshot(root)).toEqual(crlf);
    expect(await git(root, 'status', '--porcelain')).toBe('');
  });

  test('a fault in the middle takes all back', async () => {
    // Short enough for git and for the rules of paths, too long for the file system.
    await approve(workspace, { ...work, ['ü'.repeat(200)]: 'x\n' });
    await expect(apply()).rejects.toMatchObject({
      code: 'apply-failed',
      message: expect.stringContaining('ENAMETOOLONG') as string,
    });
    expect(await snapshot(root)).toEqual(before);
    expect(await state()).toMatchObject({ state: 'ready', canUndo: false });
  });

  test('after the user merged the branch there is nothing to do', async () => {
    await approve(workspace, work);
    await git(root, 'merge', '-q', 'blueprint/f');
    expect(await apply()).toMatchObject({ files: [], unchanged: 0 });
  });

  test('after the user committed what was applied there is nothing to do', async () => {
    await approve(workspace, work);
    await apply();
    await git(root, 'add', '-A');
    await git(root, 'commit', '-qm', 'mine');
    expect(await apply()).toMatchObject({ files: [], unchanged: 8 });
  });
});
