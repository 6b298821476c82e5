import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { unfinishedPath } from '../../src/files/atomic-file.ts';
import { claim } from '../../src/files/claim.ts';
import { currentProcess, ownerMark } from '../../src/files/process-identity.ts';
import { sweepFolder, sweepStaging } from '../../src/files/sweep.ts';
import { endProcess } from '../helpers/in-process.ts';
import { temporaryFolder } from '../state/fixtures.ts';

const claimant = { self: currentProcess(), now: () => new Date(), staleMs: 60_000 };
const put = (path: string) => writeFile(path, 'half');

it('removes what a dead process left, and nothing of a living one', async () => {
  const root = await temporaryFolder();
  await mkdir(join(root, 'leases'));
  await mkdir(join(root, 'calls/parts'), { recursive: true });
  const names = ['tasks.json', 'calls/a.json', 'calls/parts/b.txt'];
  for (const name of names) await put(unfinishedPath(join(root, name)));
  for (const name of ['tasks.lock', 'leases/T1.json']) await claim(join(root, name), claimant, '');
  const lock = await claim(join(root, 'other.lock'), claimant, '');
  expect(lock).toHaveProperty('claim');
  await writeFile(join(root, `other.lock.${'a'.repeat(32)}.new`), 'not a claim');
  await endProcess(root);

  // And what lives.
  await claim(join(root, 'leases/T2.json'), claimant, '');
  await put(unfinishedPath(join(root, 'spec.md')));
  await put(join(root, 'tasks.json'));
  await sweepFolder(root, claimant, 'tree');
  const left = await readdir(root, { recursive: true });
  expect(left.map((name) => name.replace(/\d+-\d+-\d+-\d+\.tmp/, 'MARK.tmp')).sort()).toEqual([
    '.spec.md.MARK.tmp',
    'calls',
    'calls/parts',
    'leases',
    'leases/T2.json',
    `other.lock.${'a'.repeat(32)}.new`,
    'tasks.json',
  ]);
});

it('removes a dead process’s folders beside one that is written, and no other', async () => {
  const root = await temporaryFolder();
  const dead = ownerMark().replace(/-\d+-/, '-1-');
  const stays = [`.made.${ownerMark()}-aB3dEf`, `.other.${dead}-aB3dEf`, '.made-aB3dEf', 'made'];
  for (const name of [`.made.${dead}-aB3dEf`, ...stays])
    await mkdir(join(root, name, 'new'), { recursive: true });
  await sweepStaging(root, 'made');
  expect((await readdir(root)).sort()).toEqual(stays.toSorted());
  await sweepFolder(join(root, 'nothing'), claimant, 'tree');
});
