import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CallStore, StoredCall } from '../../src/domain/stored-call.ts';
import { holdUnkept } from '../../src/state/unkept-calls.ts';
import { createOwnState } from '../../src/files/own-state.ts';
import { createCallStore } from '../../src/state/call-store.ts';
import { temporaryFolder } from './fixtures.ts';

const hash = 'ab'.repeat(32);
const call: StoredCall = {
  version: 2,
  request: {
    role: 'coder',
    parts: [{ role: 'user', name: 'task', hash: 'cd'.repeat(32), cache: false }],
    schema: null,
    maxOutputTokens: 100,
    effort: null,
    salt: null,
  },
  text: 'The reply\n\u001b[31m',
  finishReason: 'stop',
  rawFinishReason: 'end_turn',
  usage: { input: 10, cachedInput: 4, cacheWrite: 0, output: 3, reasoning: 0 },
  identity: { ref: { provider: 'openai', model: 'x' }, family: 'gpt' },
  servedBy: 'x-1',
  warnings: ['one'],
  at: '2026-03-04T05:06:07.890Z',
  durationMs: 12.5,
};

const texts = new Map([['cd'.repeat(32), 'Do it.\n']]);

async function open() {
  const root = await temporaryFolder();
  // The models' own port: what is stored here must serve there.
  const store: CallStore = createCallStore({ featuresDir: root, displayRoot: root }, 'alpha');
  return { root, store, folder: join(root, 'alpha/calls') };
}

test('a written call comes back whole', async () => {
  const { store, folder } = await open();
  expect(await store.read(hash)).toBeNull();
  await store.prepare(texts);
  await store.write(hash, call);
  expect(await store.read(hash)).toEqual(call);
  expect((await readdir(folder)).sort()).toEqual([`${hash}.json`, 'parts']);
  expect(await readFile(join(folder, `parts/${'cd'.repeat(32)}.txt`), 'utf8')).toBe('Do it.\n');
});

test('calls that begin beside each other may share texts before there is a folder', async () => {
  for (let nth = 0; nth < 60; nth++) {
    const { store, folder } = await open();
    const late = async (): Promise<void> => {
      for (let turn = 0; turn < nth % 20; turn++) await new Promise(setImmediate);
      await store.prepare(texts);
    };
    const own = new Map([['ef'.repeat(32), 'Mine.\n']]);
    await Promise.all([store.prepare(new Map([...texts, ...own])), late(), late()]);
    expect(await readdir(join(folder, 'parts'))).toHaveLength(2);
  }
});

test('a text that is there is not written again, by another process neither', async () => {
  const { root, store, folder } = await open();
  await store.prepare(texts);
  const text = join(folder, `parts/${'cd'.repeat(32)}.txt`);
  const { ino } = await stat(text);
  await store.prepare(texts);
  const other = createCallStore({ featuresDir: root, displayRoot: root }, 'alpha');
  await other.prepare(texts);
  expect((await stat(text)).ino).toBe(ino);
});

test('a call of version 1 comes back without a request', async () => {
  const { store, folder } = await open();
  await mkdir(folder, { recursive: true });
  const identity = { ...call.identity, rules: false };
  const old = { ...call, version: 1, request: undefined, identity };
  await writeFile(join(folder, `${hash}.json`), JSON.stringify(old));
  expect(await store.read(hash)).toEqual({ ...call, request: null });
});

test('a call of version 0.1.0 is read without the field that its author had more', async () => {
  const { store, folder } = await open();
  await mkdir(folder, { recursive: true });
  const before = { ...call, identity: { ...call.identity, rules: false } };
  await writeFile(join(folder, `${hash}.json`), JSON.stringify(before));
  expect(await store.read(hash)).toEqual(call);
});

test.each([
  ['cut off', '{"version": 1, "te'],
  ['empty', ''],
  ['another version', JSON.stringify({ ...call, version: 3 })],
  ['a wrong type', JSON.stringify({ ...call, usage: null })],
  ['something else', 'null'],
])('%s: counts as absent and is set aside', async (_, content) => {
  const { store, folder } = await open();
  await mkdir(folder, { recursive: true });
  for (let time = 0; time < 2; time++) {
    await writeFile(join(folder, `${hash}.json`), content);
    expect(await store.read(hash)).toBeNull();
  }
  expect((await readdir(folder)).sort()).toEqual([1, 2].map((n) => `${hash}.damaged-${n}.json`));
  expect(await readFile(join(folder, `${hash}.damaged-1.json`), 'utf8')).toBe(content);
  await store.write(hash, call);
  expect(await store.read(hash)).toEqual(call);
});

test('a forgotten call is asked anew, and kept aside', async () => {
  const { store, folder } = await open();
  await store.forget(hash);
  for (let time = 0; time < 2; time++) {
    await store.write(hash, call);
    await store.forget(hash);
    expect(await store.read(hash)).toBeNull();
  }
  expect((await readdir(folder)).sort()).toEqual([
    ...[1, 2].map((n) => `${hash}.forgotten-${n}.json`),
    'parts',
  ]);
});

test('what is no hash, and a folder that is a link, lead nowhere', async () => {
  const { root, store, folder } = await open();
  for (const name of ['../../x', '', 'AB', 'xyz']) await expect(store.read(name)).rejects.toThrow();
  await mkdir(join(root, 'alpha'));
  await symlink(await temporaryFolder(), folder);
  await expect(store.write(hash, call)).rejects.toMatchObject({
    code: 'path-leaves-folder',
  });
});

test('a folder that cannot be written is named', async () => {
  const { root, store } = await open();
  await mkdir(join(root, 'alpha'));
  await writeFile(join(root, 'alpha/calls'), 'a file');
  await expect(store.write(hash, call)).rejects.toMatchObject({ code: 'file-in-the-way' });
  // Known before anything is asked and paid.
  await expect(store.prepare(texts)).rejects.toMatchObject({ code: 'file-in-the-way' });
  expect(await store.read(hash)).toBeNull();
});

test('a reply that cannot be kept serves this command, is told, and kept once that is possible', async () => {
  const { root, store } = await open();
  await mkdir(join(root, 'alpha'));
  await writeFile(join(root, 'alpha/calls'), 'a file');
  const told: string[] = [];
  const held = holdUnkept(store, (why) => told.push(why));
  await held.store.write(hash, call);
  expect(told).toEqual([expect.stringContaining('something else stands in the place')]);
  expect(await held.store.read(hash)).toEqual(call);
  await held.flush();
  expect(await store.read(hash)).toBeNull();
  await rm(join(root, 'alpha/calls'));
  await held.store.write('ef'.repeat(32), call);
  expect(await store.read(hash)).toEqual(call);
  expect(told).toHaveLength(1);
});

test('a reply that was not kept can be forgotten', async () => {
  const { root, store } = await open();
  await mkdir(join(root, 'alpha'));
  await writeFile(join(root, 'alpha/calls'), 'a file');
  const held = holdUnkept(store, () => undefined);
  await held.store.write(hash, call);
  await held.store.forget(hash);
  expect(await held.store.read(hash)).toBeNull();
});

test('a call that came with a repository is no reply that was paid for: it is asked anew, and stays', async () => {
  const { root, folder } = await open();
  const place = { featuresDir: root, displayRoot: root };
  const own = (secret: string) =>
    createOwnState({
      slug: 'alpha',
      key: async () => Buffer.from(secret),
      isTracked: async (path) => path === `calls/${hash}.json`,
    });
  await createCallStore(place, 'alpha', own('theirs')).write(hash, { ...call, text: 'Theirs' });
  const theirs = await readFile(join(folder, `${hash}.json`), 'utf8');
  const mine = createCallStore(place, 'alpha', own('mine'));
  expect(await mine.read(hash)).toBeNull();
  expect(await readFile(join(folder, `${hash}.json`), 'utf8')).toBe(theirs);
  await mine.write(hash, call);
  expect(await mine.read(hash)).toEqual(call);
  expect(await createCallStore(place, 'alpha', own('mine')).read(hash)).toEqual(call);
  expect(await readFile(join(folder, `${hash}.foreign-1.json`), 'utf8')).toBe(theirs);
  // What nobody signed, and git does not track, is of an earlier version.
  const other = 'ef'.repeat(32);
  await writeFile(join(folder, `${other}.json`), JSON.stringify(call));
  expect(await mine.read(other)).toEqual(call);
});
