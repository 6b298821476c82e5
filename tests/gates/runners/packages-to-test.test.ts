import { expect, test } from 'vitest';
import { npmPackages } from '../../../src/repository/packages/npm-manifests.ts';
import { packagesToTest } from '../../../src/gates/runners/packages-to-test.ts';

const scripted = (script: string | null, more: object = {}): string =>
  JSON.stringify({ ...(script !== null && { scripts: { test: script } }), ...more });

async function chosen(files: Record<string, string>, touched: string[]): Promise<string[]> {
  const read = (path: string) => Promise.resolve(files[path] ?? null);
  const packages = await npmPackages({ files: new Set(Object.keys(files)), read });
  return packagesToTest(packages, touched).map(({ folder }) => folder);
}

const packages = {
  'packages/core/package.json': scripted('vitest run', { name: '@acme/core' }),
  'packages/app/package.json': scripted('vitest run', {
    name: '@acme/app',
    dependencies: { '@acme/core': 'workspace:*' },
  }),
  'packages/docs/package.json': scripted(null, { name: '@acme/docs' }),
  'packages/site/package.json': scripted('jest', {
    name: '@acme/site',
    devDependencies: { '@acme/app': '1.0.0' },
  }),
};

test.each<[string, string | null, string[], string[]]>([
  ['the root alone', 'node --test', ['src/a.js'], ['']],
  ['a script that runs all', 'npm test --workspaces', ['packages/core/a.js'], ['']],
  ['another one', 'pnpm -r test', ['packages/core/a.js'], ['']],
  ['another one', 'turbo run test', ['packages/core/a.js'], ['']],
  ['root and package', 'eslint .', ['packages/site/a.js'], ['', 'packages/site']],
  [
    'those that stand on it, at any distance',
    null,
    ['packages/core/a.js'],
    ['packages/app', 'packages/core', 'packages/site'],
  ],
  [
    'a package without tests',
    null,
    ['packages/docs/a.md'],
    ['packages/app', 'packages/core', 'packages/site'],
  ],
  ['all where nothing is known', null, [], ['packages/app', 'packages/core', 'packages/site']],
])('%s: %s', async (_, script, touched, folders) => {
  const files = { ...packages, ...(script !== null && { 'package.json': scripted(script) }) };
  expect(await chosen(files, touched)).toEqual(folders);
});

test('data of tests and installed packages are none', async () => {
  const files = {
    'package.json': scripted('vitest'),
    'test/fixtures/x/package.json': scripted('exit 1'),
    'templates/app/package.json': scripted('exit 1'),
  };
  expect(await chosen(files, ['test/fixtures/x/a.js'])).toEqual(['']);
});

test('a byte order mark and broken JSON are read past', async () => {
  expect(await chosen({ 'package.json': `\ufeff${scripted('vitest')}` }, [])).toEqual(['']);
  expect(await chosen({ 'package.json': '{' }, [])).toEqual([]);
});
