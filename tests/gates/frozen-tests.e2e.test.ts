import { expect, test } from 'vitest';
import { hostPrograms } from '../helpers/sandboxes.ts';
import { checkTests } from './checked.ts';

const head = "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n";
const testOf = (name: string, from: string, value: number): string =>
  `${head}import { one } from '${from}';\ntest('${name}', () => assert.equal(one, ${value}));\n`;
const frozenAt = (path: string, text: string) => ({ input: { frozen: new Map([[path, text]]) } });
const base = {
  'package.json': '{ "type": "module" }',
  'src/one.js': 'export const one = 1;\n',
  'test/one.test.js': testOf('one is a number', '../src/one.js', 1).replace(', 1)', ', one)'),
};
const fixed = testOf('R1.1 one is two', '../src/one.js', 2);
const right = { 'src/one.js': 'export const one = 2;\n' };

test('a file that the work has at the path of a test that was fixed is left out, and told', async () => {
  for (const path of ['test/r1.test.js', 'test/R1.test.js']) {
    const work = { ...right, [path]: `${head}test('mine', () => {});\n` };
    const { result } = await checkTests(work, base, frozenAt('test/r1.test.js', fixed));
    expect(result.status).toBe('failed');
    expect(result.findings).toMatchObject([
      { category: 'tampering', severity: 'blocker', location: path },
    ]);
    expect(result.findings[0]?.evidence).toMatch(/fixed for this task before the work began/);
    expect(result.findings[0]?.fixHint).toMatch(/another path/);
    expect(result.summary).toContain('node --test: 2 tests passed');
  }
});

test('a test that was fixed fails by its own words, and passes', async () => {
  const frozen = frozenAt('test/r1.test.js', fixed);
  const wrong = await checkTests({ 'src/other.js': 'export {};\n' }, base, frozen);
  expect(wrong.result).toMatchObject({
    status: 'failed',
    findings: [{ category: 'test', location: 'test/r1.test.js:4' }],
  });
  const { result } = await checkTests(right, base, frozen);
  expect(result).toMatchObject({ status: 'passed', findings: [] });
});

const packagesOf = (script: string) => ({
  'package.json': '{ "private": true, "workspaces": ["packages/*"] }',
  ...Object.fromEntries(
    ['a', 'b'].flatMap((name) => [
      [
        `packages/${name}/package.json`,
        `{ "name": "${name}", "type": "module", "scripts": { "test": "${script}" } }`,
      ],
      [`packages/${name}/one.js`, 'export const one = 1;\n'],
      [`packages/${name}/test/one.test.js`, testOf(`${name} has one`, '../one.js', 1)],
    ]),
  ),
});

test('of packages, that of the test runs it', async () => {
  const packages = packagesOf('node --test');
  const frozen = frozenAt('packages/b/test/r1.test.js', testOf('R1.1', '../one.js', 1));
  const work = { 'packages/a/more.js': 'export {};\n' };
  const { result } = await checkTests(work, packages, frozen);
  expect(result).toMatchObject({ status: 'passed', findings: [] });
  expect(result.summary).toContain('npm test in packages/b');
  const broken = frozenAt('packages/b/test/r1.test.js', testOf('R1.1', '../one.js', 2));
  expect((await checkTests(work, packages, broken)).result).toMatchObject({
    status: 'failed',
    findings: [{ location: 'packages/b/test/r1.test.js:4' }],
  });
});

test('a test that was fixed where the project runs none fails', async () => {
  const frozen = frozenAt('packages/b/test/r1.test.js', testOf('R1.1', '../one.js', 1));
  const work = { 'packages/a/more.js': 'export {};\n' };
  const packages = packagesOf('node --test test/one.test.js');
  const { result } = await checkTests(work, packages, frozen);
  expect(result.status).toBe('failed');
  expect(result.findings).toMatchObject([{ location: 'packages/b/test/r1.test.js' }]);
  expect(result.findings[0]?.evidence).toMatch(
    /does not take this file for a test; it runs packages\/b\/test\/one\.test\.js/,
  );
});

const hasPytest = (await hostPrograms.find('pytest')) !== null;

test.skipIf(!hasPytest)(
  'one that the project’s settings leave out is run by itself (needs pytest)',
  async () => {
    const project = {
      'pytest.ini': '[pytest]\ntestpaths = tests\n',
      'one.py': 'one = 1\n',
      'tests/test_one.py': 'from one import one\n\ndef test_one():\n    assert one\n',
    };
    const text = 'from one import one\n\ndef test_r1():\n    assert one == 2\n';
    const frozen = frozenAt('acceptance/test_r1.py', text);
    const { result } = await checkTests({ 'one.py': 'one = 2\n' }, project, frozen);
    expect(result).toMatchObject({ status: 'passed', findings: [] });
    expect(result.summary).toContain(
      'run by itself, as fixed for this task: acceptance/test_r1.py',
    );
    const wrong = await checkTests({ 'two.py': 'two = 2\n' }, project, frozen);
    expect(wrong.result).toMatchObject({
      status: 'failed',
      findings: [{ category: 'test', location: 'acceptance/test_r1.py' }],
    });
  },
);

const silenceable = `${head}import { ready } from '../src/ready.js';\nif (ready) test('R1.1', () => assert.equal(ready, 'yes'));\n`;

test.each([
  ['by the files', base],
  [
    'by a script',
    { ...base, 'package.json': '{ "type": "module", "scripts": { "test": "node --test" } }' },
  ],
])('a test that was fixed and that the work keeps silent fails: known %s', async (_, project) => {
  const frozen = frozenAt('test/r1.test.js', silenceable);
  const silent = { 'src/ready.js': 'export const ready = false;\n' };
  const { result } = await checkTests(silent, project, frozen);
  expect(result.status).toBe('failed');
  expect(result.findings).toMatchObject([{ category: 'test', location: 'test/r1.test.js' }]);
  const loud = { 'src/ready.js': "export const ready = 'yes';\n" };
  expect((await checkTests(loud, project, frozen)).result).toMatchObject({ status: 'passed' });
});

test('what was fixed for tests to stand on is no test', async () => {
  const helper = 'export const two = 2;\n';
  const using = fixed
    .replace('one, 2', 'one, two')
    .replace(head, `${head}import { two } from './two.js';\n`);
  const frozen = new Map([
    ['test/two.js', helper],
    ['test/r1.test.js', using],
  ]);
  const { result } = await checkTests(right, base, { input: { frozen } });
  expect(result).toMatchObject({ status: 'passed', findings: [] });
});

test('a command of the user’s that tells no test is no word on those that were fixed', async () => {
  const frozen = frozenAt('test/r1.test.js', fixed);
  const gate = { command: 'true' };
  const wrong = { 'src/other.js': 'export {};\n' };
  const failed = await checkTests(wrong, base, { ...frozen, gate });
  expect(failed.result).toMatchObject({
    status: 'failed',
    findings: [{ category: 'test', location: 'test/r1.test.js' }],
  });
  const { result } = await checkTests(right, base, { ...frozen, gate });
  expect(result).toMatchObject({ status: 'passed', findings: [] });
});
