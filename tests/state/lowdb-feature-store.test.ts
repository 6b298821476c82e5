import { execFileSync } from 'node:child_process';
import { access, mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Task } from '../../src/domain/task.ts';
import { currentProcess } from '../../src/files/process-identity.ts';
import { createLeaseKeeper } from '../../src/state/leases.ts';
import { createFeatureStore } from '../../src/state/lowdb-feature-store.ts';
import type { FeatureStore } from '../../src/state/ports.ts';
import { featureStoreContract } from '../contracts/feature-store.ts';
import { documentOf, now, temporaryFolder } from './fixtures.ts';

function storeIn(root: string): FeatureStore {
  return createFeatureStore({ featuresDir: join(root, 'features'), displayRoot: root, now });
}

featureStoreContract('tasks.json on lowdb', async () => storeIn(await temporaryFolder()));

test('the file is for people: indented, ended, without leftovers beside it', async () => {
  const root = await temporaryFolder();
  const store = storeIn(root);
  await store.create('alpha', documentOf(1));
  await store.update('alpha', () => undefined);
  const folder = join(root, 'features/alpha');
  expect(await readdir(folder)).toEqual(['tasks.json']);
  const document = { ...documentOf(1), updatedAt: now().toISOString() };
  expect(await readFile(join(folder, 'tasks.json'), 'utf8')).toBe(
    `${JSON.stringify(document, null, 2)}\n`,
  );
});

test('what a person left out is filled in, in memory and with the next change', async () => {
  const root = await temporaryFolder();
  const store = storeIn(root);
  await store.create('alpha', documentOf(1));
  const path = join(root, 'features/alpha/tasks.json');
  const short = { ...documentOf(0), tasks: [{ id: 'A-1', title: 'By hand', type: 'code' }] };
  await writeFile(path, JSON.stringify(short));
  for (let round = 0; round < 2; round++) {
    expect((await store.read('alpha'))?.tasks[0]).toMatchObject({
      status: 'pending',
      dependsOn: [],
    });
  }
  await store.update('alpha', (document) => document.tasks[0]?.files.push('.github/x.yml'));
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({
    tasks: [{ id: 'A-1', complexity: 3, files: ['.github/x.yml'] }],
  });
});

test('a change under a lease that was given to another is refused, and nothing of it written', async () => {
  const root = await temporaryFolder();
  const featuresDir = join(root, 'features');
  const place = { featuresDir, displayRoot: root, now };
  const store = storeIn(root);
  await store.create('alpha', documentOf(2));
  // To another machine, which cannot look up our processes, our silence means that we are gone.
  const self = { ...currentProcess(), host: 'another', boot: 'another' };
  const ours = await createLeaseKeeper(place).take('alpha', 'T1', 'ours');
  const theirs = await createLeaseKeeper({ ...place, self, staleMs: -1 }).take('alpha', 'T1', 'x');
  if (!('lease' in ours && 'lease' in theirs)) throw new Error('Somebody else holds it');
  const done = (task: Task): void => void (task.status = 'done');
  const before = await readFile(join(featuresDir, 'alpha/tasks.json'), 'utf8');
  await expect(store.updateTask('alpha', 'T1', ours.lease, done)).rejects.toMatchObject({
    code: 'lease-lost',
    target: 'alpha/T1',
    fix: expect.stringContaining('blueprint show alpha T1'),
  });
  expect(await readFile(join(featuresDir, 'alpha/tasks.json'), 'utf8')).toBe(before);
  await store.updateTask('alpha', 'T1', theirs.lease, done);
  // What was released is over all the same: its number is not the last.
  await theirs.lease.release();
  await expect(store.updateTask('alpha', 'T1', ours.lease, done)).rejects.toThrow('taken over');
  expect((await store.get('alpha')).tasks[0]?.status).toBe('done');
});

test('an edit from outside is seen, even one that keeps size and time', async () => {
  const root = await temporaryFolder();
  const store = storeIn(root);
  await store.create('alpha', documentOf(1));
  const path = join(root, 'features/alpha/tasks.json');
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace('Title of T1', 'Other of T1'));
  execFileSync('touch', ['-d', '2026-01-01', path]);
  expect((await store.read('alpha'))?.tasks[0]?.title).toBe('Other of T1');
  await writeFile(path, text.replace('Title of T1', 'Third of T1'));
  execFileSync('touch', ['-d', '2026-01-01', path]);
  await store.update('alpha', () => undefined);
  expect((await store.read('alpha'))?.tasks[0]?.title).toBe('Third of T1');
});

test('a list that a person broke is never written, and its folder is still listed', async () => {
  const root = await temporaryFolder();
  const store = storeIn(root);
  await store.create('alpha', documentOf(1));
  await store.create('beta', documentOf(1));
  const path = join(root, 'features/alpha/tasks.json');
  await writeFile(path, '{"tasks": [');
  const broken = { code: 'tasks-file-truncated', target: 'features/alpha/tasks.json:1' };
  await expect(store.read('alpha')).rejects.toMatchObject(broken);
  await expect(store.update('alpha', () => 1)).rejects.toMatchObject(broken);
  await expect(store.create('alpha', documentOf(1))).rejects.toMatchObject({
    code: 'feature-exists',
  });
  expect(await readFile(path, 'utf8')).toBe('{"tasks": [');
  expect(await readdir(join(root, 'features/alpha'))).toEqual(['tasks.json']);

  await mkdir(join(root, 'features/Not A Name'));
  await mkdir(join(root, 'features/empty'));
  await writeFile(join(root, 'features/README.md'), 'a file');
  const listed = await store.list();
  expect(listed.map(({ slug }) => slug)).toEqual(['Not A Name', 'alpha', 'beta', 'empty']);
  expect(listed.map(({ problem }) => problem?.code ?? null)).toEqual([
    'feature-name-invalid',
    'tasks-file-truncated',
    null,
    null,
  ]);
});

test('a feature that is not there gets the nearest name, and no file', async () => {
  const root = await temporaryFolder();
  const store = storeIn(root);
  await store.create('billing', documentOf(1));
  await expect(store.update('biling', () => 1)).rejects.toMatchObject({
    code: 'feature-not-found',
    fix: 'Did you mean billing? All of them: blueprint list',
  });
  expect(await readdir(join(root, 'features'))).toEqual(['billing']);
});

test('links that lead out of the features folder are refused', async () => {
  const root = await temporaryFolder();
  const outside = await temporaryFolder();
  const store = storeIn(root);
  await store.create('alpha', documentOf(1));
  await writeFile(join(outside, 'tasks.json'), JSON.stringify(documentOf(1)));
  await symlink(outside, join(root, 'features/beta'));
  await mkdir(join(root, 'features/gamma'));
  await symlink(join(outside, 'tasks.json'), join(root, 'features/gamma/tasks.json'));
  const refused = { code: 'path-leaves-folder' };
  for (const slug of ['beta', 'gamma']) {
    await expect(store.read(slug)).rejects.toMatchObject(refused);
    await expect(store.update(slug, () => 1)).rejects.toMatchObject(refused);
    await expect(store.create(slug, documentOf(1))).rejects.toMatchObject(refused);
  }
  expect(await readdir(outside)).toEqual(['tasks.json']);
});

test('a features folder whose place is taken by a file is named', async () => {
  const root = await temporaryFolder();
  await writeFile(join(root, 'features'), 'a file');
  const store = storeIn(root);
  await expect(store.create('alpha', documentOf(1))).rejects.toMatchObject({
    code: 'file-in-the-way',
    target: 'features/alpha',
  });
  await expect(store.list()).rejects.toMatchObject({ code: 'features-dir-unreadable' });
});

/** A file system of its own, or null where the test may not mount one. */
function mountTmpfs(folder: string, size: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], {
      stdio: 'pipe',
    });
  } catch {
    return false;
  }
  onTestFinished(() => {
    execFileSync('umount', [folder]);
  });
  return true;
}

test('a full disk loses nothing and is named', async (context) => {
  const root = await temporaryFolder();
  if (!mountTmpfs(root, '1m')) context.skip('mounting a file system is not allowed here');
  const store = storeIn(root);
  await store.create('alpha', documentOf(600));
  const path = join(root, 'features/alpha/tasks.json');
  const before = await readFile(path);
  const longer = store.update('alpha', (document) => {
    for (const task of document.tasks) task.description = 'x'.repeat(1000);
  });
  await expect(longer).rejects.toMatchObject({
    code: 'disk-full',
    target: 'features/alpha/tasks.json',
  });
  expect((await readFile(path)).equals(before)).toBe(true);
  expect(await readdir(join(root, 'features/alpha'))).toEqual(['tasks.json']);
  // The same store goes on when there is room.
  await store.update('alpha', (document) => (document.title = 'Short'));
  expect((await store.read('alpha'))?.title).toBe('Short');
});

test('a read-only disk loses nothing and is named', async (context) => {
  const root = await temporaryFolder();
  if (!mountTmpfs(root, '1m')) context.skip('mounting a file system is not allowed here');
  const store = storeIn(root);
  await store.create('alpha', documentOf(1));
  execFileSync('mount', ['-o', 'remount,ro', root]);
  await expect(store.update('alpha', () => 1)).rejects.toMatchObject({
    code: 'file-not-writable',
    target: 'features/alpha/tasks.lock',
  });
  expect((await store.read('alpha'))?.tasks).toHaveLength(1);
  await expect(access(join(root, 'features/alpha/tasks.lock'))).rejects.toThrow();
});
