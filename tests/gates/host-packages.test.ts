import { chown, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mkdir } from '../../src/files/disk.ts';
import { makeTemporaryFolder } from '../../src/files/temporary-folder.ts';
import { hostPackages } from '../../src/gates/host-packages.ts';
import { writeFiles } from './inputs.ts';

/** A folder that holds a project and other things, with links in the project. */
async function linked(
  files: Readonly<Record<string, string>>,
  links: Record<string, string>,
  committed: string[] = [],
) {
  const folder = await makeTemporaryFolder();
  await writeFiles(folder.path, { 'project/package.json': '{}', ...files });
  await mkdir(join(folder.path, 'project/node_modules/@scope'), { recursive: true });
  for (const [path, target] of Object.entries(links)) {
    await mkdir(join(folder.path, 'project', path, '..'), { recursive: true });
    await symlink(target, join(folder.path, 'project', path));
  }
  const homes = {
    cargo: '/nonexistent/.cargo',
    go: '/nonexistent/go',
    user: join(folder.path, 'home'),
  };
  const host = hostPackages(join(folder.path, 'project'), homes, async () => new Set(committed));
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
    self: { kind: 'own', path: '' },
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

test('nothing of a home but what holds packages is shown, whatever leads there', async () => {
  await using made = await linked(
    {
      'home/package.json': '{}',
      'home/.ssh/id': 'a key',
      'home/.config/app/package.json': '{}',
      'home/.config/node_modules/a/package.json': '{}',
      'home/.cache/store/b/package.json': '{}',
      'home/.ssh/package.json': '{}',
      'home/work/.git/package.json': '{}',
      'package.json': '{}',
    },
    {
      'node_modules/ssh': '../../home/.ssh',
      'node_modules/config': '../../home/.config/app',
      'node_modules/home': '../../home',
      'node_modules/desk': '../../home/work',
      'node_modules/git': '../../home/work/.git',
      'node_modules/top': '../..',
      'node_modules/b': '../../home/.cache/store/b',
      'a/node_modules': '../../home/.config/node_modules',
    },
  );
  const entries = await made.host.entries('node_modules');
  expect(entries.filter(({ lead }) => lead?.kind === 'outside').map(({ name }) => name)).toEqual([
    'b',
  ]);
  expect(await made.host.folder('a/node_modules')).toBeNull();
  expect(Object.fromEntries(made.host.refused)).toEqual({
    'node_modules/ssh': 'it leads to a folder for settings or secrets',
    'node_modules/config': 'it leads to a folder for settings or secrets',
    'node_modules/home': 'it leads to a folder that holds more than packages',
    'node_modules/desk': 'it leads to a folder that holds more than packages',
    'node_modules/git': 'it leads to a folder for settings or secrets',
    'node_modules/top': 'it leads to a folder that holds more than packages',
    'a/node_modules': 'it leads to a folder for settings or secrets',
  });
});

test('a committed link out of the project is followed nowhere, also by another link', async () => {
  const why = 'it leads out of the project by a committed link';
  await using made = await linked(
    { 'other/node_modules/a/package.json': '{}', 'project/vendor/x': '' },
    {
      'pkg/node_modules': '../../other/node_modules',
      'vendor/a': '../../other/node_modules/a',
      'node_modules/a': '../vendor/a',
      'node_modules/b': '../../other/node_modules/a',
    },
    ['pkg/node_modules', 'vendor/a'],
  );
  expect(await made.host.folder('pkg/node_modules')).toBeNull();
  const entries = await made.host.entries('node_modules');
  expect(entries.find(({ name }) => name === 'a')?.lead).toEqual({ kind: 'nowhere' });
  expect(entries.find(({ name }) => name === 'b')?.lead).toMatchObject({ kind: 'outside' });
  expect(Object.fromEntries(made.host.refused)).toEqual({
    'pkg/node_modules': why,
    'node_modules/a': why,
  });
});

test.runIf(process.getuid?.() === 0)('another user’s folder is not shown', async () => {
  await using made = await linked(
    { 'other/node_modules/a/package.json': '{}' },
    { 'a/node_modules': '../../other/node_modules' },
  );
  const place = join(made.path, 'other/node_modules');
  expect(await made.host.folder('a/node_modules')).toBe(place);
  await chown(place, 12_345, 12_345);
  expect(await made.host.folder('a/node_modules')).toBeNull();
});
