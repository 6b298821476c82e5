import { chmod, mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assertUsable, writeFolder } from '../../src/app/out-folder.ts';
import { temporaryFolder } from '../state/fixtures.ts';

const files = new Map([
  ['src/a.js', 'one\n'],
  ['b.txt', ''],
]);
const others = new Map([['c.txt', 'three\n']]);

const readAll = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .sort();

describe('writeFolder', () => {
  it('writes into a folder that is new or empty, and leaves nothing beside it', async () => {
    const root = await temporaryFolder();
    const folder = join(root, 'deep/down');
    const written = await writeFolder(folder, files, null);
    expect(await readAll(folder)).toEqual(['b.txt', 'src/a.js']);
    expect(await readFile(join(folder, 'src/a.js'), 'utf8')).toBe('one\n');
    expect(Object.keys(written).sort()).toEqual(['b.txt', 'src/a.js']);
    await mkdir(join(root, 'empty'));
    await writeFolder(join(root, 'empty'), others, null);
    expect(await readAll(root)).toEqual(['deep/down/b.txt', 'deep/down/src/a.js', 'empty/c.txt']);
  });

  it('replaces what it wrote itself, whole', async () => {
    const folder = join(await temporaryFolder(), 'out');
    const before = await writeFolder(folder, files, null);
    await writeFolder(folder, others, before);
    expect(await readAll(folder)).toEqual(['c.txt']);
  });

  it('is content where the very files are there already', async () => {
    const folder = join(await temporaryFolder(), 'out');
    await writeFolder(folder, files, null);
    await writeFolder(folder, files, null);
    expect(await readAll(folder)).toEqual(['b.txt', 'src/a.js']);
  });

  it.each([
    ['a file more', (folder: string) => writeFile(join(folder, 'mine.txt'), 'mine')],
    ['a file changed', (folder: string) => writeFile(join(folder, 'b.txt'), 'mine')],
    ['a link', (folder: string) => symlink('b.txt', join(folder, 'mine.txt'))],
  ])('refuses a folder with %s, and leaves it', async (_what, change) => {
    const folder = join(await temporaryFolder(), 'out');
    const before = await writeFolder(folder, files, null);
    await change(folder);
    const found = await readAll(folder);
    await expect(writeFolder(folder, others, before)).rejects.toMatchObject({
      code: 'out-not-empty',
    });
    await expect(assertUsable(folder, before)).rejects.toMatchObject({ code: 'out-not-empty' });
    expect(await readAll(folder)).toEqual(found);
  });

  it('refuses what is no folder', async () => {
    const root = await temporaryFolder();
    await writeFile(join(root, 'file'), '');
    await symlink(root, join(root, 'link'));
    for (const name of ['file', 'link'])
      await expect(writeFolder(join(root, name), files, null)).rejects.toMatchObject({
        code: 'out-not-a-folder',
      });
  });

  it('writes none where one cannot be written', async () => {
    const folder = join(await temporaryFolder(), 'out');
    const before = await writeFolder(folder, files, null);
    const clash = new Map([
      ['a', 'a file'],
      ['a/b', 'and a folder'],
    ]);
    await expect(writeFolder(folder, clash, before)).rejects.toMatchObject({
      code: 'file-in-the-way',
    });
    expect(await readAll(join(folder, '..'))).toEqual(['out/b.txt', 'out/src/a.js']);
    await chmod(folder, 0o755);
  });
});
