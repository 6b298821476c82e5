import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mkdir } from '../../src/files/disk.ts';
import { makeTemporaryFolder } from '../../src/files/temporary-folder.ts';
import { hostPackages } from '../../src/gates/host-packages.ts';
import { writeFiles } from './inputs.ts';

/** A folder that holds a project and other things, with links in the project. */
async function linked(files: Readonly<Record<string, string>>, links: Record<string, string>) {
  const folder = await makeTemporaryFolder();
  await writeFiles(folder.path, { 'project/package.json': '{}', ...files });
  await mkdir(join(folder.path, 'project/node_modules/@scope'), { recursive: true });
  for (const [path, target] of Object.entries(links))
    await symlink(target, join(folder.path, 'project', path));
  const homes = { cargo: join(folder.path, '.cargo'), go: join(folder.path, 'go') };
  const host = hostPackages(join(folder.path, 'project'), homes);
  return { ...folder, host, [Symbol.asyncDispose]: () => folder.remove() };
}

test('a link is followed to what it would be made for, and to nothing else', async () => {
  await using made = await linked(
    {
      'other/node_modules/a/package.json': '{}',
      'keys/id': 'secret',
      'package.json': '{}',
      'environment/pyvenv.cfg': 'home = /usr/bin\n',
      'environment/bin/python': '',
    },
    {
      one: '../other',
      packages: '..',
      '.venv': '../environment',
      venv: '../keys',
      'node_modules/a': '../../other/node_modules/a',
      'node_modules/keys': '../../keys',
      'node_modules/all': '../..',
      'node_modules/self': '..',
    },
  );
  const found = async (path: string) =>
    (await made.host.folder(path))?.slice(made.path.length) ?? null;
  expect(await found('node_modules')).toBe('/project/node_modules');
  expect(await found('node_modules/a')).toBe('/other/node_modules/a');
  expect(await found('.venv')).toBe('/environment');
  expect(await found('.venv/bin')).toBe('/environment/bin');
  for (const path of ['one/node_modules/a/..', 'packages', 'venv', 'node_modules/keys'])
    expect(await found(path)).toBeNull();
  for (const path of ['node_modules/all', 'node_modules/self', 'nothing', 'package.json'])
    expect(await found(path)).toBeNull();
});

test('a node_modules that leads elsewhere is taken for one by its name alone', async () => {
  const links = { 'a/node_modules': '../../keys', 'b/node_modules': '../../other/node_modules' };
  const files = { 'keys/id': 'x', 'other/node_modules/x/package.json': '{}' };
  const more = { 'project/a/package.json': '{}', 'project/b/package.json': '{}' };
  await using made = await linked({ ...files, ...more }, links);
  expect(await made.host.folder('a/node_modules')).toBeNull();
  expect(await made.host.folder('b/node_modules')).toBe(join(made.path, 'other/node_modules'));
});

test('entries say where they lead', async () => {
  await using made = await linked(
    {
      'project/packages/core/package.json': '{}',
      'project/packages/core/bin.js': '',
      'project/node_modules/.store/b/package.json': '{}',
      'project/node_modules/plain/package.json': '{}',
      'other/package.json': '{}',
      'other/bin/run.js': '',
      'keys/id': 'secret',
    },
    {
      'node_modules/core': '../packages/core',
      'node_modules/bin': '../packages/core/bin.js',
      'node_modules/b': '.store/b',
      'node_modules/other': '../../other',
      'node_modules/run': '../../other/bin/run.js',
      'node_modules/keys': '../../keys',
      'node_modules/gone': '../gone',
      'node_modules/self': '..',
    },
  );
  const entries = await made.host.entries('node_modules');
  const leads = Object.fromEntries(entries.map(({ name, lead }) => [name, lead]));
  const other = join(made.path, 'other');
  expect(leads).toEqual({
    '@scope': null,
    '.store': null,
    plain: null,
    core: { kind: 'own', path: 'packages/core' },
    bin: { kind: 'own', path: 'packages/core/bin.js' },
    b: { kind: 'own', path: 'node_modules/.store/b' },
    other: { kind: 'outside', folder: other, within: '' },
    run: { kind: 'outside', folder: other, within: 'bin/run.js' },
    keys: { kind: 'nowhere' },
    gone: { kind: 'nowhere' },
    self: { kind: 'nowhere' },
  });
});

test('packages that another checkout shares lead to those of this one', async () => {
  await using made = await linked(
    {
      'main/packages/core/package.json': '{}',
      'main/node_modules/.store/b/package.json': '{}',
      'project/app/package.json': '{}',
    },
    {
      'app/node_modules': '../../main/node_modules',
      '../main/node_modules/core': '../packages/core',
      '../main/node_modules/b': '.store/b',
    },
  );
  const entries = await made.host.entries('app/node_modules');
  expect(entries.map(({ name, lead }) => [name, lead]).sort()).toEqual([
    ['.store', null],
    ['b', { kind: 'own', path: 'app/node_modules/.store/b' }],
    ['core', { kind: 'own', path: 'app/packages/core' }],
  ]);
});
