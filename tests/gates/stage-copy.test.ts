import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BlueprintError } from '../../src/domain/errors.ts';
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
    checkedOut: async () =>
      new Map([
        ['tool', null],
        ['bin/tool', bytes],
      ]),
  },
);
const changes = new Map([
  ['tool', null],
  ['bin/tool', movedFileText({ from: 'tool', sha256: sha256(bytes) })],
]);

test('checks see the bytes that would be applied, and what is no text as it was', async () => {
  const copy = await stageCopy(input, changes, signal);
  try {
    const place = join(copy?.path ?? '', 'bin/tool');
    expect(await readdir(copy?.path ?? '')).toEqual(['bin']);
    expect(await readFile(place)).toEqual(bytes);
    expect((await stat(place)).mode & 0o777).toBe(0o755);
  } finally {
    await copy?.remove();
  }
});

test.each(['encoding-cannot-hold', 'workspace-moved-file-gone', 'path-unsafe'])(
  'nothing is checked where the workspace says %s',
  async (code) => {
    const checkedOut = () => Promise.reject(new BlueprintError({ code, message: 'no' }));
    expect(await stageCopy({ ...input, checkedOut }, changes, signal)).toBeNull();
  },
);
