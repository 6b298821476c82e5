import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createGit, type Git } from '../../src/files/git.ts';
import { blobReader } from '../../src/workspace/git/blobs.ts';
import { temporaryFolder } from '../state/fixtures.ts';
import { git as gitIn, makeRepository } from './workspaces.ts';

const texts = ['', 'one\n', 'two\nlines\n', '\u0000\n5f missing\n', 'x'.repeat(300_000)];

/** A repository with a blob of each text, and a git that tells what it was asked. */
async function repositoryWith(): Promise<{ git: Git; asked: string[]; oids: string[] }> {
  const root = await temporaryFolder();
  await makeRepository(root);
  const oids: string[] = [];
  for (const [index, text] of texts.entries()) {
    await writeFile(join(root, String(index)), text);
    oids.push(await gitIn(root, 'hash-object', '-w', String(index)));
  }
  const real = createGit({ cwd: root, env: process.env });
  const asked: string[] = [];
  const run: Git['run'] = (args, call) => {
    asked.push(args.slice(0, 2).join(' '));
    return real.run(args, call);
  };
  return { git: { ...real, run }, asked, oids };
}

const missing = '5f'.repeat(20);

test('what is asked for in one moment is read by one git, each in its place', async () => {
  const { git, asked, oids } = await repositoryWith();
  const read = blobReader(git, (oid) => git.run(['cat-file', 'blob', oid]));
  const found = await Promise.all([...oids, ...oids].map(read));
  expect(found.map(String)).toEqual([...texts, ...texts]);
  expect(asked).toEqual(['cat-file --batch']);
  // Alone, one needs no batch.
  expect(String(await read(oids[1] ?? ''))).toBe(texts[1]);
  expect(asked).toEqual(['cat-file --batch', 'cat-file blob']);
});

test('what is missing, or no blob, is told by its own, and takes no other along', async () => {
  const { git, oids } = await repositoryWith();
  const tree = (await git.text(['write-tree'])).trim();
  const read = blobReader(git, (oid) => Promise.reject(new Error(`no ${oid.slice(0, 4)}`)));
  const asked = [oids[1] ?? '', missing, oids[2] ?? '', tree, oids[3] ?? ''];
  const found = await Promise.allSettled(asked.map(read));
  expect(
    found.map((end) => (end.status === 'fulfilled' ? String(end.value) : String(end.reason))),
  ).toEqual([texts[1], 'Error: no 5f5f', texts[2], `Error: no ${tree.slice(0, 4)}`, texts[3]]);
});

test('where git fails for all of them, each is read by itself', async () => {
  const { git, oids } = await repositoryWith();
  const broken: Git = { ...git, run: () => Promise.reject(new Error('too much')) };
  const read = blobReader(broken, (oid) => git.run(['cat-file', 'blob', oid]));
  expect((await Promise.all(oids.map(read))).map(String)).toEqual(texts);
});

test('many are read by several gits', async () => {
  const { git, asked, oids } = await repositoryWith();
  const read = blobReader(git, (oid) => git.run(['cat-file', 'blob', oid]));
  const many = Array.from({ length: 250 }, (_, index) => oids[index % 4] ?? '');
  const found = await Promise.all(many.map(read));
  expect(found.map(String)).toEqual(many.map((_, index) => texts[index % 4]));
  expect(asked).toEqual(Array.from({ length: 3 }, () => 'cat-file --batch'));
});
