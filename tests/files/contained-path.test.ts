import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  isWithin,
  locate,
  placeBelow,
  realPathOf,
  slashPath,
} from '../../src/files/contained-path.ts';

let home: string;
let folder: string;

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'blueprint-contained-')));
  folder = join(home, 'folder');
  await mkdir(join(folder, 'real/.git'), { recursive: true });
  await mkdir(join(folder, '..dots'));
  await mkdir(join(home, 'folder-beside'));
  await writeFile(join(folder, 'real/file'), 'x');
  await writeFile(join(home, 'folder-beside/secret'), 'x');
  const links = {
    inside: 'real',
    'to-dots': '..dots',
    'to-itself': '.',
    out: '../folder-beside',
    absolute: '/etc',
    'through-inside': 'out/secret',
    'into-git': 'real/.git',
    nowhere: 'none',
    loop: 'loop',
  };
  for (const [name, target] of Object.entries(links)) await symlink(target, join(folder, name));
});

afterEach(() => rm(home, { recursive: true, force: true }));

test.each([
  ['real/file', 'real/file'],
  ['inside/file', 'real/file'],
  ['to-itself/inside/file', 'real/file'],
  ['to-dots', '..dots'],
])('%j stands at %j', async (path, place) => {
  expect(await locate(folder, path, 'inside')).toBe(join(folder, place));
});

test.each(['none', 'real/none/deeper', 'real/file/below', 'inside/none', 'x'.repeat(255)])(
  '%j is not there',
  async (path) => {
    expect(await placeBelow(folder, path, 'inside')).toEqual({ place: null });
  },
);

test.each([
  ['out', 'leaves the folder'],
  ['out/secret', 'leaves the folder'],
  ['out/none', 'leaves the folder'],
  ['inside/../../folder-beside', 'segment'],
  ['absolute/passwd', 'leaves the folder'],
  ['through-inside', 'leaves the folder'],
  ['into-git', '.git folder'],
  ['into-git/config', '.git folder'],
  ['nowhere', 'leads nowhere'],
  ['nowhere/below', 'leads nowhere'],
  ['loop', 'leads nowhere'],
  ['', 'is empty'],
  ['/etc/passwd', 'is absolute'],
  ['real/.GIT/x', '.git folder'],
])('%j may not be used: it %s', async (path, problem) => {
  const found = await placeBelow(folder, path, 'inside');
  expect(found).toHaveProperty('problem', expect.stringContaining(problem));
  await expect(locate(folder, path, 'inside')).rejects.toMatchObject({ code: 'path-unsafe' });
});

test('where links are refused, none is followed, not even inside', async () => {
  expect(await locate(folder, 'real/file', 'refused')).toBe(join(folder, 'real/file'));
  await expect(locate(folder, 'inside/file', 'refused')).rejects.toMatchObject({
    code: 'path-unsafe',
  });
});

test('the folder itself may be reached by a link, or not be there', async () => {
  await symlink('folder', join(home, 'link'));
  expect(await locate(join(home, 'link'), 'real/file', 'refused')).toBe(join(folder, 'real/file'));
  expect(await locate(join(home, 'no-folder'), 'a', 'inside')).toBeNull();
});

test('by spelling: a folder holds itself and what is below it, nothing beside it', () => {
  expect(isWithin('/a/b', '/a/b')).toBe(true);
  expect(isWithin('/a/b', '/a/b/c')).toBe(true);
  expect(isWithin('/a/b', '/a/b/..c')).toBe(true);
  expect(isWithin('/a/b', '/a/bc')).toBe(false);
  expect(isWithin('/a/b', '/a')).toBe(false);
  expect(isWithin('/a/b', '/c')).toBe(false);
  expect(slashPath('/a/b', '/a/b/c/d')).toBe('c/d');
});

test('what does not exist yet is below where its folder really is', async () => {
  expect(await realPathOf(join(folder, 'inside/none/deeper'))).toBe(
    join(folder, 'real/none/deeper'),
  );
  expect(await realPathOf(join(folder, 'out/none'))).toBe(join(home, 'folder-beside/none'));
});
