import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openInBrowser } from '../../src/cli/open-in-browser.ts';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'blueprint-open-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

async function opener(script: string): Promise<void> {
  await writeFile(join(folder, 'xdg-open'), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, 'xdg-open'), 0o755);
}
const open = (path: string) =>
  openInBrowser(path, { cwd: folder, env: { PATH: folder, SECRET_KEY: 'k' } }, 'linux');

test('the file is given to the opener of this machine, and no key', async () => {
  await opener('echo "$1 $SECRET_KEY" > opened');
  expect(await open('/a b/r.html')).toBeNull();
  expect(await readFile(join(folder, 'opened'), 'utf8')).toBe('/a b/r.html \n');
});

test('an opener that fails, or is not there, is told of', async () => {
  expect(await open('/r.html')).toBe('xdg-open is not on PATH');
  await rm(folder, { recursive: true });
  folder = await mkdtemp(join(tmpdir(), 'blueprint-open-'));
  await opener('exit 3');
  expect(await open('/r.html')).toBe('xdg-open ended with exit code 3');
});
