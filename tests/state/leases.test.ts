import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { currentProcess } from '../../src/files/process-identity.ts';
import type { Lease, LeaseKeeper } from '../../src/state/ports.ts';
import { createLeaseKeeper } from '../../src/state/leases.ts';
import { now, temporaryFolder } from './fixtures.ts';

async function keepers() {
  const featuresDir = await temporaryFolder();
  const place = { featuresDir, displayRoot: featuresDir, now };
  // To another machine, which cannot look up our processes, our silence means that we are gone.
  const self = { ...currentProcess(), host: 'another', boot: 'another' };
  return {
    fence: join(featuresDir, 'alpha/leases/T1.fence'),
    ours: createLeaseKeeper(place),
    theirs: createLeaseKeeper({ ...place, self, staleMs: -1 }),
  };
}

async function take(keeper: LeaseKeeper): Promise<Lease> {
  const taken = await keeper.take('alpha', 'T1', 'run');
  if ('heldBy' in taken) throw new Error(taken.heldBy);
  return taken.lease;
}

test('a lease knows that it was taken over, and leaves what is another’s alone', async () => {
  const { ours, theirs } = await keepers();
  const lost = await take(ours);
  expect(await lost.isHeld()).toBe(true);
  const held = await take(theirs);
  expect([await lost.isHeld(), await held.isHeld()]).toEqual([false, true]);
  await lost.release();
  expect(await held.isHeld()).toBe(true);
  await held.release();
  expect(await held.isHeld()).toBe(false);
});

test('its number grows each time that it is taken, whoever takes it', async () => {
  const { ours, theirs, fence } = await keepers();
  const first = await take(ours);
  const second = await take(theirs);
  await second.release();
  const third = await take(ours);
  await third.release();
  expect([first, second, third].map((lease) => lease.fence)).toEqual([1, 2, 3]);
  expect(await readFile(fence, 'utf8')).toBe('3\n');
  await writeFile(fence, '');
  expect((await take(ours)).fence).toBe(now().getTime());
});
