import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openProject } from '../../src/repository/open-project.ts';
import type { Project } from '../../src/repository/project.ts';

const cart = [
  "import { priceOf } from './price.js';",
  '',
  'export class Cart {',
  "  total(): number { return priceOf('a'); }",
  '  run(): void {}',
  '}',
];
const texts = {
  'README.md': '# Shop\n',
  Makefile: 'all:\n',
  'src/cart.ts': `${cart.join('\n')}\n`,
  'src/price.ts': 'export function priceOf(item: string): number {\n  return item.length;\n}\n',
  'src/admin/price.ts': 'export const total = 1;\nexport const list = [];\n',
  'src/GitHub.ts': 'export const token_of_user = 1;\n',
  'lib/a/index.ts': 'export const every_one = 1;\n',
  'lib/b/index.ts': 'export const every_one = 1;\n',
  'lib/c/index.ts': 'export const every_one = 1;\n',
  'lib/d/index.ts': 'export const every_one = 1;\n',
  'tests/cart.test.ts': 'export function priceOf() {}\nexport const makeCart = () => null;\n',
  '.env': 'SECRET=hidden\n',
  'ignored/cart.ts': 'export const hiddenOne = 1;\n',
  '.gitignore': 'ignored/\n',
};

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'blueprint-named-'));
  for (const [path, text] of Object.entries(texts)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
});
afterAll(async () => rm(root, { recursive: true, force: true }));

function open(folder = root): Project {
  return openProject({
    root: folder,
    leftOut: ['.blueprint'],
    env: { PATH: process.env['PATH'] },
    maxFiles: 1_000,
    now: () => new Date(Date.now() + 60_000),
    key: async () => Buffer.from('key'),
    signal: new AbortController().signal,
  });
}

/** As `path (reason)`, with `!` where the file itself is meant, and the lines. */
async function named(text: string): Promise<string[]> {
  return (await open().named(text)).map(
    ({ path, reason, isWanted, lines }) =>
      `${path}${isWanted ? '!' : ''} (${[reason, ...lines].join(' ')})`,
  );
}

describe('files of a project that a text names', () => {
  it('lists nothing for a text that names nothing, and reads nothing for one that names files', async () => {
    expect(await open(join(root, 'not there')).named('What is 2+2?')).toEqual([]);
    expect(await named('Look at src/cart.ts')).toEqual(['src/cart.ts! (named)']);
    expect(existsSync(join(root, '.blueprint'))).toBe(false);
    await named('priceOf');
    expect(existsSync(join(root, '.blueprint/index'))).toBe(true);
  });

  it.each<[string, string, string[]]>([
    ['a path', 'Why src/cart.ts?', ['src/cart.ts! (named)']],
    ['a path with a line', 'see src/cart.ts:4:2', ['src/cart.ts (named 4)']],
    ['slashes of Windows', String.raw`in src\price.ts`, ['src/price.ts! (named)']],
    ['an end of a path', 'in admin/price.ts', ['src/admin/price.ts! (named as admin/price.ts)']],
    [
      'a name that two files have',
      'in price.ts',
      ['src/admin/price.ts! (named as price.ts)', 'src/price.ts! (named as price.ts)'],
    ],
    ['a name that many files have', 'in index.ts', []],
    ['a file without an ending', 'the Makefile', ['Makefile! (named)']],
    ['a file that is not there', 'make src/bill.ts', []],
    ['a file in another case', 'in src/CART.ts', []],
    ['a secret', 'What is in .env?', []],
    ['what is ignored', 'ignored/cart.ts and hiddenOne', []],
    ['a path out of the project', '../../etc/passwd.txt', []],
    ['a name of code', 'How does priceOf round?', ['src/price.ts (declares priceOf 1)']],
    ['one that tests alone declare', 'use makeCart', ['tests/cart.test.ts (declares makeCart 2)']],
    ['one in other cases', 'PriceOf, price_of and PRICE_OF', []],
    ['one that many files declare', 'every_one', []],
    ['a plain word in backticks', 'Is `list` empty?', ['src/admin/price.ts (declares list 2)']],
    ['a plain word', 'Please run the list of the total', []],
    ['a member', 'What is `Cart.total`?', ['src/cart.ts (declares total 4)']],
    ['a member of another', 'What is `Basket.total`?', []],
    ['a product', 'How old is GitHub?', []],
    ['another language', 'Was macht token_of_user?', ['src/GitHub.ts (declares token_of_user 1)']],
    [
      'several, files first, each once',
      'priceOf in src/price.ts:2, called by src/cart.ts',
      ['src/price.ts (named 2 1)', 'src/cart.ts! (named)'],
    ],
    ['nothing', '', []],
  ])('%s', async (_what, text, files) => {
    expect(await named(text)).toEqual(files);
  });

  it('knows paths as a terminal shows them', async () => {
    const text = `at Cart.total (${join(root, 'src/cart.ts')}:4:10)`;
    expect(await named(text)).toEqual(['src/cart.ts (named 4)']);
  });

  it('shows the pieces that hold lines', async () => {
    const text = Array.from({ length: 30 }, (_, at) => `const a${at} = 1;\n`.repeat(10)).join('\n');
    const excerpt = await open().excerpt('src/long.ts', text, [3, 4, 200]);
    expect(excerpt).toMatch(/^lines 1 to \d+:\nconst a0 = 1;/);
    expect(excerpt).toMatch(/\n\nlines \d+ to \d+:\n/);
    expect(excerpt.match(/lines /g)).toHaveLength(2);
    expect(await open().excerpt('src/long.ts', text, [9_999])).toBe('');
  });
});
