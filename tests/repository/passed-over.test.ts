import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openProject } from '../../src/repository/open-project.ts';
import { writeFiles } from '../helpers/run-cli.ts';
import { temporaryFolder } from '../state/fixtures.ts';

test('what is no text, too large or holds keys is named, and found nowhere', async () => {
  const root = await temporaryFolder();
  await writeFiles(root, {
    'a.md': 'A gateway answers.\n',
    'b.dat': 'gateway\u0000\u0001',
    'logo.png': 'gateway',
    '.env': 'GATEWAY=gateway\n',
    'large.md': 'gateway\n'.repeat(150_000),
    'package-lock.json': '{}',
  });
  const huge = await open(join(root, 'huge.txt'), 'w');
  await huge.write('gateway\n');
  await huge.truncate(100_000_000);
  await huge.close();
  const project = openProject({
    root,
    leftOut: [],
    env: {},
    maxFiles: 1_000,
    now: () => new Date(),
    key: async () => null,
    signal: new AbortController().signal,
  });
  const hits = await project.search('gateway', 10);
  expect([...new Set(hits.map(({ path }) => path))]).toEqual(['a.md']);
  expect(await project.passedOver()).toEqual([
    { path: '.env', reason: 'by its name it holds keys or passwords' },
    { path: 'b.dat', reason: 'no text' },
    { path: 'huge.txt', reason: 'too large (100 MB)' },
    { path: 'large.md', reason: 'too large (2 MB)' },
    { path: 'logo.png', reason: 'no text' },
  ]);
  expect(await project.read('huge.txt')).toBeNull();
});
