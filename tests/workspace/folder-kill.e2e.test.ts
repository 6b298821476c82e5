import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'vitest';
import { temporaryFolder } from '../state/fixtures.ts';
import { expectWholeVersions } from './kill-test.ts';
import { simpleLock } from './simple-lock.ts';
import { folderOver } from './workspaces.ts';

test('kill -9 at any moment leaves one whole version', async () => {
  const home = await temporaryFolder();
  const [root, locks] = [join(home, 'project'), join(home, 'locks')];
  await mkdir(root);
  const place = { root, locks, count: 40, slowMs: 150, rounds: 8 };
  await expectWholeVersions('folder', place, folderOver(root, simpleLock(locks)));
}, 120_000);
