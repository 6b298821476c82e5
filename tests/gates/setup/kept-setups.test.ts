import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contentId, contentStates, entriesBelow } from '../../../src/gates/content-id.ts';
import { watchCopy } from '../../../src/gates/setup/copy-changes.ts';
import { createKeptSetups } from '../../../src/gates/setup/kept-setups.ts';
import { writeFiles } from '../inputs.ts';

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'kept-setups-'));
const day = 24 * 3_600_000;
const key = (digit: number): string => digit.toString(16).padStart(64, '0');

async function copyOf(files: Record<string, string>): Promise<string> {
  const copy = await folder();
  await writeFiles(copy, files);
  return copy;
}

/** What something did to a copy, as it is kept. */
async function changesBy(copy: string, act: () => Promise<unknown>) {
  const pristine = await contentStates(copy, (await entriesBelow(copy)).files);
  const changes = await watchCopy(copy, pristine, '.tools');
  await act();
  return changes();
}

const before = { 'a.txt': 'a', 'gone.txt': 'gone', 'deep/b.txt': 'b', 'same.txt': 'same' };

async function act(copy: string): Promise<void> {
  await writeFiles(copy, {
    'a.txt': 'A',
    'deep/new.txt': 'new',
    'made/run': '#!/bin/sh\n',
    '.tools/own': 'no part of it',
    'same.txt': 'same',
  });
  await chmod(join(copy, 'made/run'), 0o755);
  await mkdir(join(copy, 'empty/inside'), { recursive: true });
  await symlink('deep/b.txt', join(copy, 'link'));
  await symlink('/etc', join(copy, 'etc'));
  await rm(join(copy, 'gone.txt'));
}

test('what was written, removed and linked is done to another copy of the same', async () => {
  const kept = createKeptSetups(await folder(), Date.now);
  const [one, other] = [await copyOf(before), await copyOf(before)];
  const changes = await changesBy(one, () => act(one));
  expect(changes.files.map(({ path }) => path)).toEqual(['a.txt', 'deep/new.txt', 'made/run']);
  await kept.keep(key(1), one, changes);
  expect(await kept.restore(key(2), other)).toBe(false);
  expect(await kept.restore(key(1), other)).toBe(true);
  await rm(join(one, '.tools'), { recursive: true });
  expect(await contentId(other)).toBe(await contentId(one));
  expect(await readlink(join(other, 'etc'))).toBe('/etc');
  expect((await lstat(join(other, 'empty/inside'))).isDirectory()).toBe(true);
  // What is done to the copy is not done to what is kept.
  await writeFile(join(other, 'a.txt'), 'spoiled');
  const third = await copyOf(before);
  expect(await kept.restore(key(1), third)).toBe(true);
  expect(await readFile(join(third, 'a.txt'), 'utf8')).toBe('A');
});

test.each<[string, (copy: string) => Promise<unknown>]>([
  ['a file that it changed is another', (copy) => writeFile(join(copy, 'a.txt'), 'mine')],
  ['a file stands where it made one', (copy) => writeFile(join(copy, 'deep/new.txt'), 'mine')],
  ['a file stands where it made a folder', (copy) => writeFile(join(copy, 'made'), 'mine')],
  ['a link stands where it made a folder', (copy) => symlink(tmpdir(), join(copy, 'made'))],
  ['a link stands where it made a file', (copy) => symlink('/nowhere', join(copy, 'deep/new.txt'))],
])('nothing is done to a copy where %s', async (_, differ) => {
  const kept = createKeptSetups(await folder(), Date.now);
  const [one, other] = [await copyOf(before), await copyOf(before)];
  await kept.keep(key(1), one, await changesBy(one, () => act(one)));
  await differ(other);
  const was = await contentId(other);
  expect(await kept.restore(key(1), other)).toBe(false);
  expect(await contentId(other)).toBe(was);
});

test('the oldest go, and those that nobody used for a month', async () => {
  let now = Date.now();
  const place = await folder();
  const kept = createKeptSetups(place, () => now);
  const copy = await copyOf(before);
  const changes = await changesBy(copy, () => act(copy));
  for (let digit = 1; digit <= 14; digit++) {
    now += 1_000;
    await kept.keep(key(digit), copy, changes);
  }
  expect(await readdir(place)).toHaveLength(12);
  now += 31 * day;
  expect(await kept.restore(key(14), await copyOf(before))).toBe(true);
  await kept.keep(key(15), copy, changes);
  expect(await readdir(place)).toEqual([key(14), key(15)]);
});

test('what cannot be written is not kept, and nothing is thrown', async () => {
  const place = join(await folder(), 'file');
  await writeFile(place, '');
  const copy = await copyOf(before);
  const kept = createKeptSetups(join(place, 'below'), Date.now);
  await kept.keep(key(1), copy, await changesBy(copy, () => act(copy)));
  expect(await kept.restore(key(1), copy)).toBe(false);
});
