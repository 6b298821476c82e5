import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createLeaseKeeper } from '../../src/state/leases.ts';
import { createFeatureStore } from '../../src/state/lowdb-feature-store.ts';
import { childProgram } from '../helpers/child-program.ts';
import { documentOf, now, temporaryFolder } from './fixtures.ts';

// Real processes: what they promise each other can be seen nowhere else.
const worker = await childProgram(join(import.meta.dirname, 'worker.ts'));

function start(...args: string[]): ChildProcess & { said: () => string } {
  const child = spawn(process.execPath, [worker, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return Object.assign(child, { said: () => text });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
}

async function kill(child: ChildProcess): Promise<void> {
  const closed = ended(child);
  child.kill('SIGKILL');
  await closed;
}

async function feature(tasks: number) {
  const root = await temporaryFolder();
  const place = { featuresDir: join(root, 'features'), displayRoot: root, now };
  const store = createFeatureStore(place);
  await store.create('alpha', documentOf(tasks));
  return { root, place, store, folder: join(root, 'features/alpha') };
}

test('twenty processes change one feature five times each, and nothing is lost', async () => {
  const { root, store, folder } = await feature(100);
  const children = Array.from({ length: 20 }, (_, index) =>
    start('set', root, String(index * 5 + 1), '5'),
  );
  await Promise.all(children.map(ended));
  expect(children.map(({ exitCode }) => exitCode)).toEqual(Array(20).fill(0));
  const statuses = (await store.read('alpha'))?.tasks.map(({ status }) => status);
  expect(statuses).toEqual(Array(100).fill('done'));
  expect(await readdir(folder)).toEqual(['tasks.json']);
});

test('the lock of a killed process is taken over at once', async () => {
  const { root, folder } = await feature(3);
  const holder = start('hold-lock', root);
  await expect.poll(() => holder.said(), { timeout: 20_000 }).toBe('held\n');
  const impatient = createFeatureStore({
    featuresDir: join(root, 'features'),
    displayRoot: root,
    now,
    patienceMs: 50,
  });
  await expect(impatient.update('alpha', () => 1)).rejects.toMatchObject({
    code: 'feature-locked',
    target: 'features/alpha/tasks.lock',
    message: expect.stringContaining(`process ${holder.pid} on `) as string,
  });
  await kill(holder);
  // A patience of 50 ms would not do for waiting it out.
  await Promise.all([1, 2, 3].map(() => impatient.update('alpha', () => 1)));
  expect(await readdir(folder)).toEqual(['tasks.json']);
});

test('many waiters, some of whom die with the lock, never hold it together', async () => {
  const { root, folder } = await feature(1);
  const file = join(root, 'count');
  await writeFile(file, '0');
  const children = Array.from({ length: 12 }, () => start('count', root, file, '20'));
  await Promise.all(children.map(ended));
  expect(await readFile(file, 'utf8')).toBe('240');
  const left = (await readdir(folder)).filter((name) => !/^tasks\.(json|lock)$/.test(name));
  expect(left).toEqual([]);
});

test.each([
  ['set', 30],
  // So many that they are recorded beside the list.
  ['set-often', 800],
])(
  'a process killed at any moment leaves a list that can be read, with all it had finished: %s',
  async (command, length) => {
    const tasks = process.env['BLUEPRINT_ALL_FAULTS'] === undefined ? 30 : 60;
    const { root, store, folder } = await feature(Math.max(tasks, length));
    let next = 1;
    let kills = 0;
    while (next <= tasks) {
      const child = start(command, root, String(next), String(tasks + 1 - next));
      // Somewhere within the changes after the first, however slow the machine is.
      child.stdout?.once('data', () => setTimeout(() => child.kill('SIGKILL'), (kills * 7) % 23));
      await ended(child);
      if (child.signalCode === 'SIGKILL') kills++;
      const finished = child.said().split('\n').filter(Boolean);
      const document = await store.read('alpha');
      for (const id of finished)
        expect(document?.tasks.find((task) => task.id === id)?.status).toBe('done');
      next += finished.length;
    }
    expect(kills).toBeGreaterThan(0);
    await store.update('alpha', () => undefined);
    const left = (await readdir(folder)).filter((name) => name !== 'tasks.json');
    // What a kill left is cleared by the one who takes over its lock; one killed before it had the lock may
    // leave its own small file.
    expect(left.filter((name) => !name.endsWith('.new'))).toEqual([]);
  },
);

test('a lease is held while its process lives, and is free when it is killed', async () => {
  const { root, place } = await feature(2);
  const holder = start('hold-lease', root, 'T1');
  await expect.poll(() => holder.said(), { timeout: 20_000 }).toBe('held\n');
  const keeper = createLeaseKeeper(place);
  expect(await keeper.take('alpha', 'T1', 'run-2')).toEqual({
    heldBy: expect.stringMatching(`^run run-1, process ${holder.pid} on .+ since 20`) as string,
  });
  const other = await keeper.take('alpha', 'T2', 'run-2');
  expect(other).toHaveProperty('lease');
  await kill(holder);
  const taken = await keeper.take('alpha', 'T1', 'run-2');
  expect(taken).toHaveProperty('lease');
  expect(await keeper.take('alpha', 'T1', 'run-3')).toHaveProperty('heldBy');
  if ('lease' in taken) await taken.lease.release();
  expect(await keeper.take('alpha', 'T1', 'run-3')).toHaveProperty('lease');
});

test('a pid that now belongs to another process does not keep a lock', async () => {
  const { store, folder } = await feature(1);
  const other = start(
    'hold-lease',
    await temporaryFolder().then(async (root) => {
      await mkdir(join(root, 'features/alpha'), { recursive: true });
      return root;
    }),
    'T1',
  );
  await expect.poll(() => other.said(), { timeout: 20_000 }).toBe('held\n');
  const { currentProcess } = await import('../../src/files/process-identity.ts');
  const self = currentProcess();
  if (self.started === null) return;
  const lock = {
    ...self,
    pid: other.pid,
    started: '1',
    at: now().toISOString(),
    token: '0'.repeat(32),
    note: '',
  };
  await writeFile(join(folder, 'tasks.lock'), JSON.stringify(lock));
  await store.update('alpha', () => undefined);
  expect(await readdir(folder)).toEqual(['tasks.json']);
});
