import { readFile, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { claim } from '../../src/files/claim.ts';
import { acquireLock } from '../../src/files/lock.ts';
import { createLeaseKeeper } from '../../src/state/leases.ts';
import { currentProcess, liveness } from '../../src/files/process-identity.ts';
import { now, temporaryFolder } from '../state/fixtures.ts';

const self = currentProcess();
const hour = 3_600_000;
const shownPath = 'features/x/tasks.lock';
const options = { self, now, staleMs: hour, shownPath };

async function lockPath(): Promise<string> {
  return join(await temporaryFolder(), 'tasks.lock');
}

const record = (fields: object): string =>
  JSON.stringify({ ...self, at: now().toISOString(), token: 'a'.repeat(32), note: '', ...fields });

async function age(path: string, ms: number): Promise<void> {
  const then = new Date(Date.now() - ms);
  await utimes(path, then, then);
}

test('one at a time, in one process too', async () => {
  const path = await lockPath();
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 30 }, async () => {
      const lock = await acquireLock(path, options);
      most = Math.max(most, ++inside);
      await Promise.resolve();
      inside--;
      await lock.release();
    }),
  );
  expect(most).toBe(1);
  expect(await readdir(join(path, '..'))).toEqual([]);
});

test('a live holder keeps it, however old its file is', async () => {
  const path = await lockPath();
  const lock = await acquireLock(path, options);
  await age(path, 10 * hour);
  await expect(acquireLock(path, { ...options, patienceMs: 30 })).rejects.toMatchObject({
    code: 'feature-locked',
    target: shownPath,
    message: expect.stringMatching(
      `process ${self.pid} on ${self.host} since 2026-03-04`,
    ) as string,
    fix: expect.stringContaining(`kill ${self.pid}`) as string,
  });
  expect(await lock.isHeld()).toBe(true);
  await lock.release();
});

test('waiting goes on as long as the holders change', async () => {
  const path = await lockPath();
  const order: number[] = [];
  await Promise.all(
    Array.from({ length: 8 }, async (_, index) => {
      const lock = await acquireLock(path, { ...options, patienceMs: 2000 });
      order.push(index);
      await new Promise((resolve) => setTimeout(resolve, 50));
      await lock.release();
    }),
  );
  expect(order).toHaveLength(8);
});

test('a lost lock is noticed, and releasing it leaves the new holder’s alone', async () => {
  const path = await lockPath();
  const lock = await acquireLock(path, options);
  await writeFile(path, record({}));
  expect(await lock.isHeld()).toBe(false);
  await lock.release();
  expect(await readFile(path, 'utf8')).toBe(record({}));
});

test.each([
  ['half-written', '{"pid": 12'],
  ['empty', ''],
  ['something else', 'not ours'],
  ['hostile', record({ token: '../../../x' })],
  ['another machine’s', record({ host: 'elsewhere', boot: null })],
  ['another container’s', record({ namespace: 'pid:[1]' })],
])('%s: stands while it is young, and is taken over when old', async (_, content) => {
  const path = await lockPath();
  await writeFile(path, content);
  const impatient = { ...options, patienceMs: 20 };
  await expect(acquireLock(path, impatient)).rejects.toMatchObject({ code: 'feature-locked' });
  expect(await readFile(path, 'utf8')).toBe(content);
  await age(path, 2 * hour);
  const locks = await Promise.allSettled([1, 2, 3].map(() => acquireLock(path, impatient)));
  expect(locks.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await readdir(join(path, '..'))).toEqual(['tasks.lock']);
});

test('a lock from before a restart is taken over at once', async () => {
  const path = await lockPath();
  await writeFile(path, record({ boot: 'another' }));
  const impatient = { ...options, patienceMs: 0 };
  if (self.boot === null) return;
  await (await acquireLock(path, impatient)).release();
});

test('of a dead holder’s heirs one wins, also when an heir has died before', async () => {
  const path = await lockPath();
  const gone = { pid: 4_194_304, started: '1' };
  await writeFile(path, record({ ...gone, token: 'a'.repeat(32) }));
  await writeFile(`${path}.${'a'.repeat(32)}.heir`, record({ ...gone, token: 'b'.repeat(32) }));
  await writeFile(`${path}.${'c'.repeat(32)}.new`, record({ ...gone, token: 'c'.repeat(32) }));
  await writeFile(join(path, `../.tasks.json.${gone.pid}-1.tmp`), 'half');
  await writeFile(join(path, `../.tasks.json.${process.pid}-1.tmp`), 'not done');
  const results = await Promise.all(Array.from({ length: 10 }, () => claim(path, options, '')));
  expect(results.filter((result) => 'claim' in result)).toHaveLength(1);
  expect((await readdir(join(path, '..'))).sort()).toEqual([
    `.tasks.json.${process.pid}-1.tmp`,
    'tasks.lock',
  ]);
});

test('processes are told apart', () => {
  expect(liveness(self, self)).toBe('alive');
  expect(liveness({ ...self, pid: 4_194_304 }, self)).toBe('gone');
  expect(liveness({ ...self, host: 'elsewhere' }, self)).toBe('unknown');
  expect(liveness({ ...self, namespace: 'other' }, self)).toBe('unknown');
  if (self.started !== null) expect(liveness({ ...self, started: '1' }, self)).toBe('gone');
});

test('a lease shows signs of life, so that another machine leaves it alone', async () => {
  const root = await temporaryFolder();
  const place = { featuresDir: root, displayRoot: root, now: () => new Date() };
  const keeper = createLeaseKeeper({ ...place, heartbeatMs: 20 });
  const elsewhere = createLeaseKeeper({
    ...place,
    self: { ...self, host: 'elsewhere' },
    staleMs: hour,
  });
  const path = join(root, 'alpha/leases/T1.json');
  const taken = await keeper.take('alpha', 'T1', 'run-1');
  await age(path, 2 * hour);
  const isFresh = async (): Promise<boolean> => Date.now() - (await stat(path)).mtimeMs < hour;
  await expect.poll(isFresh, { timeout: 20_000 }).toBe(true);
  expect(await elsewhere.take('alpha', 'T1', 'run-2')).toHaveProperty('heldBy');
  if ('lease' in taken) await taken.lease.release();
  expect(await elsewhere.take('alpha', 'T1', 'run-2')).toHaveProperty('lease');

  await age(path, 2 * hour);
  expect(await keeper.take('alpha', 'T1', 'run-3')).toHaveProperty('lease');
});

test('a task id that is no id gets no lease', async () => {
  const root = await temporaryFolder();
  const keeper = createLeaseKeeper({ featuresDir: root, displayRoot: root, now });
  for (const id of ['../x', '', 'nul', 'a/b'])
    await expect(keeper.take('alpha', id, 'run')).rejects.toMatchObject({
      code: 'task-id-invalid',
    });
  expect(await readdir(root)).toEqual([]);
});
