import { chmod, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mkdir } from '../../../src/files/disk.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../../../src/files/temporary-folder.ts';
import { hostPackages } from '../../../src/gates/host-packages.ts';
import { checkTests } from '../checked.ts';
import { writeFiles } from '../inputs.ts';
import { outcomes, tried } from '../trial/tried.ts';

/** Starts, loads and tells as mocha 12 does: a module throughout, that gives up where one file cannot be loaded. */
const mocha = `#!/usr/bin/env node
import { EventEmitter } from 'node:events';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
const words = process.argv.slice(2);
const at = words.indexOf('--reporter');
const [, Reporter] = at === -1 ? [] : [words.splice(at, 2)].map(([, path]) => [path, createRequire(import.meta.url)(path)])[0];
const files = words.length > 0 ? words : readdirSync('test').map((name) => 'test/' + name);
const runner = new EventEmitter();
const names = [];
const tests = [];
let file;
globalThis.describe = (name, body) => { names.push(name); body(); names.pop(); };
globalThis.it = (title, body) => {
  const full = [...names, title].join(' ');
  tests.push({ title, file, body, fullTitle: () => full });
};
globalThis.it.skip = (title) => globalThis.it(title, null);
try {
  for (file of files.map((path) => resolve(path))) await import(file);
} catch (error) {
  console.error('Exception during run:', error);
  process.exit(1);
}
if (Reporter !== undefined) new Reporter(runner, {});
for (const test of tests) {
  if (test.body === null) { runner.emit('pending', test); continue; }
  try { await test.body(); runner.emit('pass', test); }
  catch (error) { process.exitCode = 1; runner.emit('fail', test, error); }
}
runner.emit('end');
`;
const spec = `export const reporters = {
  Spec: class { constructor(runner) { runner.on('pass', ({ title }) => console.log('✔ ' + title)); } },
};
`;
const module = (name: string): string =>
  `{ "name": "${name}", "type": "module", "main": "index.js" }`;

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await makeTemporaryFolder();
  const packages = join(folder.path, 'node_modules');
  await writeFiles(packages, {
    'mocha/package.json': module('mocha'),
    'mocha/index.js': spec,
    'mocha/bin/mocha.js': mocha,
  });
  await chmod(join(packages, 'mocha/bin/mocha.js'), 0o755);
  await mkdir(join(packages, '.bin'));
  await symlink('../mocha/bin/mocha.js', join(packages, '.bin/mocha'));
  await symlink(join(import.meta.dirname, '../../../node_modules/chai'), join(packages, 'chai'));
});
afterAll(() => folder.remove());

const gate = () => ({ host: hostPackages(folder.path, {}) });
const adds = (operator: string): string => `export const add = (a, b) => a ${operator} b;\n`;
const testOf = (what: string): string => `import { expect } from 'chai';
import { add } from '../src/${what}.js';

describe('R1.1', () => {
  it('${what} adds', () => {
    expect(add(1, 2)).to.equal(3);
  });
});
`;
const project = {
  'package.json': '{ "type": "module", "scripts": { "test": "mocha" } }',
  'src/add.js': adds('+'),
  'test/add.js': testOf('add'),
};

test('the assertions of chai are held to what they say', async () => {
  const harmless = { 'src/add.js': `// Adds.\n${adds('+')}` };
  const right = await checkTests(harmless, project, { gate: gate() });
  expect(right.result.summary).toBe('npm test: 1 test passed');
  const wrong = await checkTests({ 'src/add.js': adds('-') }, project, { gate: gate() });
  expect(wrong.result.findings.map(({ evidence }) => evidence.split('\n')[0])).toEqual([
    'R1.1 add adds: AssertionError: expected -1 to equal 3',
  ]);
});

test('one that cannot be loaded keeps no other from being told', async () => {
  const tests = { 'test/r1-1.js': testOf('sum'), 'test/r1-2.js': testOf('add') };
  const files = await tried(tests, project, { gate: gate() });
  expect(files['test/r1-1.js']?.problem?.kind).toBe('not_loaded');
  expect(files['test/r1-1.js']?.problem?.text).toMatch(/Cannot find module .*sum\.js/);
  expect(outcomes(files['test/r1-2.js'])).toEqual({ 'R1.1 add adds': 'passed' });
});
