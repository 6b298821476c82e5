import { chmod, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mkdir } from '../../../src/files/disk.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../../../src/files/temporary-folder.ts';
import { hostPackages } from '../../../src/gates/host-packages.ts';
import type { HostPackages } from '../../../src/gates/runners/runner.ts';
import { checkTests } from '../checked.ts';
import { writeFiles } from '../inputs.ts';
import { outcomes, tried } from '../trial/tried.ts';

const adds = (operator: string): string => `export const add = (a, b) => a ${operator} b;\n`;

describe('jasmine, as it is installed here', () => {
  const gate = { host: hostPackages(join(import.meta.dirname, '../../..'), {}) };
  const specOf = (
    name: string,
    module: string,
  ): string => `import { add } from '../src/${module}.js';
describe('${name}', () => {
  it('adds', () => {
    expect(add(1, 2)).toBe(3);
  });
  xit('waits', () => {});
});
`;
  const project = {
    'package.json': '{ "type": "module", "scripts": { "test": "jasmine" } }',
    'src/add.js': adds('+'),
    'spec/add.spec.js': specOf('sums', 'add'),
    'spec/support/jasmine.json': '{ "spec_dir": "spec", "spec_files": ["*.spec.js"] }',
  };

  test('each spec is known by its name and file', async () => {
    const right = await checkTests({ 'src/add.js': `// Adds.\n${adds('+')}` }, project, { gate });
    expect(right.result.summary).toBe('npm test: 1 test passed, 1 skipped');
    const wrong = await checkTests({ 'src/add.js': adds('-') }, project, { gate });
    expect(wrong.result.findings).toMatchObject([
      {
        location: 'spec/add.spec.js:4',
        evidence: expect.stringMatching(/^sums adds: Expected -1 to be 3\./),
      },
    ]);
  });

  test('specs can be tried by their files, and one that cannot be loaded is told', async () => {
    const tests = {
      'spec/r1.spec.js': specOf('R1', 'sum'),
      'spec/r2.spec.js': specOf('R2', 'add'),
    };
    const files = await tried(tests, project, { gate });
    expect(files['spec/r1.spec.js']?.problem?.kind).toBe('not_loaded');
    expect(outcomes(files['spec/r2.spec.js'])).toEqual({
      'R2 adds': 'passed',
      'R2 waits': 'skipped',
    });
  });
});

/** Tells as ava does, of files that hold titles with how they come out, a line each. */
const ava = `#!/usr/bin/env node
import { readdirSync, readFileSync } from 'node:fs';
const words = process.argv.slice(2).filter((word) => word !== '--tap');
if (words.length === process.argv.length - 2) { console.log('  2 tests failed'); process.exit(1); }
const files = words.length > 0 ? words : readdirSync('test').map((name) => 'test/' + name);
const points = files.flatMap((file) => readFileSync(file, 'utf8').split('\\n').flatMap((line) => {
  const [, verdict, title] = /^test\\('(passes|fails|asks) (.*)'\\)/.exec(line) ?? [];
  const shown = files.length > 1 ? file.replace(/^.*\\/|\\.js$/g, '') + ' › ' + title : title;
  const said = verdict === 'asks' ? readFileSync('src/verdict.txt', 'utf8').trim() : verdict;
  return title === undefined ? [] : [{ verdict: said, shown }];
}));
console.log('TAP version 13');
for (const [at, { verdict, shown }] of points.entries()) {
  console.log((verdict === 'fails' ? 'not ok ' : 'ok ') + (at + 1) + ' - ' + shown);
  if (verdict === 'fails') console.log("  ---\\n    name: AssertionError\\n    message: 'is otherwise'\\n    at: 'x'\\n  ...");
}
console.log('\\n1..' + points.length);
process.exitCode = points.some(({ verdict }) => verdict === 'fails') ? 1 : 0;
`;

describe('ava', () => {
  let folder: TemporaryFolder;
  let host: HostPackages;
  beforeAll(async () => {
    folder = await makeTemporaryFolder();
    const packages = join(folder.path, 'node_modules');
    await writeFiles(packages, {
      'ava/package.json': '{ "name": "ava", "type": "module" }',
      'ava/entrypoints/cli.mjs': ava,
    });
    await chmod(join(packages, 'ava/entrypoints/cli.mjs'), 0o755);
    await mkdir(join(packages, '.bin'));
    await symlink('../ava/entrypoints/cli.mjs', join(packages, '.bin/ava'));
    host = hostPackages(folder.path, {});
  });
  afterAll(() => folder.remove());

  const testsOf = (...titles: string[]): string =>
    ["import test from 'ava';", ...titles.map((title) => `test('${title}')`), ''].join('\n');
  const project = {
    'package.json':
      '{ "type": "module", "scripts": { "test": "ava && node end.js" }, "devDependencies": { "ava": "6" } }',
    'end.js': 'console.log("ok 1 - printed");\n',
    'test/one.js': testsOf('passes at first', 'fails always'),
    'test/two.js': testsOf('asks at first'),
    'src/verdict.txt': 'passes\n',
  };

  test('its report is asked for, tests are known by file and title, and what failed before is no fault', async () => {
    const same = await checkTests({ 'src/new.js': 'export {};\n' }, project, { gate: { host } });
    expect(same.result).toMatchObject({ status: 'passed', findings: [] });
    expect(same.result.summary).toBe(
      'npm test: 2 tests passed; failed before this task too: test/one.js › always',
    );
    const work = { 'src/verdict.txt': 'fails\n' };
    const wrong = await checkTests(work, project, { gate: { host } });
    expect(wrong.result.status).toBe('failed');
    const blockers = wrong.result.findings.filter(({ severity }) => severity === 'blocker');
    expect(blockers).toMatchObject([
      { location: 'test/two.js', evidence: expect.stringContaining('at first: message: ') },
    ]);
  });

  test('a file alone is told by its own', async () => {
    const tests = { 'test/r1.js': testsOf('passes R1'), 'test/r2.js': testsOf('fails R2') };
    const files = await tried(tests, project, { gate: { host } });
    expect(outcomes(files['test/r1.js'])).toEqual({ R1: 'passed' });
    expect(outcomes(files['test/r2.js'])).toEqual({ R2: 'failed' });
  });
});
