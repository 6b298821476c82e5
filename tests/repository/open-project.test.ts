import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openProject } from '../../src/repository/open-project.ts';
import type { Project } from '../../src/repository/project.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

const texts = {
  'README.md': '# Shop\n\nSells things.\n',
  'package.json': '{ "name": "shop", "scripts": { "test": "vitest run" } }',
  'src/cart.ts':
    "import { priceOf } from './price.js';\n\nexport const total = (): number => priceOf('a');\n",
  'src/price.ts': 'export function priceOf(item: string): number {\n  return item.length;\n}\n',
  'tests/cart.test.ts': "import { total } from '../src/cart.js';\n\ntotal();\n",
  '.env': 'SECRET=hidden\n',
};

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'blueprint-project-'));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

interface Opened {
  readonly project: Project;
  /** How many files were read of how many. */
  readonly progress: [number, number][];
  readonly warnings: string[];
}

function open(root: string, key: Buffer | null = Buffer.from('key')): Opened {
  const progress: [number, number][] = [];
  const warnings: string[] = [];
  const project = openProject({
    root,
    leftOut: ['.blueprint', 'features'],
    env: { PATH: process.env['PATH'] },
    maxFiles: 1_000,
    // Files that were just written count as old.
    now: () => new Date(Date.now() + 60_000),
    key: async () => key,
    progress: (done, all) => void progress.push([done, all]),
    warn: (message) => void warnings.push(message),
    signal: new AbortController().signal,
  });
  return { project, progress, warnings };
}

describe('openProject', () => {
  it('says what a change of a file reaches, in the state that it is given', async () => {
    const { project } = open(await folderOf(texts));
    const since: Readonly<Record<string, string>> = {
      ...texts,
      'src/bill.ts': "export { total } from './cart.js';\n",
      'tests/bill.test.ts': "import { total } from '../src/bill.js';\n\ntotal();\n",
    };
    const view = {
      files: new Set(Object.keys(since)),
      read: async (path: string) => since[path] ?? null,
    };
    expect(await project.reach(['src/price.ts'], view)).toEqual({
      files: new Set([
        'src/price.ts',
        'src/cart.ts',
        'src/bill.ts',
        'tests/cart.test.ts',
        'tests/bill.test.ts',
      ]),
    });
    expect(await project.reach(['README.md'], view)).toHaveProperty('doubt');
  });

  it('reads nothing before it is asked, all once, and then what changed', async () => {
    const root = await folderOf(texts);
    const first = open(root);
    expect(await first.project.paths()).toContain('src/cart.ts');
    expect(first.progress).toEqual([]);
    await first.project.map('src/cart.ts', 1_000);
    expect(first.progress.at(-1)).toEqual([5, 5]);
    expect(await readdir(join(root, '.blueprint/index'))).toEqual(['.gitignore', 'files.bin']);
    const second = open(root);
    const map = await second.project.map('src/cart.ts', 1_000);
    expect(second.progress).toEqual([]);
    expect(map.files[0]?.path).toBe('src/cart.ts');
    await writeFile(join(root, 'src/price.ts'), 'export const renamed = 1;\n');
    const third = open(root);
    expect((await third.project.map('renamed', 1_000)).text).toContain('renamed');
    expect(third.progress.at(-1)).toEqual([1, 1]);
  });

  it('says the same whether it was read now or before', async () => {
    const root = await folderOf(texts);
    const asked = 'the price of a cart';
    const maps = [];
    for (let time = 0; time < 2; time += 1) maps.push(await open(root).project.map(asked, 800));
    expect(maps[1]).toEqual(maps[0]);
  });

  it.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['empty', () => Buffer.alloc(0)],
    ['something else', () => Buffer.from('{"not": "an index"}\n')],
    ['changed', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -1), Buffer.from('x')])],
  ])('makes an index anew that is %s', async (_, broken) => {
    const root = await folderOf(texts);
    await open(root).project.map('src/cart.ts', 500);
    const file = join(root, '.blueprint/index/files.bin');
    await writeFile(file, broken(await readFile(file)));
    const again = open(root);
    expect((await again.project.map('src/cart.ts', 500)).files[0]?.path).toBe('src/cart.ts');
    expect(again.progress.at(-1)).toEqual([5, 5]);
    expect(open(root).progress).toEqual([]);
  });

  it('does not believe an index of somebody else', async () => {
    const root = await folderOf(texts);
    await open(root, Buffer.from('another key')).project.map('src/cart.ts', 500);
    const own = open(root);
    await own.project.map('src/cart.ts', 500);
    expect(own.progress.at(-1)).toEqual([5, 5]);
  });

  it('writes through no link, and goes on', async () => {
    const root = await folderOf(texts);
    const elsewhere = await folderOf({});
    await symlink(elsewhere, join(root, '.blueprint'));
    const { project, warnings } = open(root);
    expect((await project.map('src/cart.ts', 500)).files).not.toEqual([]);
    expect(await readdir(elsewhere)).toEqual([]);
    expect(warnings).toHaveLength(1);
  });

  it('shows nothing of a file that holds secrets by its name', async () => {
    const { project } = open(await folderOf(texts));
    expect(await project.read('.env')).toBeNull();
    expect((await project.map('SECRET env', 2_000)).text).not.toContain('hidden');
    expect(JSON.stringify(await project.search('SECRET hidden', 10))).not.toContain('hidden');
  });

  it('finds what has to do with work on files, also on such that are not there yet', async () => {
    const { project } = open(await folderOf(texts));
    const read = async (path: string): Promise<string | null> =>
      path === 'src/new.ts' ? "import { total } from './cart.js';\n" : project.read(path);
    const work = { named: ['src/new.ts', 'src/price.ts'], produced: [], text: 'Change the price' };
    const found = await project.around(work, read);
    expect(found.slice(0, 2)).toEqual([
      { path: 'src/cart.ts', relation: 'import', reason: 'imported by src/new.ts' },
      { path: 'tests/cart.test.ts', relation: 'rank', reason: expect.any(String) },
    ]);
  });

  it('outlines what the work sees, not what stands on disk', async () => {
    const { project } = open(await folderOf(texts));
    expect(await project.outline('src/price.ts', texts['src/price.ts'])).toContain('priceOf');
    const changed = await project.outline('src/price.ts', 'export function cheaper(): void {}\n');
    expect(changed).toBe('1: function cheaper(): void');
  });

  it('gives pieces of files that fit a query, with their lines', async () => {
    const { project } = open(await folderOf(texts));
    const [hit] = await project.search('price of an item', 3);
    expect(hit).toMatchObject({ path: 'src/price.ts', line: 1 });
    expect(hit?.text).toContain('export function priceOf');
  });

  it('knows a folder without source as empty, and packages and facts where there are some', async () => {
    const empty = open(await folderOf({ 'brief.md': '# Brief\n', 'features/a/spec.md': 'x' }));
    expect(await empty.project.isEmpty()).toBe(true);
    const { project } = open(await folderOf(texts));
    expect(await project.isEmpty()).toBe(false);
    expect(await project.packages()).toMatchObject([
      { folder: '', name: 'shop', ecosystem: 'npm' },
    ]);
    expect(await project.facts(1_000)).toContain('TypeScript');
  });

  it('does not look at a project of too many files, and says so', async () => {
    const root = await folderOf(
      Object.fromEntries(Array.from({ length: 1_001 }, (_, at) => [`src/f${at}.ts`, ''])),
    );
    const { project } = open(root);
    expect(await project.isEmpty()).toBe(true);
    expect(await project.remarks()).toEqual([expect.stringContaining('more than 1000 files')]);
  });
});
