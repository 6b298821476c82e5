import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listProjectFiles, type ListOptions } from '../../src/repository/list-files.ts';
import { put } from '../workspace/workspaces.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'blueprint-list-'));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function putAll(...paths: string[]): Promise<void> {
  for (const path of paths) await put(join(root, path), `${path}\n`);
}

async function listed(more: Partial<ListOptions> = {}) {
  const { signal } = new AbortController();
  const { files, remarks } = await listProjectFiles({
    root,
    leftOut: [],
    env: process.env,
    signal,
    ...more,
  });
  return { paths: files.map(({ path }) => path), files, remarks };
}

describe('a plain folder', () => {
  test('is listed with what each file is, sorted', async () => {
    await putAll('src/b.ts', 'src/a.ts', 'README.md', '.env', 'a.png');
    const { files, remarks } = await listed();
    expect(files.map(({ path, kind, size }) => [path, kind, size])).toEqual([
      ['.env', 'secret', 5],
      ['README.md', 'docs', 10],
      ['a.png', 'binary', 6],
      ['src/a.ts', 'source', 9],
      ['src/b.ts', 'source', 9],
    ]);
    expect(remarks).toEqual([]);
  });

  test('an empty one costs nothing and says nothing', async () => {
    expect(await listed()).toEqual({ paths: [], files: [], remarks: [] });
  });

  test('nested rules of both kinds are honoured, and neither takes back what the other leaves out', async () => {
    await putAll(
      'a.log',
      'keep.log',
      'sub/b.log',
      'sub/c.txt',
      'big/x.json',
      'big/y.ts',
      'sub/deep/d.ts',
    );
    await put(join(root, '.gitignore'), '*.log\n!keep.log\n');
    await put(join(root, 'sub/.gitignore'), '!b.log\n/deep/\n');
    await put(join(root, '.blueprintignore'), '\ufeffbig/*\n!big/y.ts\n!a.log\nsub/c.txt\n');
    expect((await listed()).paths).toEqual([
      '.blueprintignore',
      '.gitignore',
      'big/y.ts',
      'keep.log',
      'sub/.gitignore',
      'sub/b.log',
    ]);
  });

  test('rules made to take for ever are passed over', async () => {
    await putAll('a'.repeat(200), 'x.log');
    await put(join(root, '.gitignore'), `${'*a'.repeat(60)}b\n*.log\n`);
    expect((await listed()).paths).toEqual(['.gitignore', 'a'.repeat(200)]);
  });

  test('what is installed, left out, or a repository’s own is no part of it', async () => {
    await putAll(
      'a.ts',
      'node_modules/x/a.js',
      'sub/node_modules/y.js',
      'features/f/spec.md',
      'featuresque/a.ts',
      '.blueprint/index/x',
      'env/pyvenv.cfg',
      'env/lib/a.py',
      'inner/.git/HEAD',
      'inner/b.ts',
    );
    expect((await listed({ leftOut: ['features', '.blueprint'] })).paths).toEqual([
      'a.ts',
      'featuresque/a.ts',
      'inner/b.ts',
    ]);
  });

  test('links are counted, never followed, loops among them', async () => {
    await putAll('a/x.ts');
    await symlink('..', join(root, 'a/loop'));
    await symlink('/etc/passwd', join(root, 'out'));
    await symlink('nowhere', join(root, 'broken'));
    const { paths, remarks } = await listed();
    expect(paths).toEqual(['a/x.ts']);
    expect(remarks).toEqual(['3 symbolic links are not followed (as a/loop)']);
  });

  test('names with line feeds, tabs, quotes and stars are names', async () => {
    const names = [
      'a\nb.ts',
      'c\td.ts',
      '"e".ts',
      '*.ts',
      'ä ö.ts',
      ' x',
      '[a].ts',
      'back\\slash.ts',
    ];
    await putAll(...names);
    expect((await listed()).paths).toEqual([...names].sort());
  });

  test('names that are no UTF-8 are counted', async () => {
    await putAll('a.ts');
    await writeFile(Buffer.from(`${root}/\xff.ts`, 'latin1'), '');
    await mkdir(Buffer.from(`${root}/\xfe`, 'latin1'));
    await writeFile(Buffer.from(`${root}/\xfe/x.ts`, 'latin1'), '');
    const { paths, remarks } = await listed();
    expect(paths).toEqual(['a.ts']);
    expect(remarks).toEqual([expect.stringMatching(/^2 names are no valid UTF-8: left out/)]);
  });

  test('names that differ by case alone are told', async () => {
    await putAll('src/App.ts', 'src/app.ts', 'SRC/app.ts', 'b.ts');
    const { paths, remarks } = await listed();
    expect(paths).toHaveLength(4);
    expect(remarks).toEqual([expect.stringMatching(/^2 paths differ from others by case alone/)]);
  });

  test('sockets and pipes are no files', async () => {
    await promisify(execFile)('mkfifo', [join(root, 'pipe')]);
    expect(await listed()).toMatchObject({
      paths: [],
      remarks: ['1 socket, pipe or device is left out (pipe)'],
    });
  });

  test.skipIf(process.getuid?.() === 0)('a folder that nobody may read is told', async () => {
    await putAll('a.ts', 'shut/b.ts');
    await chmod(join(root, 'shut'), 0);
    const { paths, remarks } = await listed();
    await chmod(join(root, 'shut'), 0o755);
    expect({ paths, remarks }).toEqual({
      paths: ['a.ts'],
      remarks: ['1 path cannot be read: left out (shut)'],
    });
  });

  test('rules that leave out everything are told', async () => {
    await putAll('a.ts', 'b/c.ts');
    await put(join(root, '.gitignore'), '*\n');
    const { paths, remarks } = await listed();
    expect(paths).toEqual([]);
    expect(remarks).toEqual([expect.stringMatching(/^No file was found/)]);
  });

  test('a stamp stays while a file does, and changes with it', async () => {
    await putAll('a.ts', 'b.ts', 'c.ts', 'd.ts');
    const stamps = async () => (await listed()).files.map(({ stamp }) => stamp);
    const before = await stamps();
    expect(await stamps()).toEqual(before);
    await put(join(root, 'b.ts'), 'other');
    await put(join(root, 'new'), 'c.ts\n');
    await rename(join(root, 'new'), join(root, 'c.ts'));
    const after = await stamps();
    expect(after.map((stamp, index) => stamp === before[index])).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  test('more files than are looked through are an error', async () => {
    await putAll('a', 'b', 'c');
    await expect(listed({ maxFiles: 2 })).rejects.toMatchObject({ code: 'project-too-large' });
    expect((await listed({ maxFiles: 3 })).paths).toHaveLength(3);
  });

  test('an interrupt is heard', async () => {
    await putAll('a');
    await expect(listed({ signal: AbortSignal.abort() })).rejects.toThrow();
  });

  test('a link as the root is the folder that it leads to', async () => {
    await putAll('real/a.ts');
    await symlink('real', join(root, 'link'));
    expect((await listed({ root: join(root, 'link') })).paths).toEqual(['a.ts']);
  });
});
