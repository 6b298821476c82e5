import { mkdir, readFile, readdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BlueprintError } from '../../src/domain/errors.ts';
import { openLineFile, setTailAside } from '../../src/files/line-file.ts';
import { temporaryFolder } from '../state/fixtures.ts';

const header = '{"first":1}';
const about = { header, shown: 'x.jsonl' };

test('makes the file with its first line, below the header, and goes on with one that is there', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'x.jsonl');
  const file = await openLineFile(path, about);
  expect(await readdir(folder)).toEqual([]);
  await Promise.all(['1', '2', '3'].map((line) => file.append(line)));
  await (await openLineFile(path, about)).append('4');
  expect(await readFile(path, 'utf8')).toBe(`${header}\n1\n2\n3\n4\n`);
});

test('writes the header into an empty file, and ends a last line that nobody ended', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'x.jsonl');
  await writeFile(path, '');
  await (await openLineFile(path, about)).append('1');
  await writeFile(path, `${header}\n1`);
  await (await openLineFile(path, about)).append('2');
  expect(await readFile(path, 'utf8')).toBe(`${header}\n1\n2\n`);
});

test('two writers of one file do not mix their lines', async () => {
  const path = join(await temporaryFolder(), 'x.jsonl');
  const [a, b] = await Promise.all([openLineFile(path, about), openLineFile(path, about)]);
  const line = (name: string, number: number): string => `${name}${number}${'.'.repeat(100_000)}`;
  await Promise.all(
    Array.from({ length: 20 }, (_, at) => [
      a.append(line('a', at)),
      b.append(line('b', at)),
    ]).flat(),
  );
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  // Both may have written the header; whoever reads the file passes over the second.
  expect(lines.filter((text) => text === header).length).toBeLessThanOrEqual(2);
  expect(lines[0]).toBe(header);
  expect(lines.filter((text) => /^[ab]\d+\.{100000}$/.test(text))).toHaveLength(40);
});

test('says at once that a place cannot be written', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'file'), '');
  await mkdir(join(folder, 'x.jsonl'));
  for (const path of ['file/x.jsonl', 'x.jsonl', 'none/x.jsonl']) {
    const opened = openLineFile(join(folder, path), { header, shown: path });
    await expect(opened, path).rejects.toBeInstanceOf(BlueprintError);
    await expect(opened, path).rejects.toMatchObject({ target: path, exitCode: 5 });
  }
});

test('after a line that could not be written, every further one fails as well', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'x.jsonl');
  const file = await openLineFile(path, about);
  await mkdir(path);
  await expect(file.append('1')).rejects.toMatchObject({ code: 'file-in-the-way' });
  await rmdir(path);
  await expect(file.append('2')).rejects.toMatchObject({ code: 'file-in-the-way' });
  expect(await readdir(folder)).toEqual([]);
});

test('puts a cut-off end beside the file, byte for byte, and never over another one', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'x.jsonl');
  const whole = Buffer.from(`${header}\n{"ü":1}\n`);
  const tail = Buffer.from([0x7b, 0x22, 0xc3]);
  for (const number of [1, 2]) {
    await writeFile(path, Buffer.concat([whole, tail]));
    const aside = await setTailAside(path, await readFile(path), whole.length);
    expect(aside).toBe(`${path}.cut-off-${number}`);
    expect(await readFile(aside)).toEqual(tail);
    expect(await readFile(path)).toEqual(whole);
  }
});
