import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createOwnState } from '../../src/files/own-state.ts';
import { createArtefactStore } from '../../src/state/artefacts.ts';
import { temporaryFolder } from './fixtures.ts';

async function open() {
  const root = await temporaryFolder();
  const featuresDir = join(root, 'features');
  return { root, store: createArtefactStore({ featuresDir, displayRoot: root }) };
}

test('texts are written whole, read and listed', async () => {
  const { root, store } = await open();
  expect(await store.read('alpha', 'partial/T1/1/a.md')).toBeNull();
  expect(await store.list('alpha', 'partial')).toEqual([]);
  await store.write('alpha', 'partial/T1/1/b.md', 'b');
  await store.write('alpha', 'partial/T1/1/a.md', 'ä');
  await store.write('alpha', 'partial/T1/1/a.md', 'ö');
  expect(await store.read('alpha', 'partial/T1/1/a.md')).toBe('ö');
  expect(await store.list('alpha', 'partial/T1/1')).toEqual(['a.md', 'b.md']);
  expect(await store.list('alpha', '')).toEqual(['partial']);
  expect(store.path('alpha', 'spec.md')).toBe(join(root, 'features/alpha/spec.md'));
});

test.each([
  '../beta/x',
  '/etc/passwd',
  'a/../../x',
  'a\\b',
  'C:x',
  '.git/config',
  'nul',
  'a\u0000b',
])('%j is refused', async (path) => {
  const { store } = await open();
  const refused = { code: 'path-not-allowed' };
  await expect(store.read('alpha', path)).rejects.toMatchObject(refused);
  await expect(store.write('alpha', path, 'x')).rejects.toMatchObject(refused);
  await expect(store.list('alpha', path)).rejects.toMatchObject(refused);
  expect(() => store.path('alpha', path)).toThrow();
});

test('links that lead out are refused, links within are not', async () => {
  const { root, store } = await open();
  const outside = await temporaryFolder();
  await writeFile(join(outside, 'x'), 'secret');
  await store.write('alpha', 'in/x', 'inside');
  const folder = join(root, 'features/alpha');
  await symlink(outside, join(folder, 'out'));
  await symlink(join(outside, 'x'), join(folder, 'file'));
  await symlink(join(outside, 'not-there'), join(folder, 'dangling'));
  await symlink('in', join(folder, 'within'));
  const refused = { code: 'path-leaves-folder' };
  for (const path of ['out/x', 'out/new', 'file', 'dangling']) {
    await expect(store.read('alpha', path)).rejects.toMatchObject(refused);
    await expect(store.write('alpha', path, 'x')).rejects.toMatchObject(refused);
  }
  await expect(store.list('alpha', 'out')).rejects.toMatchObject(refused);
  expect(await store.read('alpha', 'within/x')).toBe('inside');
  expect(await readdir(outside)).toEqual(['x']);
  expect(await readFile(join(outside, 'x'), 'utf8')).toBe('secret');
});

test('what stands in the way is named', async () => {
  const { root, store } = await open();
  await store.write('alpha', 'a', 'x');
  await expect(store.write('alpha', 'a/b', 'x')).rejects.toMatchObject({
    code: 'file-in-the-way',
    target: 'features/alpha/a/b',
  });
  await mkdir(join(root, 'features/alpha/folder'));
  await expect(store.read('alpha', 'folder')).rejects.toMatchObject({ code: 'file-unreadable' });
  await expect(store.write('alpha', 'folder', 'x')).rejects.toMatchObject({
    code: 'file-in-the-way',
  });
  expect(await store.read('alpha', 'a/b')).toBeNull();
});

test('an outcome that came with a repository is none', async () => {
  const { root } = await open();
  const place = { featuresDir: join(root, 'features'), displayRoot: root };
  const store = (secret: string, tracked: boolean) =>
    createArtefactStore(place, (slug) =>
      createOwnState({
        slug,
        key: async () => Buffer.from(secret),
        isTracked: async () => tracked,
      }),
    );
  const text = '{\n  "status": "done",\n  "files": []\n}\n';
  const names = ['outcome', 'approval/outcome', 'approval/autorun'];
  for (const path of names.map((name) => `partial/T1/1/${name}.json`)) {
    await store('theirs', true).write('alpha', path, text);
    expect(await store('theirs', true).read('alpha', path)).toBe(text);
    expect(await store('mine', true).read('alpha', path)).toBeNull();
    expect(await store('mine', false).read('alpha', path)).toBe(text);
  }
  for (const path of ['partial/T1/1/prompt.json', 'partial/T1/1/gates/abc.json']) {
    await store('theirs', true).write('alpha', path, '[]\n');
    expect(await store('mine', true).read('alpha', path)).toBeNull();
    expect(await store('mine', true).isForeign('alpha', path)).toBe(true);
    expect(await store('mine', false).read('alpha', path)).toBe('[]\n');
    expect(await store('mine', false).isForeign('alpha', path)).toBe(false);
  }
  expect(await store('mine', true).isForeign('alpha', 'partial/T2/1/prompt.json')).toBe(false);
  await store('theirs', true).write('alpha', 'spec.md', '# Spec\n');
  expect(await store('mine', true).read('alpha', 'spec.md')).toBe('# Spec\n');
});

test('what attempts keep for people drives no terminal, and JSON holds the same values', async () => {
  const { root } = await open();
  const store = createArtefactStore({ featuresDir: join(root, 'features'), displayRoot: root });
  const hostile = 'a\u001b[31mred\u001b[0m \u001b]0;title\u0007 \u202eb\u2028c\u{e0041}';
  const bare = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e\u{e0041}]/u;
  const kept = { note: hostile };
  for (const name of ['tests-x.log', 'round-1/review-reply.txt', 'round-1/candidate.md']) {
    await store.write('alpha', `partial/T1/1/${name}`, hostile);
    const text = (await store.read('alpha', `partial/T1/1/${name}`)) ?? '';
    expect(text).not.toMatch(bare);
    expect(text).toContain('\\u{1b}]0;title\\u{7} \\u{202e}b\\u{2028}c\\u{e0041}');
  }
  for (const name of ['gates.json', 'outcome.json']) {
    await store.write('alpha', `partial/T1/1/${name}`, `${JSON.stringify(kept)}\n`);
    const text = (await readFile(join(root, `features/alpha/partial/T1/1/${name}`))).toString();
    expect(text).not.toMatch(bare);
    expect(JSON.parse(text)).toEqual(kept);
  }
  const draft = 'partial/T1/1/files/a.md.draft';
  await store.write('alpha', draft, hostile);
  expect(await store.read('alpha', draft)).toBe(hostile);
});
