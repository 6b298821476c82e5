import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openFile } from '../../src/files/open-file.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../../src/files/temporary-folder.ts';
import { readJournal } from '../../src/state/read-journal.ts';

let folder: TemporaryFolder;
const at = (name: string): string => join(folder.path, name);
beforeAll(async () => {
  folder = await makeTemporaryFolder();
  writeFileSync(at('file'), 'text');
  mkdirSync(at('folder'));
  if (process.platform !== 'win32') execFileSync('mkfifo', [at('pipe')]);
});
afterAll(() => folder.remove());

test('a file is opened', async () => {
  await using file = await openFile(at('file'));
  expect(await file.readFile('utf8')).toBe('text');
});

test.skipIf(process.platform === 'win32').each([
  ['folder', 'it is a folder'],
  ['pipe', 'it is no regular file'],
])('a %s is refused by its path, and not waited for', async (name, why) => {
  const problem = {
    code: 'file-unreadable',
    target: at(name),
    message: `Cannot read ${at(name)}: ${why}`,
  };
  await expect(openFile(at(name))).rejects.toMatchObject(problem);
  await expect(readJournal(at(name), () => undefined)).rejects.toMatchObject(problem);
});

test('what is not there is told as the system tells it', async () => {
  await expect(openFile(at('nothing'))).rejects.toMatchObject({ code: 'ENOENT' });
});
