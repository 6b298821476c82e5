import { symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mkdir } from '../../../src/files/disk.ts';
import { makeTemporaryFolder } from '../../../src/files/temporary-folder.ts';
import { hostPackages } from '../../../src/gates/host-packages.ts';
import { plain, strongest } from '../../helpers/sandboxes.ts';
import { checkTests } from '../checked.ts';
import { writeFiles } from '../inputs.ts';

const manifest = (name: string, more = {}): string =>
  JSON.stringify({ name, version: '1.0.0', type: 'module', exports: './index.js', ...more });

/** What is committed: two packages, one of which uses all that is installed. */
const committed = {
  'package.json': JSON.stringify({ private: true, type: 'module', workspaces: ['packages/*'] }),
  'packages/core/package.json': manifest('@acme/core', { bin: 'bin.js' }),
  'packages/core/index.js': 'export const add = (a, b) => a + b;\n',
  'packages/core/bin.js':
    "#!/usr/bin/env node\nimport { add } from './index.js';\nconsole.log(add(1, 2));\n",
  'packages/app/package.json': manifest('app'),
  'packages/app/app.test.js': `import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { add } from '@acme/core';
import { left } from 'leftish';
import { away } from 'elsewhere';
import { made } from 'generated';

test('the sibling', () => assert.equal(add(1, 2), 3));
test('its program', () => {
  const program = new URL('../../node_modules/.bin/core', import.meta.url);
  assert.equal(execFileSync(process.execPath, [program.pathname], { encoding: 'utf8' }), '3\\n');
});
test('a package of the store', () => assert.equal(left, 1));
test('one that is elsewhere', () => assert.equal(away, 2));
test('one that is generated', () => assert.equal(made, 3));
`,
};
/** What stands on the host alone. */
const store = 'project/node_modules/.pnpm/leftish@1.0.0/node_modules';
const installed = {
  [`${store}/leftish/package.json`]: manifest('leftish'),
  [`${store}/leftish/index.js`]: 'export const left = 1;\n',
  [`${store}/plugin/package.json`]: manifest('plugin'),
  [`${store}/plugin/index.js`]: "export { add } from '@acme/core';\n",
  'elsewhere/package.json': manifest('elsewhere'),
  'elsewhere/index.js': 'export const away = 2;\n',
  'project/build/generated/package.json': manifest('generated'),
  'project/build/generated/index.js': 'export const made = 3;\n',
};
const links = {
  'project/node_modules/@acme/core': 'project/packages/core',
  'project/node_modules/.bin/core': 'project/packages/core/bin.js',
  'project/packages/app/node_modules/leftish': `${store}/leftish`,
  'project/packages/app/node_modules/plugin': `${store}/plugin`,
  'project/packages/app/node_modules/elsewhere': 'elsewhere',
  'project/packages/app/node_modules/generated': 'project/build/generated',
  [`${store}/@acme/core`]: 'project/packages/core',
};

async function laidOut() {
  const folder = await makeTemporaryFolder();
  await writeFiles(join(folder.path, 'project'), committed);
  await writeFiles(folder.path, installed);
  for (const [from, to] of Object.entries(links)) {
    await mkdir(dirname(join(folder.path, from)), { recursive: true });
    await symlink(relative(dirname(from), to), join(folder.path, from));
  }
  const homes = { cargo: '/nonexistent', go: '/nonexistent' };
  const host = hostPackages(join(folder.path, 'project'), homes);
  return { host, [Symbol.asyncDispose]: () => folder.remove() };
}

const subtracts = { 'packages/core/index.js': 'export const add = (a, b) => a - b;\n' };
const plugin = {
  'packages/app/plugin.test.js':
    "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { add } from 'plugin';\ntest('a package that uses the sibling', () => assert.equal(add(1, 2), 3));\n",
};

describe.each([strongest, plain])('packages of the project under $name', (sandbox) => {
  const gate = { sandbox: () => Promise.resolve(sandbox) };

  test("are the copy's own", async () => {
    await using project = await laidOut();
    const { host } = project;
    const right = await checkTests({ 'a.txt': 'x' }, committed, { gate: { ...gate, host } });
    expect(right.result).toMatchObject({ status: 'passed', findings: [] });
    const wrong = await checkTests(subtracts, committed, { gate: { ...gate, host } });
    expect(wrong.result.findings.map(({ evidence }) => evidence.split(':')[0])).toEqual([
      'the sibling',
      'its program',
    ]);
  });
});

test.skipIf(!strongest.isolated)('so they are for packages that use them', async () => {
  await using project = await laidOut();
  const { host } = project;
  const base = { ...committed, ...plugin };
  const { result } = await checkTests(subtracts, base, { gate: { host } });
  expect(result.findings.map(({ evidence }) => evidence.split(':')[0])).toContain(
    'a package that uses the sibling',
  );
});
