import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stageCopy } from '../../src/gates/stage-copy.ts';
import { movedFileText } from '../../src/text/moved-file.ts';
import { sha256 } from '../../src/text/sha256.ts';
import { gateInput } from './inputs.ts';

const bytes = Buffer.from([0x7f, 0, 0xff]);
const { signal } = new AbortController();

const input = gateInput(
  {},
  {},
  {},
  {
    copyTo: async (folder) => {
      await writeFile(join(folder, 'tool'), bytes);
      await chmod(join(folder, 'tool'), 0o755);
    },
  },
);
const moved = (from: string, hash: string) =>
  new Map([
    ['tool', null],
    ['bin/tool', movedFileText({ from, sha256: hash })],
  ]);

test('checks see what is no text under its new name, as it was', async () => {
  const copy = await stageCopy(input, moved('tool', sha256(bytes)), signal);
  try {
    const place = join(copy?.path ?? '', 'bin/tool');
    expect(await readdir(copy?.path ?? '')).toEqual(['bin']);
    expect(await readFile(place)).toEqual(bytes);
    expect((await stat(place)).mode & 0o777).toBe(0o755);
  } finally {
    await copy?.remove();
  }
});

test.each([
  ['are others', 'tool', '0'.repeat(64)],
  ['stand nowhere', 'gone', sha256(bytes)],
])('nothing is checked where its bytes %s', async (_name, from, hash) => {
  expect(await stageCopy(input, moved(from, hash), signal)).toBeNull();
});
