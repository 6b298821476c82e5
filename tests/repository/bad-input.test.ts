import {
  mkdir,
  mkdtemp,
  open,
  readFile,
  readdir,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { watchDisk } from '../../src/files/disk.ts';
import { openProject } from '../../src/repository/open-project.ts';

let base: string;
let root: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'blueprint-bad-input-'));
  root = join(base, 'project');
  await put('src/sound.ts', 'export const sound = 1;\n');
});
afterEach(async () => {
  watchDisk(null);
  await rm(base, { recursive: true, force: true });
});

async function put(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

/** As a command opens it. */
function opened() {
  const warnings: string[] = [];
  const read: number[] = [];
  const project = openProject({
    root,
    leftOut: ['.blueprint'],
    env: { PATH: process.env['PATH'] },
    maxFiles: 1_000,
    now: () => new Date(Date.now() + 60_000),
    key: async () => Buffer.from('key'),
    progress: (_, all) => void read.push(all),
    warn: (message) => void warnings.push(message),
    signal: new AbortController().signal,
  });
  return { project, warnings, read };
}

/** What a command says of the project, with how many files it had to read. */
async function mapped(text = 'sound') {
  const { project, warnings, read } = opened();
  const map = await project.map(text, 2_000);
  return { text: map.text, remarks: await project.remarks(), warnings, read: read.at(-1) ?? 0 };
}

const indexFile = '.blueprint/index/files.bin';

describe('files that nobody expects', () => {
  test('none of them keeps the others from being read', async () => {
    await put('huge.ts', '');
    await truncate(join(root, 'huge.ts'), 200_000_000);
    await put('line.ts', `export const line = '${'x'.repeat(10_000_000)}';\n`);
    await put('short-line.js', `var a=1;${'f(a);'.repeat(100_000)}\n`);
    await put('latin.ts', Buffer.from('export const caf\xe9 = 1;\n', 'latin1'));
    await put('zeros.ts', Buffer.alloc(5_000));
    await put('new\nline.ts', 'export const broken = 1;\n');
    await put('Sound.TS', 'export const other = 1;\n');
    await symlink('.', join(root, 'loop'));
    await symlink(base, join(root, 'away'));
    const { text, remarks, warnings } = await mapped('sound broken caf');
    expect(text).toMatch(/^src\/sound\.ts \(1 line\)\n1: const sound = 1$/m);
    expect(text).toContain('new line.ts (1 line)\n1: const broken = 1');
    expect(text).toContain('latin.ts');
    expect(remarks).toEqual([
      '2 symbolic links are not followed (as away)',
      '4 files of code are too large, no text, or of lines that nobody writes: what they define is not known (as huge.ts)',
    ]);
    expect(warnings).toEqual([]);
  });

  test('one that keeps its grammar busy is named, and tried in three commands', async () => {
    await put('deaf.swift', '"\\(\n'.repeat(20_000));
    const trials = [];
    for (let command = 0; command < 5; command += 1) trials.push(await mapped());
    for (const { text, remarks } of trials) {
      expect(text).toContain('src/sound.ts (1 line)\n1: const sound = 1');
      expect(remarks).toMatchObject([
        expect.stringMatching(
          /^What 1 file defines could not be read by its grammar \(deaf\.swift: /,
        ),
      ]);
    }
    expect(trials.map(({ read }) => read)).toEqual([2, 1, 1, 0, 0]);
  });

  test('rules that leave out everything leave an empty map, and say so', async () => {
    await put('.blueprintignore', '*\n');
    const { text, remarks, warnings } = await mapped();
    expect({ text, warnings }).toEqual({ text: '', warnings: [] });
    expect(remarks).toEqual([expect.stringContaining('No file was found') as string]);
  });

  test('what changes, goes or becomes a link after it was listed', async () => {
    await writeFile(join(base, 'outside.ts'), 'export const outside = 1;\n');
    for (const name of ['gone', 'linked', 'folder', 'longer', 'huge'])
      await put(`src/${name}.ts`, `export const ${name}Before = 1;\n`);
    const { project, warnings } = opened();
    await project.paths();
    for (const name of ['gone', 'linked', 'folder']) await rm(join(root, `src/${name}.ts`));
    await symlink('../../outside.ts', join(root, 'src/linked.ts'));
    await mkdir(join(root, 'src/folder.ts'));
    await put('src/longer.ts', 'export const longerNow = 1;\n'.repeat(3));
    await truncate(join(root, 'src/huge.ts'), 200_000_000);
    const { text } = await project.map('sound outside longer', 2_000);
    expect(text).toContain('const sound = 1');
    expect(text).toContain('longerNow');
    expect(text).not.toContain('outside = 1');
    expect(warnings).toEqual([]);
    const { text: next } = await mapped('longer gone');
    expect(next).not.toContain('gone');
  });
});

describe('a place for the index that is none', () => {
  const places: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['.blueprint is a link out', () => symlink(join(base, 'other'), join(root, '.blueprint'))],
    ['.blueprint is a link to itself', () => symlink('.blueprint', join(root, '.blueprint'))],
    ['.blueprint is a file', () => put('.blueprint', 'mine')],
    [
      '.blueprint/index is a link out',
      async () => {
        await mkdir(join(root, '.blueprint'));
        await symlink(join(base, 'other'), join(root, '.blueprint/index'));
      },
    ],
    ['.blueprint/index is a file', () => put('.blueprint/index', 'mine')],
    [
      'its file is a link out',
      async () => {
        await mkdir(join(root, '.blueprint/index'), { recursive: true });
        await symlink(join(base, 'other/kept'), join(root, indexFile));
      },
    ],
    ['its file is a folder', () => mkdir(join(root, indexFile), { recursive: true })],
  ];

  test.each(places)('%s: a map all the same, and nothing of others is written', async (_, make) => {
    await mkdir(join(base, 'other'));
    await writeFile(join(base, 'other/kept'), 'theirs');
    await make();
    for (let command = 0; command < 2; command += 1) {
      const { text, warnings } = await mapped();
      expect(text).toContain('const sound = 1');
      for (const warning of warnings)
        expect(warning).toMatch(/^what was read of the project could not be kept: .+$/);
    }
    expect(await readdir(join(base, 'other'))).toEqual(['kept']);
    expect(await readFile(join(base, 'other/kept'), 'utf8')).toBe('theirs');
  });

  test.each([
    ['empty', () => Buffer.alloc(0)],
    ['cut off', (whole: Buffer) => whole.subarray(0, whole.length >> 1)],
    [
      'of another version',
      (whole: Buffer) => Buffer.from(whole.toString('latin1').replace(/ \d+ /, ' 999 '), 'latin1'),
    ],
    ['another thing', () => Buffer.from('{"a": 1}\n')],
  ])('an index that is %s is made anew', async (_, broken) => {
    await mapped();
    await writeFile(join(root, indexFile), broken(await readFile(join(root, indexFile))));
    const { text, warnings, read } = await mapped();
    expect(text).toContain('const sound = 1');
    expect({ warnings, read }).toEqual({ warnings: [], read: 1 });
    expect((await mapped()).read).toBe(0);
  });
});

describe('a disk that fails', () => {
  async function failing(code: string, from: number) {
    let changes = 0;
    watchDisk((operation, path) => {
      if (changes++ < from || /^(?:rm|unlink)$/.test(operation)) return;
      throw Object.assign(new Error(`${code}: ${operation} '${path}'`), { code, path });
    });
    const answer = await mapped();
    watchDisk(null);
    return { ...answer, changes };
  }

  const codes = ['ENOSPC', 'EROFS', 'EACCES'];
  test.each([...codes.entries()])(
    'by turns at each change (%i: %s): a map, and one sentence',
    async (turn, code) => {
      const { changes: all } = await failing(code, Infinity);
      expect(all).toBeGreaterThan(codes.length);
      for (let from = turn; from < all; from += codes.length) {
        await rm(join(root, '.blueprint'), { recursive: true, force: true });
        const { text, warnings } = await failing(code, from);
        expect(text).toContain('const sound = 1');
        for (const warning of warnings)
          expect(warning).toMatch(/^what was read of the project could not be kept: .+$/);
        // The last steps fail once it stands.
        expect(warnings.length).toBe(from < all - 2 ? 1 : warnings.length);
        expect((await mapped()).warnings).toEqual([]);
        expect((await mapped()).read).toBe(0);
      }
    },
  );
});

test('a file that another program holds open and writes to is read as it is', async () => {
  await using file = await open(join(root, 'src/held.ts'), 'w');
  await file.write('export const held = 1;\n');
  expect((await mapped('held')).text).toContain('const held = 1');
});
