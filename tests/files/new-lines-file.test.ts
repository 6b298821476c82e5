import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { watchDisk } from '../../src/files/disk.ts';
import { fileHash, firstLine, newLinesFile } from '../../src/files/new-lines-file.ts';
import { ownerMark } from '../../src/files/process-identity.ts';
import { sha256 } from '../../src/text/sha256.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blueprint-lines-'));
});
afterEach(async () => {
  watchDisk(null);
  await rm(folder, { recursive: true });
});
const path = (): string => join(folder, 'x.jsonl');

it('stands in its place when it is whole, for its user alone', async () => {
  const file = await newLinesFile(path(), 'x.jsonl');
  const long = 'é'.repeat(300_000);
  await file.write('one');
  await file.write(long);
  await file.write('three');
  await file.end();
  await file.prepend('head');
  expect(await readdir(folder)).not.toContain('x.jsonl');
  await file.place();
  await file.discard();
  expect(await readdir(folder)).toEqual(['x.jsonl']);
  const text = `head\none\n${long}\nthree\n`;
  expect(await readFile(path(), 'utf8')).toBe(text);
  expect((await stat(path())).mode & 0o777).toBe(0o600);
  expect(await fileHash(path())).toBe(sha256(text));
  expect(await firstLine(path())).toBe('head');
});

it('leaves what was there, and nothing beside it, when it is given up', async () => {
  await writeFile(path(), 'before\n');
  const file = await newLinesFile(path(), 'x.jsonl');
  await file.write('after');
  await file.end();
  await file.discard();
  await file.discard();
  expect(await readdir(folder)).toEqual(['x.jsonl']);
  expect(await readFile(path(), 'utf8')).toBe('before\n');
});

it.each(['open', 'write', 'sync', 'rename'])(
  'a full disk at %s leaves nothing half',
  async (fails) => {
    await writeFile(path(), 'before\n');
    let failed = false;
    watchDisk((operation) => {
      if (!operation.toLowerCase().includes(fails)) return;
      failed = true;
      throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    });
    const attempt = async (): Promise<void> => {
      const file = await newLinesFile(path(), 'x.jsonl');
      try {
        await file.write('after');
        await file.end();
        await file.prepend('head');
        await file.place();
      } finally {
        await file.discard();
      }
    };
    await expect(attempt()).rejects.toMatchObject({ code: 'disk-full', target: 'x.jsonl' });
    watchDisk(null);
    expect(failed).toBe(true);
    expect(await readdir(folder)).toEqual(['x.jsonl']);
    expect(await readFile(path(), 'utf8')).toBe('before\n');
  },
);

it('clears away what a killed process left of it, and nothing else', async () => {
  // This process's number, in an earlier life.
  const dead = ownerMark().replace(/-\d+-/, '-1-');
  const left = [`.x.jsonl.${dead}-3.tmp`, `.y.jsonl.${dead}-3.tmp`, '.x.jsonl.mine'];
  for (const name of left) await writeFile(join(folder, name), 'half');
  await (await newLinesFile(path(), 'x.jsonl')).discard();
  expect((await readdir(folder)).sort()).toEqual(['.x.jsonl.mine', `.y.jsonl.${dead}-3.tmp`]);
});

it('no file, or one without an end of line, has no first line', async () => {
  expect(await firstLine(path())).toBeNull();
  await writeFile(path(), 'no end');
  expect(await firstLine(path())).toBeNull();
});
