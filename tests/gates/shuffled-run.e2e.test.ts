import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeTemporaryFolder } from '../../src/files/temporary-folder.ts';
import { hostPackages } from '../../src/gates/host-packages.ts';
import type { Verdict } from '../../src/gates/verdict.ts';
import { checkTests } from './checked.ts';
import { hostPrograms } from '../helpers/sandboxes.ts';
import { writeFiles } from './inputs.ts';

/** This repository's own packages: vitest is one of them. */
const gate = { host: hostPackages(join(import.meta.dirname, '../..'), {}) };
const numbers = [0, 1, 2, 3, 4, 5, 6, 7];

/** Tests each of which needs all before it. */
const chained = (title: string): string => `import { expect, test } from 'vitest';
let ran = 0;
${numbers.map((number) => `test('${title} ${number}', () => expect(ran++).toBe(${number}));\n`).join('')}`;

/** Tests of a function, each of which stands for itself. */
const own = `import { expect, test } from 'vitest';
import { next } from '../src/next.js';
${numbers.map((number) => `test('follows ${number}', () => expect(next(${number})).toBe(${number + 1}));\n`).join('')}`;

const next = 'export const next = (number) => number + 1;\n';
/** Right as long as it is asked in one order. */
const remembering = `let last = -1;
export const next = (number) => (last = number > last ? number : last) + 1;
`;
const manifest = (more = {}): string => JSON.stringify({ type: 'module', ...more });

/** Found by its manifest. */
const before = {
  'package.json': manifest({ devDependencies: { vitest: '*' } }),
  'src/next.js': next,
  'test/next.test.js': own,
};

test('tests that depend on their order before the work too are a remark', async () => {
  const base = { ...before, 'test/old.test.js': chained('old') };
  const { result } = await checkTests({ 'src/other.js': 'export {};\n' }, base, { gate });
  expect(result).toMatchObject({ status: 'passed', findings: [] });
  expect(result.summary).toMatch(
    /depends on the order of tests, also before this task \(seed \d+\): test\/old\.test\.js › old \d/,
  );
});

test('tests of the work that depend on their order are a finding that does not block', async () => {
  const work = { 'test/new.test.js': chained('new') };
  const { result } = await checkTests(work, before, { gate });
  expect(result.status, result.summary).toBe('passed');
  expect(result.summary).toMatch(/passed, and failed in another order of tests \(seed \d+\)/);
  expect(result.findings[0]).toMatchObject({
    severity: 'minor',
    location: 'test/new.test.js',
    evidence: expect.stringMatching(/^new \d: passed, and failed when the tests ran in/) as string,
  });
  const again = await checkTests(work, before, { gate });
  expect(again.result.summary).toBe(result.summary);
});

// A script is told of the order in another way; what follows from its runs is the same.
test.each([
  ['vitest', {}],
  ['a script', { 'package.json': manifest({ scripts: { test: 'vitest run' } }) }],
] as const)(
  'by %s a work that fails in an order in which the project passed before is to blame',
  async (_way, more) => {
    const base = { ...before, ...more };
    const { result } = await checkTests({ 'src/next.js': remembering }, base, { gate });
    expect(result.status, result.summary).toBe('failed');
    expect(result.findings[0]).toMatchObject({
      severity: 'blocker',
      location: 'test/next.test.js',
      evidence: expect.stringMatching(/failed twice when the tests ran in another/) as string,
    });
  },
);

const fixed = [
  [
    'a config file',
    { 'vitest.config.js': 'export default { test: { sequence: { shuffle: false } } };\n' },
  ],
  [
    'its script',
    { 'package.json': manifest({ scripts: { test: 'vitest run --sequence.shuffle=false' } }) },
  ],
] as const;
test.each(fixed)('an order that %s fixes is kept', async (_where, files) => {
  const base = { 'package.json': manifest({ devDependencies: { vitest: '*' } }), ...files };
  const { result } = await checkTests({ 'test/new.test.js': chained('new') }, base, { gate });
  expect(result).toMatchObject({ status: 'passed', findings: [] });
});

/** Stands in for a version of a runner: one test, which fails where it is told to shuffle. */
const program = `const { existsSync, writeFileSync } = require('node:fs');
const given = process.argv.slice(2);
const path = given.find((word) => /^--outputFile/.test(word)).split('=')[1];
const told = given.filter((word) => /seq|random|seed/.test(word)).join(' ');
const assertionResults = [{ status: told === '' ? 'passed' : 'failed', title: 'one', fullName: 'one', failureMessages: ['told ' + told] }];
const testResults = [{ name: process.cwd() + '/one.test.js', status: 'passed', message: '', assertionResults }];
const isThere = existsSync('one.test.js');
writeFileSync(path, JSON.stringify({ success: told === '', testResults: isThere ? testResults : [] }));
process.exitCode = told === '' ? 0 : 1;
`;

async function installed(runner: 'vitest' | 'jest', version: string): Promise<Verdict[]> {
  await using project = await makeTemporaryFolder();
  const at = `node_modules/${runner}`;
  const start = runner === 'jest' ? 'bin/jest.js' : 'vitest.mjs';
  await writeFiles(project.path, {
    [`${at}/package.json`]: JSON.stringify({ name: runner, version }, null, 2),
    [`${at}/${start}`]: start.endsWith('mjs')
      ? `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\n${program}`
      : program,
  });
  const host = hostPackages(project.path, {});
  const work = { 'one.test.js': "test('one', () => {});\n" };
  const results: Verdict[] = [];
  for (const more of [{}, { scripts: { test: `node ${at}/${start} run` } }]) {
    const text = JSON.stringify({ devDependencies: { [runner]: '*' }, ...more });
    const base = { 'package.json': text };
    results.push((await checkTests(work, base, { gate: { host } })).result);
  }
  return results;
}

const versions = [
  ['jest', '28.1.3', null],
  ['jest', '29.4.3', null],
  ['jest', '29.5.0', /told --randomize --seed=\d+$/],
  ['jest', '30.0.0-beta.1', /told --randomize --seed=\d+$/],
  ['vitest', '0.34.6', null],
  ['vitest', '1.0.0', /told --sequence\.shuffle --sequence\.seed=\d+$/],
  ['vitest', '12.3.4', /told --sequence\.shuffle --sequence\.seed=\d+$/],
] as const;
test.each(versions)('%s %s is told what it knows alone', async (runner, version, told) => {
  for (const result of await installed(runner, version)) {
    expect(result.status, result.summary).toBe('passed');
    const words = result.findings.map(({ evidence }) => evidence);
    expect(words).toEqual(told === null ? [] : [expect.stringMatching(told)]);
  }
});

/** Stands in for a plugin that shuffles: by a seed it turns the order around. */
const plugin = (
  options: Readonly<Record<string, string>>,
  isAsked: string,
): string => `def pytest_addoption(parser):
${Object.entries(options)
  .map(([name, value]) => `    parser.addoption("--${name}", dest="${name}", default=${value})\n`)
  .join('')}
def pytest_collection_modifyitems(config, items):
    option = config.option
    if ${isAsked}:
        items.reverse()
`;
const isRandomly = 'option.randomly_reorganize and isinstance(option.randomly_seed, int)';
const isRandomOrder = 'not option.random_order_seed.startswith("default:")';
const plugins = [
  [
    'pytest-randomly',
    { randomly_seed: '"default"', randomly_reorganize: 'True' },
    isRandomly,
    true,
  ],
  [
    'pytest-randomly that keeps the order',
    { randomly_seed: '"default"', randomly_reorganize: 'False' },
    'isinstance(option.randomly_seed, int)',
    false,
  ],
  [
    'pytest-randomly with a seed',
    { randomly_seed: '"7"', randomly_reorganize: 'True' },
    'option.randomly_seed != "7"',
    false,
  ],
  [
    'pytest-random-order',
    { random_order_seed: '"default:9"', random_order_bucket: '"default:module"' },
    isRandomOrder,
    true,
  ],
  [
    'pytest-random-order without buckets',
    { random_order_seed: '"default:9"', random_order_bucket: '"none"' },
    isRandomOrder,
    false,
  ],
  ['no plugin', { other: '"default"' }, 'False', false],
] as const;
const hasPytest = (await hostPrograms.find('pytest')) !== null;
test.skipIf(!hasPytest).each(plugins)(
  '%s (needs pytest)',
  async (_name, options, isAsked, shuffles) => {
    const body = numbers.map(
      (number) =>
        `def test_${number}():\n    ran.append(1)\n    assert len(ran) == ${number + 1}\n`,
    );
    const base = {
      'conftest.py': plugin(options, isAsked),
      'tests/test_old.py': 'def test_one():\n    assert 1 == 1\n',
    };
    const { result } = await checkTests(
      { 'tests/test_new.py': `ran = []\n${body.join('')}` },
      base,
    );
    expect(result.status, result.summary).toBe('passed');
    expect(result.findings.length > 0).toBe(shuffles);
    expect(result.summary.includes('failed in another order of tests')).toBe(shuffles);
  },
);
