import { createHmac } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createOwnState, readOwnKey, type OwnState } from '../../src/files/own-state.ts';
import { keptJson } from '../../src/text/kept-json.ts';

const key = Buffer.alloc(32, 7);

function ownState(more: { slug?: string; key?: Buffer | null; tracked?: string[] } = {}): OwnState {
  return createOwnState({
    slug: more.slug ?? 'links',
    key: async () => (more.key === undefined ? key : more.key),
    isTracked: async (path) => (more.tracked ?? ['a.json']).includes(path),
  });
}

const record = { text: 'x', list: [1, { b: 2, a: 1 }], none: undefined };

test('a record is known by its signature, whatever the order of its keys', async () => {
  const own = ownState();
  const signed = await own.signed('calls/1', record);
  expect(signed).toEqual({
    ...record,
    signature: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
  });
  const turned = { signature: signed.signature, list: [1, { a: 1, b: 2 }], text: 'x' };
  expect(await own.isOwn('calls/1', 'a.json', turned)).toBe(true);
});

test('a signature is that of the record’s JSON in order, also where the text of a part is known', async () => {
  const [known, same] = [
    ['p"', null],
    ['p"', null],
  ];
  keptJson(known ?? []);
  const at = new Date(0);
  const written = { b: [known, undefined, same], a: { z: 1, 10: at, 9: 'ü' }, none: undefined };
  const ordered = { a: { 9: 'ü', 10: at, z: 1 }, b: [known, null, same] };
  const text = JSON.stringify(['links', 'list', ordered]);
  const { signature } = await ownState().signed<object>('list', written);
  expect(signature).toBe(createHmac('sha256', key).update(text).digest('hex'));
});

test.for([
  ['another text', { text: 'y' }],
  ['a key more', { more: 1 }],
  ['no signature', { signature: undefined }],
  ['a signature that is none', { signature: 7 }],
  ['half a signature', { signature: 'ab' }],
] as const)('a tracked record with %s is foreign', async ([, change]) => {
  const own = ownState();
  const signed = await own.signed('calls/1', record);
  expect(await own.isOwn('calls/1', 'a.json', { ...signed, ...change })).toBe(false);
});

test('a signature holds for one record of one feature, and for one key', async () => {
  const signed = await ownState().signed('calls/1', record);
  expect(await ownState().isOwn('calls/2', 'a.json', signed)).toBe(false);
  expect(await ownState({ slug: 'other' }).isOwn('calls/1', 'a.json', signed)).toBe(false);
  const others = ownState({ key: Buffer.alloc(32, 8) });
  expect(await others.isOwn('calls/1', 'a.json', signed)).toBe(false);
});

test('what git does not track was made here, signed or not', async () => {
  const own = ownState();
  expect(await own.isOwn('calls/1', 'b.json', record)).toBe(true);
  expect(await own.isSigned('calls/1', record)).toBe(false);
});

test('without a key nothing is signed, and what is tracked is foreign', async () => {
  const own = ownState({ key: null });
  expect(await own.signed('calls/1', record)).toBe(record);
  expect(await own.isOwn('calls/1', 'a.json', record)).toBe(false);
});

test('the key is made once, for its user alone', async () => {
  const home = await mkdtemp(join(tmpdir(), 'blueprint-key-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const folder = join(home, '.config/blueprint');
  const [one, other] = await Promise.all([readOwnKey(folder), readOwnKey(folder)]);
  expect(one).toHaveLength(32);
  expect(other).toEqual(one);
  expect((await stat(join(folder, 'key'))).mode & 0o777).toBe(0o600);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  await chmod(join(folder, 'key'), 0o644);
  expect(await readOwnKey(folder)).toEqual(one);
  expect((await stat(join(folder, 'key'))).mode & 0o777).toBe(0o600);
});

test('a key that cannot be kept, or is none, is no key, and stays as it is', async () => {
  const home = await mkdtemp(join(tmpdir(), 'blueprint-key-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  await writeFile(join(home, 'file'), '');
  expect(await readOwnKey(join(home, 'file/blueprint'))).toBeNull();
  await mkdir(join(home, 'b'));
  await writeFile(join(home, 'b/key'), 'short\n');
  expect(await readOwnKey(join(home, 'b'))).toBeNull();
  expect(await readFile(join(home, 'b/key'), 'utf8')).toBe('short\n');
});
