import { existsSync, readFileSync } from 'node:fs';
import { appendFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { FeatureDocument, Task } from '../../src/domain/task.ts';
import { watchDisk } from '../../src/files/disk.ts';
import { allOwn } from '../../src/files/own-state.ts';
import {
  createFeatureStore,
  type FeatureStoreOptions,
} from '../../src/state/lowdb-feature-store.ts';
import type { FeatureStore } from '../../src/state/ports.ts';
import { documentOf, temporaryFolder } from './fixtures.ts';

/** So many tasks make a list of over 256 KiB, which is not written whole for each change. */
const many = 800;
const lease = { fence: 1 };

let ticks = 0;
const now = (): Date => new Date(Date.UTC(2026, 2, 4) + ++ticks);

afterEach(() => watchDisk(null));

/** A long list, which is changed often as long as the test does not end that. */
async function project(more: Partial<FeatureStoreOptions> = {}, tasks = many) {
  const root = await temporaryFolder();
  const open = (other: Partial<FeatureStoreOptions> = {}): FeatureStore =>
    createFeatureStore({
      featuresDir: join(root, 'features'),
      displayRoot: root,
      now,
      wholeEveryMs: 600_000,
      ...more,
      ...other,
    });
  const store = open();
  await store.create('alpha', documentOf(tasks));
  const often = store.changedOften('alpha');
  const path = join(root, 'features/alpha/tasks.json');
  return {
    root,
    open,
    store,
    path,
    record: join(root, 'features/alpha/tasks.recent.jsonl'),
    end: async () => often[Symbol.asyncDispose](),
    /** As the file alone says. */
    inFile: () => JSON.parse(readFileSync(path, 'utf8')) as FeatureDocument,
  };
}

async function become(store: FeatureStore, id: string, status: Task['status']): Promise<void> {
  await store.updateTask('alpha', id, lease, (task) => void (task.status = status));
}

function statusOf({ tasks }: FeatureDocument, id: string): string | undefined {
  return tasks.find((task) => task.id === id)?.status;
}

/** Of these tasks, as a store reads them. */
async function statuses(store: FeatureStore, ...ids: string[]): Promise<(string | undefined)[]> {
  const document = await store.get('alpha');
  return ids.map((id) => statusOf(document, id));
}

test('a change of a long list is recorded, seen by every reader, and in the list at the end', async () => {
  const { open, store, record, end, inFile } = await project();
  await become(store, 'T1', 'done');
  await become(store, 'T2', 'in_progress');
  await become(store, 'T2', 'failed');
  expect(statusOf(inFile(), 'T1')).toBe('pending');
  expect(readFileSync(record, 'utf8').trimEnd().split('\n')).toHaveLength(4);
  for (const reader of [store, open()]) {
    expect(await statuses(reader, 'T1', 'T2', 'T3')).toEqual(['done', 'failed', 'pending']);
    expect((await reader.look('alpha')).updatedAt).toBe((await store.get('alpha')).updatedAt);
    const [listing] = await reader.list();
    expect(listing?.document && statusOf(listing.document, 'T2')).toBe('failed');
  }
  const before = await store.get('alpha');
  await end();
  expect(existsSync(record)).toBe(false);
  expect(inFile()).toEqual(before);
  await become(store, 'T3', 'done');
  expect(statusOf(inFile(), 'T3')).toBe('done');
});

test.each([
  ['a short list', { tasks: 20 }],
  ['a list that was last written whole long ago', { wholeEveryMs: 0 }],
])(
  '%s is written whole',
  async (_, { tasks, ...more }: { tasks?: number; wholeEveryMs?: number }) => {
    const { store, record, inFile } = await project(more, tasks);
    await become(store, 'T1', 'done');
    expect(statusOf(inFile(), 'T1')).toBe('done');
    expect(existsSync(record)).toBe(false);
  },
);

test('a change of more than tasks, and of the graph, is written whole with what was recorded', async () => {
  const { store, record, inFile } = await project();
  await become(store, 'T1', 'done');
  expect(existsSync(record)).toBe(true);
  await store.update('alpha', (document) => void (document.title = 'Another'));
  expect(existsSync(record)).toBe(false);
  expect(inFile().title).toBe('Another');
  expect(statusOf(inFile(), 'T1')).toBe('done');
});

test('what is recorded is written into the list after some time, though nothing else happens', async () => {
  const { store, record, inFile } = await project({ wholeEveryMs: 400 });
  for (let round = 0; !existsSync(record); round++) {
    if (round === 50) throw new Error('Nothing is recorded');
    await become(store, 'T1', round % 2 === 0 ? 'done' : 'failed');
  }
  await expect.poll(() => existsSync(record), { timeout: 20_000 }).toBe(false);
  expect(inFile()).toEqual(await store.get('alpha'));
});

test('what another process left is in the list with the next change, and its store goes on', async () => {
  const { open, store, record, inFile } = await project();
  await become(store, 'T1', 'done');
  const other = open();
  await become(other, 'T2', 'done');
  expect(existsSync(record)).toBe(false);
  expect(statusOf(inFile(), 'T1')).toBe('done');
  expect(await statuses(store, 'T1', 'T2')).toEqual(['done', 'done']);
  await become(store, 'T3', 'done');
  await become(store, 'T4', 'done');
  expect(await statuses(other, 'T3', 'T4')).toEqual(['done', 'done']);
});

test('a change that does not come about writes what another process left, too', async () => {
  const { open, store, record, inFile } = await project();
  await become(store, 'T1', 'done');
  const refused = (): never => {
    throw new Error('no');
  };
  await expect(open().update('alpha', refused)).rejects.toThrow('no');
  expect(existsSync(record)).toBe(false);
  expect(statusOf(inFile(), 'T1')).toBe('done');
});

test('what a person edits meanwhile stays, of the same task as well', async () => {
  const { store, path, end, inFile } = await project();
  await become(store, 'T2', 'done');
  await become(store, 'T3', 'done');
  const text = await readFile(path, 'utf8');
  const edited = text
    .replace('"Title of T3"', '"By hand"')
    .replace('"Title of T4"', '"So is this"');
  await writeFile(path, edited);
  expect(await statuses(store, 'T2', 'T3', 'T4')).toEqual(['done', 'pending', 'pending']);
  await become(store, 'T4', 'done');
  await end();
  const titles = inFile().tasks.map(({ title }) => title);
  expect(titles.slice(2, 4)).toEqual(['By hand', 'So is this']);
  expect(await statuses(store, 'T2', 'T3', 'T4')).toEqual(['done', 'pending', 'done']);
});

test('a list that a person broke is told as such, and what is recorded is kept for when it is mended', async () => {
  const { store, path, record, end } = await project();
  await become(store, 'T2', 'done');
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.slice(0, -20));
  await expect(become(store, 'T3', 'done')).rejects.toMatchObject({ code: 'tasks-file-truncated' });
  await end();
  expect(existsSync(record)).toBe(true);
  await writeFile(path, text);
  expect(await statuses(store, 'T2', 'T3')).toEqual(['done', 'pending']);
});

test.each([
  [
    'a line that a killed process left torn',
    (text: string) => text.slice(0, -30),
    ['done', 'pending'],
  ],
  ['a line that is none', (text: string) => text.replace('\n', '\n{"was":\n'), ['done', 'done']],
  [
    'a task that is none',
    (text: string) => text.replace('"status":"done"', '"status":"finished"'),
    ['pending', 'done'],
  ],
  ['no first line', (text: string) => text.slice(text.indexOf('\n') + 1), ['pending', 'pending']],
  ['an empty record', () => '', ['pending', 'pending']],
])('of a record, %s says nothing', async (_, change: (text: string) => string, wanted) => {
  const { open, store, record, inFile } = await project();
  await become(store, 'T2', 'done');
  await become(store, 'T3', 'done');
  await writeFile(record, change(await readFile(record, 'utf8')));
  for (const reader of [store, open()]) expect(await statuses(reader, 'T2', 'T3')).toEqual(wanted);
  await become(store, 'T4', 'done');
  expect([statusOf(inFile(), 'T2'), statusOf(inFile(), 'T3')]).toEqual(wanted);
  expect(existsSync(record)).toBe(false);
});

test('a record of an older list says nothing, though a task is again what it was then', async () => {
  const { open, store, record, end } = await project();
  await become(store, 'T2', 'done');
  const old = await readFile(record, 'utf8');
  await end();
  await become(store, 'T2', 'pending');
  await writeFile(record, old);
  expect(await statuses(open(), 'T2')).toEqual(['pending']);
  expect(await statuses(store, 'T2')).toEqual(['pending']);
});

test('a record whose list was written, but which was not removed, changes nothing', async () => {
  const { open, store, record, end } = await project();
  await become(store, 'T2', 'in_progress');
  await become(store, 'T2', 'done');
  await become(store, 'T3', 'done');
  const old = await readFile(record, 'utf8');
  await end();
  const before = await store.get('alpha');
  await writeFile(record, old);
  expect(await open().get('alpha')).toEqual(before);
});

test('a record that came with the repository is not read, and stays', async () => {
  const { open, store, record, inFile } = await project();
  await become(store, 'T2', 'done');
  const isTracked = async (path: string): Promise<boolean> => path === 'tasks.recent.jsonl';
  const other = open({ ownIn: () => ({ ...allOwn, isTracked }) });
  const [listing] = await other.list();
  expect(listing?.document && statusOf(listing.document, 'T2')).toBe('pending');
  other.changedOften('alpha');
  for (const id of ['T3', 'T4', 'T5']) await become(other, id, 'done');
  expect(['T2', 'T5'].map((id) => statusOf(inFile(), id))).toEqual(['pending', 'done']);
  expect(existsSync(record)).toBe(true);
});

test.each([
  ['a folder', (record: string) => mkdir(record)],
  ['a link that leads elsewhere', (record: string) => symlink('/etc/hostname', record)],
])('where %s stands in its place, the list is written whole', async (_, put) => {
  const { open, store, record, end, inFile } = await project();
  await put(record);
  await become(store, 'T2', 'done');
  expect(statusOf(inFile(), 'T2')).toBe('done');
  await end();
  expect(await statuses(open(), 'T2')).toEqual(['done']);
  expect(readFileSync('/etc/hostname', 'utf8')).not.toContain('changesOf');
});

test.each(['writeFile', 'sync'])(
  'a disk that fails at «%s»: the change is refused and not there, those before and after it are',
  async (operation) => {
    const { open, store, record, end } = await project();
    await become(store, 'T2', 'done');
    watchDisk((what, path) => {
      if (what === operation && path === record)
        throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    });
    await expect(become(store, 'T3', 'done')).rejects.toMatchObject({ code: 'disk-full' });
    expect(await statuses(store, 'T2', 'T3')).toEqual(['done', 'pending']);
    expect(await statuses(open(), 'T2', 'T3')).toEqual(['done', 'pending']);
    watchDisk(null);
    await become(store, 'T4', 'done');
    await end();
    expect(await statuses(open(), 'T2', 'T3', 'T4')).toEqual(['done', 'pending', 'done']);
  },
);

test('a list that was deleted takes its record along: one of the same name starts anew', async () => {
  const { open, store, path, record } = await project();
  await become(store, 'T2', 'done');
  await rm(path);
  expect(await open().read('alpha')).toBeNull();
  await open().create('alpha', documentOf(many));
  expect(existsSync(record)).toBe(false);
  expect(await statuses(store, 'T2')).toEqual(['pending']);
});

test('what somebody adds to the record of a living process is no part of what it writes next', async () => {
  const { store, record, end, inFile } = await project();
  await become(store, 'T2', 'done');
  await appendFile(record, 'rubbish');
  await become(store, 'T3', 'done');
  expect(existsSync(record)).toBe(false);
  await become(store, 'T4', 'done');
  await end();
  expect(['T2', 'T3', 'T4'].map((id) => statusOf(inFile(), id))).toEqual(['done', 'done', 'done']);
});

test('readers and many changes at once: each is there, in both', async () => {
  const { open, store, end, inFile } = await project({ wholeEveryMs: 100 });
  const other = open();
  const ids = Array.from({ length: 60 }, (_, index) => `T${index + 1}`);
  let isOver = false;
  const reading = (async () => {
    while (!isOver) {
      await Promise.all([store.look('alpha'), other.look('alpha'), store.list()]);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  for (let first = 0; first < ids.length; first += 3)
    await Promise.all(ids.slice(first, first + 3).map((id) => become(store, id, 'done')));
  isOver = true;
  await reading;
  expect(await statuses(other, ...ids)).toEqual(ids.map(() => 'done'));
  await end();
  expect(ids.map((id) => statusOf(inFile(), id))).toEqual(ids.map(() => 'done'));
});
