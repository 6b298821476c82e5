import { expect, test } from 'vitest';
import { resolving } from './resolving.ts';

test('relative paths, with and without endings, of folders, and what was compiled', async () => {
  const asked = await resolving('typescript', [
    'src/a.ts',
    'src/b.tsx',
    'src/c/index.ts',
    'src/d.js',
    'src/d.ts',
    'src/e.mts',
    'src/f.vue',
    'src/g.d.ts',
    'src/data.json',
    'src/c.test.ts',
    'index.ts',
  ]);
  const from = 'src/main.ts';
  expect(asked(from, './a.ts')).toEqual(['src/a.ts']);
  expect(asked(from, './a')).toEqual(['src/a.ts']);
  expect(asked(from, './a.js')).toEqual(['src/a.ts']);
  expect(asked(from, './b.js')).toEqual(['src/b.tsx']);
  expect(asked(from, './c')).toEqual(['src/c/index.ts']);
  expect(asked(from, './c/')).toEqual(['src/c/index.ts']);
  expect(asked(from, './c.test')).toEqual(['src/c.test.ts']);
  expect(asked(from, './d.js')).toEqual(['src/d.js']);
  expect(asked(from, './e.mjs')).toEqual(['src/e.mts']);
  expect(asked(from, './f.vue?raw')).toEqual(['src/f.vue']);
  expect(asked(from, './g')).toEqual(['src/g.d.ts']);
  expect(asked(from, './data.json')).toEqual(['src/data.json']);
  expect(asked('src/c/x.ts', '../a')).toEqual(['src/a.ts']);
  expect(asked('src/c/x.ts', '.')).toEqual(['src/c/index.ts']);
  expect(asked('src/c/x.ts', '../..')).toEqual(['index.ts']);
});

test('what is outside, absent, or the file itself leads nowhere', async () => {
  const asked = await resolving('typescript', ['src/a.ts']);
  expect(asked('src/b.ts', 'lodash')).toEqual([]);
  expect(asked('src/b.ts', 'node:fs')).toEqual([]);
  expect(asked('src/b.ts', './none')).toEqual([]);
  expect(asked('src/b.ts', '../../../a')).toEqual([]);
  expect(asked('src/b.ts', '')).toEqual([]);
  expect(asked('src/a.ts', './a')).toEqual([]);
});

test('paths and baseUrl of the nearest config, with comments and what it extends', async () => {
  const asked = await resolving('tsx', {
    'tsconfig.base.json': `{ // shared
      "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["src/*", "lib/*"], "@/x/*": ["special/*"], "one": ["src/one.ts"] } },
    }`,
    'tsconfig.json': '{ "extends": "./tsconfig.base" }',
    'app/tsconfig.json':
      '{ "compilerOptions": { "paths": { "~/*": ["./code/*"] } }, "extends": ["../none.json"] }',
    'flat/jsconfig.json': '{ "compilerOptions": { "baseUrl": "src" } }',
    'broken/tsconfig.json': '{ "compilerOptions": [',
    'src/a.ts': '',
    'src/one.ts': '',
    'lib/b.ts': '',
    'special/a.ts': '',
    'app/code/c.tsx': '',
    'flat/src/d/index.js': '',
  });
  expect(asked('src/z.ts', '@/a')).toEqual(['src/a.ts']);
  expect(asked('src/z.ts', '@/b')).toEqual(['lib/b.ts']);
  expect(asked('src/z.ts', '@/x/a')).toEqual(['special/a.ts']);
  expect(asked('src/deep/z.ts', 'one')).toEqual(['src/one.ts']);
  expect(asked('src/z.ts', 'src/a')).toEqual(['src/a.ts']);
  expect(asked('app/code/z.ts', '~/c')).toEqual(['app/code/c.tsx']);
  expect(asked('app/code/z.ts', '@/a')).toEqual([]);
  expect(asked('flat/z.js', 'd')).toEqual(['flat/src/d/index.js']);
  expect(asked('broken/z.ts', '@/a')).toEqual([]);
});

test('a config of references alone leaves its paths to those; a circle ends', async () => {
  const asked = await resolving('typescript', {
    'tsconfig.json':
      '{ "files": [], "references": [{ "path": "./tsconfig.node.json" }, { "path": "./tsconfig.app.json" }] }',
    'tsconfig.node.json': '{}',
    'tsconfig.app.json': '{ "compilerOptions": { "paths": { "@/*": ["${configDir}/src/*"] } } }',
    'round/tsconfig.json': '{ "extends": "./tsconfig.json" }',
    'src/a.ts': '',
  });
  expect(asked('src/z.ts', '@/a')).toEqual(['src/a.ts']);
  expect(asked('round/z.ts', '@/a')).toEqual([]);
});

test('packages of the workspace by name, with their exports, mains and what these were built from', async () => {
  const asked = await resolving(
    'typescript',
    {
      'packages/core/package.json': JSON.stringify({
        name: '@shop/core',
        exports: {
          '.': { types: './dist/index.d.ts', import: './dist/index.js' },
          './clock': './dist/time/clock.js',
          './parts/*': { default: './src/parts/*.ts' },
        },
      }),
      'packages/core/src/index.ts': '',
      'packages/core/src/time/clock.ts': '',
      'packages/core/src/parts/one.ts': '',
      'packages/core/src/deep.ts': '',
      'packages/plain/package.json': '{ "name": "plain", "main": "lib/main.js" }',
      'packages/plain/lib/main.js': '',
      'packages/plain/lib/sub.js': '',
      'packages/bare/src/index.ts': '',
      'packages/bare/package.json': '{ broken',
      'app/package.json': '{ "imports": { "#own/*": "./src/*.ts", "#core": "@shop/core" } }',
      'app/src/own.ts': '',
    },
    [{ folder: 'packages/bare', name: 'bare' }],
  );
  const from = 'app/src/z.ts';
  expect(asked(from, '@shop/core')).toEqual(['packages/core/src/index.ts']);
  expect(asked(from, '@shop/core/clock')).toEqual(['packages/core/src/time/clock.ts']);
  expect(asked(from, '@shop/core/parts/one')).toEqual(['packages/core/src/parts/one.ts']);
  expect(asked(from, '@shop/core/src/deep')).toEqual(['packages/core/src/deep.ts']);
  expect(asked(from, 'plain')).toEqual(['packages/plain/lib/main.js']);
  expect(asked(from, 'plain/lib/sub')).toEqual(['packages/plain/lib/sub.js']);
  expect(asked(from, 'bare')).toEqual(['packages/bare/src/index.ts']);
  expect(asked(from, '#own/own')).toEqual(['app/src/own.ts']);
  expect(asked(from, '#core')).toEqual(['packages/core/src/index.ts']);
  expect(asked(from, '@shop/none')).toEqual([]);
  expect(asked(from, '@shop')).toEqual([]);
});

test('keys that every object has are no package and no path', async () => {
  const asked = await resolving('typescript', {
    'package.json': '{ "name": "x", "imports": {}, "exports": {} }',
    'tsconfig.json': '{ "compilerOptions": { "paths": {} } }',
  });
  expect(asked('a.ts', 'constructor')).toEqual([]);
  expect(asked('a.ts', 'x/toString')).toEqual([]);
  expect(asked('a.ts', '__proto__')).toEqual([]);
});
