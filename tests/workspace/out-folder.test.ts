import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeOut, type WrittenFiles } from '../../src/workspace/out-folder.ts';
import { sha256 } from '../../src/text/sha256.ts';
import { temporaryFolder } from '../state/fixtures.ts';

function bytesOf(texts: Record<string, string | null>): Map<string, Buffer | null> {
  return new Map(
    Object.entries(texts).map(([path, text]) => [path, text === null ? null : Buffer.from(text)]),
  );
}

async function folder(files: Record<string, string> = {}) {
  const root = await temporaryFolder();
  const kept: WrittenFiles[] = [];
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, 'out', path, '..'), { recursive: true });
    await writeFile(join(root, 'out', path), text);
  }
  const read = async (): Promise<Record<string, string>> => {
    const names = await readdir(join(root, 'out'), { recursive: true, withFileTypes: true });
    const found = names.filter((each) => each.isFile());
    return Object.fromEntries(
      await Promise.all(
        found.map(async ({ parentPath, name }) => {
          const path = join(parentPath, name);
          return [path.slice(join(root, 'out').length + 1), await readFile(path, 'utf8')] as const;
        }),
      ),
    );
  };
  const write = (changes: Record<string, string | null>, own: Record<string, string> = {}) =>
    writeOut(bytesOf(changes), {
      folder: join(root, 'out'),
      shownAs: 'out',
      isOwn: (path, hash) => own[path] !== undefined && sha256(own[path]) === hash,
      keep: async (written) => void kept.push(written),
    });
  return { root, kept, read, write };
}

it('makes the folder with all files in it, and leaves nothing beside it', async () => {
  const { root, read, write, kept } = await folder();
  expect(await write({ 'a.js': 'a', 'b/c.js': 'c', 'gone.js': null })).toEqual(['a.js', 'b/c.js']);
  expect(await read()).toEqual({ 'a.js': 'a', 'b/c.js': 'c' });
  expect(await readdir(root)).toEqual(['out']);
  expect(kept).toEqual([{ 'a.js': sha256('a'), 'b/c.js': sha256('c') }]);
});

it('writes beside what is there, over its own, and leaves alone what is the same', async () => {
  const { root, read, write } = await folder({ 'mine.txt': 'mine', 'a.js': 'old', 'b.js': 'b' });
  await write({ 'a.js': 'new', 'b.js': 'b', 'd/e.js': 'e' }, { 'a.js': 'old' });
  expect(await read()).toEqual({ 'mine.txt': 'mine', 'a.js': 'new', 'b.js': 'b', 'd/e.js': 'e' });
  expect(await readdir(root)).toEqual(['out']);
});

it.each([
  ['a file of the user’s', { 'a.js': 'theirs' }, 'a.js'],
  ['its own file that the user changed', { 'a.js': 'changed' }, 'a.js'],
  ['a folder where a file is to be', { 'a.js/inner': 'x' }, 'a.js'],
  ['a file where a folder is to be', { b: 'x' }, 'b/c.js'],
])('writes nothing at all because of %s', async (_, before, named) => {
  const { root, read, write, kept } = await folder(before);
  const wanted = { 'a.js': 'a', 'b/c.js': 'c', 'z.js': 'z' };
  await expect(write(wanted, { 'a.js': 'old' })).rejects.toMatchObject({
    code: 'out-exists',
    message: expect.stringContaining(named) as string,
  });
  expect(await read()).toEqual(before);
  expect(await readdir(root)).toEqual(['out']);
  expect(kept).toEqual([]);
});

it('follows no link out of the folder', async () => {
  const { root, write } = await folder({ 'x.txt': 'x' });
  const other = await temporaryFolder();
  await symlink(other, join(root, 'out', 'link'));
  await expect(write({ 'link/a.js': 'a' })).rejects.toMatchObject({ code: 'path-unsafe' });
  await expect(write({ '../a.js': 'a' })).rejects.toMatchObject({ code: 'path-unsafe' });
  expect(await readdir(other)).toEqual([]);
});

it('does not take a file for a folder', async () => {
  const { root, write } = await folder();
  await writeFile(join(root, 'out'), 'a file');
  await expect(write({ 'a.js': 'a' })).rejects.toMatchObject({ code: 'out-not-a-folder' });
});

it('writes none where one cannot be written, and puts back what it had replaced', async () => {
  const { root, write, read } = await folder({ 'a.js': 'let old;\n' });
  // Where a file is to stand, the folder of another has come to be.
  const clash = { 'a.js': 'let a;\n', b: 'a file', 'b/c.js': 'below it' };
  await expect(write(clash, { 'a.js': 'let old;\n' })).rejects.toThrow();
  expect(await read()).toEqual({ 'a.js': 'let old;\n' });
  expect(await readdir(root)).toEqual(['out']);
});
