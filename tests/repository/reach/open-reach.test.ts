import { expect, test } from 'vitest';
import { corpusOf } from '../../../src/repository/index/corpus.ts';
import { createTermTable } from '../../../src/repository/index/terms.ts';
import { openReach } from '../../../src/repository/reach/open-reach.ts';

type Texts = Readonly<Record<string, string>>;

const nothingIndexed = corpusOf([], createTermTable());
const { signal } = new AbortController();

async function reaching(texts: Texts, ...changed: string[]): Promise<readonly string[] | string> {
  const reach = openReach(async () => nothingIndexed, signal);
  const files = new Set(Object.keys(texts));
  const found = await reach(changed, { files, read: async (path) => texts[path] ?? null });
  return 'doubt' in found ? found.doubt : [...found.files].sort();
}

const shop = {
  'package.json': '{ "name": "shop", "type": "module" }',
  'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
  'src/price.ts': 'export const price = 1;\n',
  'src/cart.ts': "export { price } from './price.js';\n",
  'src/index.ts': "export * from './cart.js';\n",
  'src/other.ts': 'export const other = 1;\n',
};

test.each<[string, Texts]>([
  ['by its path', { 't.test.ts': "import { price } from './src/price.ts';\n" }],
  ['by one that hands it on', { 't.test.ts': "import { price } from './src/index.js';\n" }],
  ['by a folder', { 't.test.ts': "import { price } from './src';\n" }],
  ['by a path of the settings', { 't.test.ts': "import { price } from '@/cart';\n" }],
  ['by require', { 't.test.cjs': "const { price } = require('./src/price.ts');\n" }],
  ['by an import within a function', { 't.test.ts': "const a = await import('./src/cart.ts');\n" }],
  ['by a name that bundlers know', { 't.test.ts': "import { price } from '~lib/cart';\n" }],
  ['as a program', { 't.test.ts': "spawn('node', ['src/price.ts']);\n" }],
  ['as what it is compiled to', { 't.test.ts': "fork('dist/price.js');\n" }],
  ['by what is computed', { 't.test.ts': 'await import(name);\n' }],
  ['by all of a folder', { 't.test.ts': "import.meta.glob('./src/*.ts');\n" }],
])('a test that comes to a file %s is reached, and another is not', async (_how, asking) => {
  const beside = { 'beside.test.ts': "import { other } from './src/other.ts';\n" };
  const found = await reaching({ ...shop, ...beside, ...asking }, 'src/price.ts');
  expect(found).toEqual(expect.arrayContaining(['src/price.ts', ...Object.keys(asking)]));
  expect(found).not.toContain('beside.test.ts');
  expect(found).not.toContain('src/other.ts');
});

test('packages of a workspace reach each other by name', async () => {
  const texts = {
    'package.json': '{ "workspaces": ["packages/*"] }',
    'packages/a/package.json': '{ "name": "@x/a", "main": "./src/index.js" }',
    'packages/a/src/index.js': 'exports.a = 1;\n',
    'packages/b/package.json': '{ "name": "@x/b" }',
    'packages/b/test/b.test.js': "const { a } = require('@x/a');\n",
    'packages/c/package.json': '{ "name": "@x/c" }',
    'packages/c/test/c.test.js': "const { d } = require('@x/d');\n",
  };
  expect(await reaching(texts, 'packages/a/src/index.js')).toEqual([
    'packages/a/src/index.js',
    'packages/b/test/b.test.js',
  ]);
});

const python = {
  'pyproject.toml': '[project]\nname = "shop"\n',
  'src/shop/__init__.py': '',
  'src/shop/price.py': 'price = 1\n',
  'src/shop/cart.py': 'from .price import price\n',
  'src/shop/other.py': 'other = 1\n',
};

test.each<[string, Texts]>([
  ['by its module', { 'tests/test_a.py': 'from shop.price import price\n' }],
  ['from its package', { 'tests/test_a.py': 'from shop import price\n' }],
  ['by another module', { 'tests/test_a.py': 'import shop.cart\n' }],
  ['by a name in a text', { 'tests/test_a.py': "patch('shop.price.price', 2)\n" }],
  ['as a program', { 'tests/test_a.py': "run([sys.executable, 'src/shop/price.py'])\n" }],
  ['as a module that is run', { 'tests/test_a.py': "run([sys.executable, '-m', 'shop'])\n" }],
  ['by what is computed', { 'tests/test_a.py': 'importlib.import_module(name)\n' }],
])('a test of Python that comes to a file %s is reached', async (_how, asking) => {
  const beside = { 'tests/test_b.py': 'from shop.other import other\n' };
  const found = await reaching({ ...python, ...beside, ...asking }, 'src/shop/price.py');
  expect(found).toEqual(expect.arrayContaining(['src/shop/price.py', 'tests/test_a.py']));
  expect(found).not.toContain('tests/test_b.py');
});

test('what makes a package of Python is run for each module in it', async () => {
  const tests = { 'tests/test_b.py': 'from shop.other import other\n', 'tests/test_c.py': '' };
  const found = await reaching({ ...python, ...tests }, 'src/shop/__init__.py');
  expect(found).toContain('tests/test_b.py');
  expect(found).not.toContain('tests/test_c.py');
});

test('a conftest.py is loaded for the tests below it', async () => {
  const tests = {
    'tests/unit/conftest.py': 'from shop.price import price\n',
    'tests/unit/test_a.py': '',
    'tests/test_b.py': '',
  };
  const found = await reaching({ ...python, ...tests }, 'src/shop/price.py');
  expect(found).toEqual(expect.arrayContaining(['tests/unit/conftest.py', 'tests/unit/test_a.py']));
  expect(found).not.toContain('tests/test_b.py');
});

test('a package of Go is one thing, and its tests are nobody else’s', async () => {
  const texts = {
    'go.mod': 'module example.com/x\n\ngo 1.18\n',
    'a/a.go': 'package a\n',
    'a/more.go': 'package a\n',
    'a/a_test.go': 'package a_test\n\nimport _ "example.com/x/a"\n',
    'b/b.go': 'package b\n\nimport _ "example.com/x/a"\n',
    'b/b_test.go': 'package b\n',
    'c/c.go': 'package c\n',
    'c/c_test.go': 'package c\n',
  };
  expect(await reaching(texts, 'a/more.go')).toEqual([
    'a/a.go',
    'a/a_test.go',
    'a/more.go',
    'b/b.go',
    'b/b_test.go',
  ]);
  expect(await reaching(texts, 'a/a_test.go')).toEqual(['a/a_test.go']);
});

test.each<[string, Texts, string, string]>([
  ['gone', {}, 'src/gone.ts', 'src/gone.ts is gone'],
  ['data', { 'a.json': '{}' }, 'a.json', 'who uses a.json is not known'],
  ['a style sheet', { 'a.css': 'a {}' }, 'a.css', 'who uses a.css is not known'],
  ['another language', { 'a.rs': 'fn a() {}' }, 'a.rs', 'who uses a.rs is not known'],
  [
    'generated',
    { 'a.js': '// Code generated by protoc. DO NOT EDIT.\nexports.a = 1;\n' },
    'a.js',
    'a.js is generated',
  ],
  [
    'minified',
    { 'a.js': `var a=${'[1,2,3,4,5,6,7,8].map(x=>x+1),'.repeat(400)}0;` },
    'a.js',
    'a.js is minified',
  ],
])('of a file that is %s nothing is said', async (_what, more, path, doubt) => {
  expect(await reaching({ ...shop, ...more }, path)).toBe(doubt);
});
