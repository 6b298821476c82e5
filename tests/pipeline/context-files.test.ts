import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InterruptedError } from '../../src/domain/errors.ts';
import { readContextFiles, type ContextSelection } from '../../src/pipeline/context-files.ts';

let box: string;
let root: string;

beforeEach(async () => {
  box = await mkdtemp(join(tmpdir(), 'blueprint-context-'));
  root = join(box, 'project');
  await mkdir(root);
  await write('../outside.txt', 'outside');
});
afterEach(() => rm(box, { recursive: true, force: true }));

async function write(path: string, content: string | Uint8Array): Promise<void> {
  const full = join(root, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, content);
}

function read(
  globs: string[],
  options: { maxTokens?: number; from?: string; root?: string } = {},
): Promise<ContextSelection> {
  return readContextFiles({
    root,
    maxTokens: 1_000_000,
    signal: new AbortController().signal,
    ...options,
    globs,
  });
}

const leavesByLink = 'its path passes through a symbolic link that leaves the folder';
const pathsOf = ({ files }: ContextSelection): string[] => files.map(({ path }) => path);

describe('readContextFiles', () => {
  it('reads what globs match, in their order, each file once', async () => {
    for (const path of ['src/b.ts', 'src/a.ts', 'src/deep/c.ts', 'docs/x.md', 'src/y.js'])
      await write(path, `text of ${path}`);
    const selection = await read(['docs/*.md', 'src/**/*.ts', 'src/a.ts']);
    expect(pathsOf(selection)).toEqual(['docs/x.md', 'src/a.ts', 'src/b.ts', 'src/deep/c.ts']);
    expect(selection.files[1]?.text).toBe('text of src/a.ts');
    expect(selection.leftOut).toEqual([]);
  });

  it('takes the notes of the project first, without being asked', async () => {
    await write('AGENTS.md', 'Use tabs.');
    await write('CLAUDE.md', 'See AGENTS.md');
    await write('a.ts', '1');
    expect(pathsOf(await read(['a.ts']))).toEqual(['AGENTS.md', 'CLAUDE.md', 'a.ts']);
    await rm(join(root, 'CLAUDE.md'));
    await symlink('AGENTS.md', join(root, 'CLAUDE.md'));
    expect(pathsOf(await read([]))).toEqual(['AGENTS.md']);
  });

  it('is empty without globs and notes', async () => {
    expect(await read([])).toEqual({ files: [], leftOut: [], tokens: 0 });
  });

  it('reads relative to the folder it is told, and shows paths from the root', async () => {
    await write('packages/one/a.ts', '1');
    await write('shared/b.ts', '2');
    const from = join(root, 'packages/one');
    expect(pathsOf(await read(['*.ts', '../../shared/*'], { from }))).toEqual([
      'packages/one/a.ts',
      'shared/b.ts',
    ]);
  });

  it('takes absolute paths inside the root, also through a link to it', async () => {
    await write('src/a.ts', '1');
    expect(pathsOf(await read([join(root, 'src/*.ts')]))).toEqual(['src/a.ts']);
    const alias = join(box, 'alias');
    await symlink(root, alias);
    expect(pathsOf(await read([join(alias, 'src/a.ts')], { root: alias }))).toEqual(['src/a.ts']);
  });

  it('takes a name with glob characters as a name, and whole folders', async () => {
    await write('app/[id].ts', '1');
    await write('app/deep/b.ts', '2');
    await write('.env.example', '3');
    expect(pathsOf(await read(['app/[id].ts', '.env.example']))).toEqual([
      'app/[id].ts',
      '.env.example',
    ]);
    expect(pathsOf(await read(['app']))).toEqual(['app/[id].ts', 'app/deep/b.ts']);
  });

  it('leaves alone hidden files, node_modules and .git in a glob', async () => {
    await write('.env', 'SECRET=1');
    await write('node_modules/x/i.js', '1');
    await write('.git/config', '1');
    await write('a.js', '1');
    expect(pathsOf(await read(['**/*']))).toEqual(['a.js']);
  });

  it('names every glob that matches nothing or leaves the root, at once', async () => {
    await write('a.ts', '1');
    const attempt = read(['a.ts', 'none/*.ts', 'gone.md', '../outside.txt', '/etc/passwd']);
    await expect(attempt).rejects.toMatchObject({
      code: 'context-no-match',
      exitCode: 2,
      message: expect.stringContaining('none/*.ts'),
      others: [
        { code: 'context-no-match', message: expect.stringContaining('gone.md') },
        { code: 'context-outside', message: expect.stringContaining('../outside.txt') },
        { code: 'context-outside', message: expect.stringContaining('/etc/passwd') },
      ],
    });
  });

  it.each([
    '..',
    '../*',
    'src/../../*.txt',
    '{src,..}/*.txt',
    '{a/../..,b}/*.txt',
    '@(..)/*.txt',
    '**/../../*.txt',
    './../outside.txt',
  ])('refuses the glob %s', async (glob) => {
    await write('src/a.txt', '1');
    await expect(read([glob])).rejects.toMatchObject({ code: 'context-outside' });
  });

  it('takes a range in braces', async () => {
    await write('f2.ts', '1');
    expect(pathsOf(await read(['f{1..3}.ts']))).toEqual(['f2.ts']);
  });

  it('follows no link out of the root', async () => {
    await write('src/a.txt', '1');
    await symlink(join(box, 'outside.txt'), join(root, 'src/link.txt'));
    await symlink(box, join(root, 'src/folder'));
    const selection = await read(['src/**/*.txt', 'src/link.txt', 'src/folder/outside.txt']);
    expect(pathsOf(selection)).toEqual(['src/a.txt']);
    expect(selection.leftOut).toEqual([
      { path: 'src/link.txt', reason: leavesByLink },
      { path: 'src/folder/outside.txt', reason: leavesByLink },
    ]);
  });

  it('leaves out notes of the project that are a link out of it', async () => {
    await symlink(join(box, 'outside.txt'), join(root, 'AGENTS.md'));
    expect((await read([])).leftOut).toEqual([{ path: 'AGENTS.md', reason: leavesByLink }]);
  });

  it('leaves out what is no text or too large, each with the reason', async () => {
    await write('a.bin', Uint8Array.from([1, 0, 2]));
    await write('b.latin', Uint8Array.from([0x61, 0xe9]));
    await write('c.txt', 'x'.repeat(600_000));
    await write('d.txt', 'fine');
    const selection = await read(['*']);
    expect(pathsOf(selection)).toEqual(['d.txt']);
    expect(selection.leftOut).toEqual([
      { path: 'a.bin', reason: 'binary' },
      { path: 'b.latin', reason: 'not UTF-8' },
      { path: 'c.txt', reason: '600000 bytes; the limit is 512000' },
    ]);
  });

  it('leaves out what holds keys by its name, also behind a link, named in full or not', async () => {
    await write('.env', 'SECRET=1');
    await write('certs/server.pem', 'SECRET');
    await write('.env.example', 'SECRET=');
    await symlink('.env', join(root, 'public.txt'));
    const selection = await read(['.env', 'certs/*', 'public.txt', '.env.example']);
    expect(pathsOf(selection)).toEqual(['.env.example']);
    const reason = 'by its name it holds keys or passwords';
    expect(selection.leftOut).toEqual([
      { path: '.env', reason },
      { path: 'certs/server.pem', reason },
      { path: 'public.txt', reason },
    ]);
  });

  it('keeps to the budget and lists what did not fit', async () => {
    await write('a.txt', 'x'.repeat(350));
    await write('b.txt', 'x'.repeat(3_500));
    await write('c.txt', 'x'.repeat(350));
    const selection = await read(['*.txt'], { maxTokens: 210 });
    expect(pathsOf(selection)).toEqual(['a.txt', 'c.txt']);
    expect(selection.tokens).toBeLessThanOrEqual(210);
    expect(selection.leftOut).toEqual([
      { path: 'b.txt', reason: 'over the budget: about 1002 tokens, 108 left' },
    ]);
    expect((await read(['*.txt'], { maxTokens: 0 })).files).toEqual([]);
  });

  it('takes a byte order mark off', async () => {
    await write('a.txt', '\ufefftext');
    expect((await read(['a.txt'])).files).toEqual([{ path: 'a.txt', text: 'text' }]);
  });

  it('stops when it is interrupted', async () => {
    await write('a.txt', '1');
    const signal = AbortSignal.abort();
    const attempt = readContextFiles({ root, globs: ['a.txt'], maxTokens: 10, signal });
    await expect(attempt).rejects.toBeInstanceOf(InterruptedError);
  });
});
