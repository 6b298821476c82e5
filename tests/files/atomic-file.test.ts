import { chmod, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeFileAtomic, writeNewFile } from '../../src/files/atomic-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blueprint-atomic-'));
});
afterEach(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true, force: true });
});

test('a file is replaced whole, and nothing is left beside it', async () => {
  const path = join(folder, 'file');
  await writeFileAtomic(path, 'one, which is longer');
  await writeFileAtomic(path, 'two');
  expect(await readFile(path, 'utf8')).toBe('two');
  expect(await readdir(folder)).toEqual(['file']);
});

test('where it cannot be put in place, what stands there is as it was', async () => {
  const path = join(folder, 'file');
  await writeFile(join(folder, 'other'), 'x');
  await expect(writeFileAtomic(join(path, 'below'), 'x')).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await readdir(folder)).toEqual(['other']);
});

test('a new file is never written over another, nor through a link', async () => {
  const path = join(folder, 'new');
  await writeNewFile(path, 'x', 0o600);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await expect(writeNewFile(path, 'y')).rejects.toMatchObject({ code: 'EEXIST' });
  await symlink(join(folder, 'target'), join(folder, 'link'));
  await expect(writeNewFile(join(folder, 'link'), 'y')).rejects.toMatchObject({ code: 'EEXIST' });
  expect((await readdir(folder)).sort()).toEqual(['link', 'new']);
  expect(await readFile(path, 'utf8')).toBe('x');
});
