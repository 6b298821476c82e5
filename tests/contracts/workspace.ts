import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FileChanges } from '../../src/domain/bundle.ts';
import { movedFileText } from '../../src/text/moved-file.ts';
import type { CommitResult, Workspace } from '../../src/workspace/workspace.ts';

export interface WorkspaceSetup {
  readonly open: (slug: string) => Promise<Workspace>;
  /** Puts a file into the project itself, as a person would. */
  readonly writeProject: (
    path: string,
    content: string | Uint8Array,
    mode?: number,
  ) => Promise<void>;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What every adapter of the workspace port must do. */
export function workspaceContract(name: string, setUp: () => Promise<WorkspaceSetup>): void {
  describe(`workspace contract: ${name}`, () => {
    let workspace: Workspace;
    let open: WorkspaceSetup['open'];
    let writeProject: WorkspaceSetup['writeProject'];
    beforeEach(async () => {
      ({ open, writeProject } = await setUp());
      workspace = await open('f');
    });

    const commit = async (changes: Record<string, string | null>): Promise<CommitResult> => {
      const base = workspace.base();
      for (const path of Object.keys(changes)) await base.read(path);
      return workspace.commit(new Map(Object.entries(changes)), base.seen());
    };
    const files = async (): Promise<Record<string, string | null>> =>
      Object.fromEntries(await workspace.files());

    test('an untouched feature has no files and sees the project', async () => {
      await writeProject('src/a.js', 'a');
      expect(await files()).toEqual({});
      const base = workspace.base();
      expect(await base.read('src/a.js')).toBe('a');
      expect(await base.read('src/b.js')).toBeNull();
      expect(await base.read('src')).toBeNull();
      expect(await base.read('src/a.js/below')).toBeNull();
      expect(base.seen()).toEqual(
        new Map([
          ['src/a.js', sha256('a')],
          ['src/b.js', null],
          ['src', null],
          ['src/a.js/below', null],
        ]),
      );
    });

    test('approved files stand over the project’s, deletions hide them', async () => {
      await writeProject('a', 'project a');
      await writeProject('b', 'project b');
      expect(await commit({ a: 'new a', b: null, 'c/d': 'new d' })).toMatchObject({
        outcome: 'committed',
      });
      expect(await files()).toEqual({ a: 'new a', b: null, 'c/d': 'new d' });
      const base = workspace.base();
      expect([await base.read('a'), await base.read('b'), await base.read('c/d')]).toEqual([
        'new a',
        null,
        'new d',
      ]);
      expect(await (await open('g')).base().read('a')).toBe('project a');
    });

    test('a deleted file may come back, a new one may go', async () => {
      await writeProject('a', 'project');
      await commit({ a: null, b: 'b' });
      await commit({ a: 'again', b: null });
      expect(await files()).toEqual({ a: 'again' });
    });

    test('files are sorted and kept to the byte', async () => {
      const contents = { z: 'a\r\nb', a: '', 'ünï/日本': '\ufeffx\n', 'a-b': '\u{1f600}\n\n' };
      await commit(contents);
      expect([...(await workspace.files())]).toEqual([
        ['a', ''],
        ['a-b', '\u{1f600}\n\n'],
        ['z', 'a\r\nb'],
        ['ünï/日本', '\ufeffx\n'],
      ]);
    });

    test('a file becomes a folder and a folder a file', async () => {
      await commit({ a: 'file' });
      await commit({ a: null, 'a/b': 'below' });
      expect(await files()).toEqual({ 'a/b': 'below' });
      await commit({ 'a/b': null, a: 'file again' });
      expect(await files()).toEqual({ a: 'file again' });
    });

    test('a file under an approved file is refused, and nothing is written', async () => {
      await commit({ a: 'file' });
      await expect(commit({ 'a/b': 'below', c: 'c' })).rejects.toMatchObject({
        code: 'workspace-path-conflict',
      });
      expect(await files()).toEqual({ a: 'file' });
    });

    test('what a base has read once it reads again the same', async () => {
      await writeProject('a', 'one');
      const base = workspace.base();
      expect(await base.read('a')).toBe('one');
      await writeProject('a', 'two');
      expect(await base.read('a')).toBe('one');
      expect(base.seen().get('a')).toBe(sha256('one'));
    });

    test('a commit over what changed meanwhile is a conflict, and writes nothing', async () => {
      await writeProject('a', 'one');
      await writeProject('b', 'one');
      const base = workspace.base();
      for (const path of ['a', 'b', 'c']) await base.read(path);
      await writeProject('a', 'moved');
      await commit({ c: 'theirs' });
      const result = await workspace.commit(
        new Map([
          ['c', 'mine'],
          ['b', 'mine'],
        ]),
        base.seen(),
      );
      expect(result).toEqual({ outcome: 'conflict', paths: ['a', 'c'] });
      expect(await files()).toEqual({ c: 'theirs' });
    });

    test('the same commit again is no conflict', async () => {
      await writeProject('gone', 'x');
      const base = workspace.base();
      await base.read('a');
      await base.read('gone');
      const changes: FileChanges = new Map([
        ['a', 'new'],
        ['gone', null],
      ]);
      expect(await workspace.commit(changes, base.seen())).toMatchObject({ outcome: 'committed' });
      expect(await workspace.commit(changes, base.seen())).toMatchObject({ outcome: 'committed' });
      expect(await files()).toEqual({ a: 'new', gone: null });
    });

    test('of many commits on one base only one wins', async () => {
      const base = workspace.base();
      await base.read('a');
      const results = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          workspace.commit(
            new Map([
              ['a', `v${index}`],
              [`own-${index}`, ''],
            ]),
            base.seen(),
          ),
        ),
      );
      expect(results.filter(({ outcome }) => outcome === 'committed')).toHaveLength(1);
      expect(Object.keys(await files())).toHaveLength(2);
    });

    test('commits of other files all arrive', async () => {
      await Promise.all(Array.from({ length: 10 }, (_, index) => commit({ [`f${index}`]: 'x' })));
      expect(Object.keys(await files())).toHaveLength(10);
    });

    test('what is no UTF-8 text is there and cannot be read; its change is noticed', async () => {
      for (const bytes of [Uint8Array.of(0xff, 0xfe, 0x41), Uint8Array.of(0x41, 0, 0x42)]) {
        await writeProject('image', bytes);
        const base = workspace.base();
        await expect(base.read('image')).rejects.toMatchObject({ code: 'file-not-text' });
        expect(await base.hash('image')).toBe(base.seen().get('image'));
        expect(base.seen().get('image')).toMatch(/^[0-9a-f]{64}$/);
        await writeProject('image', Uint8Array.of(...bytes, 1));
        expect(await workspace.commit(new Map([['image', 'text']]), base.seen())).toEqual({
          outcome: 'conflict',
          paths: ['image'],
        });
      }
    });

    test('what is no text can be deleted', async () => {
      await writeProject('image', Uint8Array.of(0x41, 0, 0x42));
      const base = workspace.base();
      await base.hash('image');
      expect(await workspace.commit(new Map([['image', null]]), base.seen())).toMatchObject({
        outcome: 'committed',
      });
      expect(await files()).toEqual({ image: null });
      expect(await workspace.base().hash('image')).toBeNull();
    });

    test('what is no text gets another name, and then another, byte for byte', async () => {
      const bytes = Buffer.from([0x89, 0x50, 0, 0xff, 0x0d, 0x0a]);
      const hash = createHash('sha256').update(bytes).digest('hex');
      await writeProject('logo.png', bytes, 0o755);
      const move = async (from: string, to: string, times: number): Promise<string> => {
        const text = movedFileText({ from, sha256: hash });
        const base = workspace.base();
        for (const path of [from, to]) await base.hash(path);
        const changes = new Map([
          [to, text],
          [from, null],
        ]);
        // Repeating a commit that was cut short completes it.
        for (let time = 0; time < times; time++)
          expect(await workspace.commit(changes, base.seen())).toMatchObject({
            outcome: 'committed',
          });
        return text;
      };
      const first = await move('logo.png', 'img/logo.png', 2);
      expect(await files()).toEqual({ 'img/logo.png': first, 'logo.png': null });
      expect(await workspace.base().hash('img/logo.png')).toBe(hash);
      await expect(workspace.base().read('img/logo.png')).rejects.toMatchObject({ sha256: hash });

      await move('img/logo.png', 'img/sign.png', 1);
      expect(await files()).toEqual({ 'img/sign.png': first, 'logo.png': null });
      const copy = await mkdtemp(join(tmpdir(), 'blueprint-moved-'));
      try {
        await workspace.base().copyTo(copy, new AbortController().signal);
        expect(await readdir(copy)).not.toContain('logo.png');
        expect(await readdir(join(copy, 'img'))).toEqual(['sign.png']);
        expect(await readFile(join(copy, 'img/sign.png'))).toEqual(bytes);
        expect((await stat(join(copy, 'img/sign.png'))).mode & 0o111).toBe(0o111);
      } finally {
        await rm(copy, { recursive: true });
      }

      const base = workspace.base();
      await base.hash('img/sign.png');
      await workspace.commit(new Map([['img/sign.png', null]]), base.seen());
      expect(await files()).toEqual({ 'logo.png': null });
    });

    test('bytes that changed meanwhile are not taken to another name', async () => {
      await writeProject('logo.png', Uint8Array.of(1, 0));
      const base = workspace.base();
      const hash = (await base.hash('logo.png')) ?? '';
      await writeProject('logo.png', Uint8Array.of(2, 0));
      const changes = new Map([
        ['new.png', movedFileText({ from: 'logo.png', sha256: hash })],
        ['logo.png', null],
      ]);
      const conflict = { outcome: 'conflict', paths: ['logo.png'] };
      expect(await workspace.commit(changes, base.seen())).toEqual(conflict);
      await expect(workspace.commit(changes, new Map())).rejects.toMatchObject({
        code: 'workspace-moved-file-gone',
      });
      expect(await files()).toEqual({});
    });

    // In one workspace, as none changes anything.
    test('paths that lead elsewhere are refused, to read and to write', async () => {
      const paths = [
        '../x',
        '/etc/passwd',
        'C:/x',
        'a\\b',
        'a\0b',
        '.git/config',
        '.GIT/x',
        '.ｇｉｔ/x',
        '.git',
        'a/.git/hooks/pre-commit',
        '.git /config',
        '.git./config',
        'git~1/config',
        'GIT~2/config',
        '.g\u200bit/config',
        '.gi\u00adt/config',
        '\ufeff.git/config',
        '.git::$INDEX_ALLOCATION/config',
        'a/../../x',
        '..',
        './x',
        '~/x',
        '//server/share/x',
        '\\\\server\\share\\x',
        '\\\\?\\C:\\x',
        'C:\\x',
        'c:x',
        'file:stream',
        'a//b',
        'a/',
        'a\n.git/config',
        'con.txt',
        'x '.repeat(600),
        '\ud800',
        '',
        '.',
        'a/../b',
        'nul',
      ];
      for (const path of paths) {
        const refused = { code: 'path-unsafe' };
        await expect(workspace.base().read(path), path).rejects.toMatchObject(refused);
        const changes = new Map([
          ['ok', 'x'],
          [path, 'x'],
        ]);
        await expect(workspace.commit(changes, new Map()), path).rejects.toMatchObject(refused);
        expect(await files(), path).toEqual({});
      }
    });

    describe('a copy for checks', () => {
      let copy: string;
      const { signal } = new AbortController();
      beforeEach(async () => {
        copy = await mkdtemp(join(tmpdir(), 'blueprint-copy-'));
      });
      afterEach(() => rm(copy, { recursive: true, force: true }));

      const copied = async (): Promise<string[]> =>
        (await readdir(copy, { recursive: true, withFileTypes: true }))
          .filter((entry) => !entry.isDirectory())
          .map((entry) => join(entry.parentPath, entry.name).slice(copy.length + 1))
          .sort();

      test('holds approved work over the project’s files', async () => {
        await writeProject('keep', 'k');
        await writeProject('image', Uint8Array.of(0xff, 0, 1));
        await writeProject('deep/gone', 'x');
        await writeProject('changed', 'old');
        await writeProject('folder/file', 'becomes a file');
        await commit({ 'deep/gone': null, changed: 'new', 'a/b': 'b' });
        await commit({ 'folder/file': null, folder: 'f' });
        await workspace.base().copyTo(copy, signal);
        expect(await copied()).toEqual(['a/b', 'changed', 'folder', 'image', 'keep']);
        expect(await readFile(join(copy, 'changed'), 'utf8')).toBe('new');
        expect(await readFile(join(copy, 'folder'), 'utf8')).toBe('f');
        expect([...(await readFile(join(copy, 'image')))]).toEqual([0xff, 0, 1]);
      });

      test('is of the files that a look at the base names, which reads none of them', async () => {
        await writeProject('keep', 'k');
        await writeProject('gone', 'x');
        await commit({ gone: null, 'a/b': 'b' });
        const base = workspace.base();
        const { files, read } = await base.look(signal);
        expect([...files].sort()).toEqual(['a/b', 'keep']);
        expect([await read('a/b'), await read('gone')]).toEqual(['b', null]);
        expect(base.seen().size).toBe(0);
      });

      test('of the project alone knows no approved work', async () => {
        await writeProject('a', 'project');
        await commit({ a: 'new', b: 'b' });
        await workspace.project().copyTo(copy, signal);
        expect(await copied()).toEqual(['a']);
        expect(await readFile(join(copy, 'a'), 'utf8')).toBe('project');
      });

      test('holds what the base has read as it was read', async () => {
        await writeProject('a', 'one');
        const base = workspace.base();
        await base.read('a');
        await base.read('none');
        await writeProject('a', 'two');
        await commit({ none: 'came later', other: 'o' });
        await base.copyTo(copy, signal);
        expect(await readFile(join(copy, 'a'), 'utf8')).toBe('one');
        expect(await copied()).not.toContain('none');
      });

      test('keeps what can be executed so, and lets everything be written', async () => {
        await writeProject('tool', '#!/bin/sh\n', 0o555);
        await writeProject('other', '#!/bin/sh\n', 0o755);
        await writeProject('plain', 'x', 0o444);
        await commit({ other: '#!/bin/sh\nexit\n' });
        await workspace.base().copyTo(copy, signal);
        const mode = async (path: string): Promise<number> =>
          (await stat(join(copy, path))).mode & 0o777;
        expect(await mode('tool')).toBe(0o755);
        expect(await mode('other')).toBe(0o755);
        expect(await mode('plain')).toBe(0o644);
        await chmod(join(copy, 'plain'), 0o600);
      });

      test('leaves out what the project ignores, modules and environments', async () => {
        await writeProject('.gitignore', 'dist/\n*.log\n!keep.log\n');
        await writeProject('sub/.gitignore', '/only-here\n!b.log\n');
        for (const path of [
          'dist/x',
          'a.log',
          'keep.log',
          'sub/only-here',
          'sub/deep/only-here',
          'sub/b.log',
          'node_modules/m/index.js',
          'packages/p/node_modules/m/index.js',
          'my env/pyvenv.cfg',
          'my env/bin/python',
          'features/f/notes',
          'features-of-ours',
          'sub/.git/config',
        ])
          await writeProject(path, 'x');
        await workspace.base().copyTo(copy, signal);
        expect(await copied()).toEqual([
          '.gitignore',
          'features-of-ours',
          'keep.log',
          'sub/.gitignore',
          'sub/b.log',
          'sub/deep/only-here',
        ]);
      });

      test('is not made into a folder that holds something', async () => {
        await writeProject('a', 'x');
        await workspace.project().copyTo(copy, signal);
        await expect(workspace.project().copyTo(copy, signal)).rejects.toThrow('not empty');
      });

      test('ends where it is told to', async () => {
        await writeProject('a', 'x');
        await expect(workspace.base().copyTo(copy, AbortSignal.abort())).rejects.toMatchObject({
          code: 'interrupted',
        });
        expect(await copied()).toEqual([]);
      });
    });

    test('what is no name of a feature is refused', async () => {
      for (const slug of ['../f', 'F', '', 'a/b', '__proto__', 'con'])
        await expect(open(slug), slug).rejects.toMatchObject({ code: 'feature-name-invalid' });
    });
  });
}
