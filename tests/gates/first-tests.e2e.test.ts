import { describe, expect, test } from 'vitest';
import type { Reach } from '../../src/gates/reach.ts';
import { testsGate } from '../../src/gates/tests.ts';
import type { Verdict } from '../../src/gates/verdict.ts';
import { corpusOf } from '../../src/repository/index/corpus.ts';
import { createTermTable } from '../../src/repository/index/terms.ts';
import { openReach } from '../../src/repository/reach/open-reach.ts';
import { hostPrograms } from '../helpers/sandboxes.ts';
import { runOnce, testing } from './checked.ts';
import { gateInput, running } from './inputs.ts';
import { packagesFor } from './own-packages.ts';

type Files = Readonly<Record<string, string>>;

const script = (test: string): Files => ({
  'package.json': JSON.stringify({ type: 'module', scripts: { test } }),
});

/** Starting a worker for each file takes most of the time. */
const oneWorker: Files = {
  'vitest.config.js': 'export default { test: { isolate: false, maxWorkers: 1 } };\n',
};

const testOf = (name: string): string =>
  `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { ${name} } from '../src/${name}.js';\n` +
  `test('${name} is one', () => { assert.equal(${name}, 1); });\n`;
const unittestOf = (name: string): string =>
  `import unittest\nimport ${name}\nclass Test(unittest.TestCase):\n    def test_${name}_is_one(self):\n        self.assertEqual(${name}.value, 1)\n`;

/** A project, what breaks it, and what mends it; the other runners are tried below, by more than one file. */
const cases: readonly [string, string, readonly [Files, Files, Files]][] = [
  [
    'npm test: node --test',
    'node',
    [
      {
        'src/one.js': 'export const one = 1;\n',
        'src/other.js': 'export const other = 1;\n',
        'test/one.test.js': testOf('one'),
        'test/other.test.js': testOf('other'),
        ...script('node --test'),
      },
      { 'src/one.js': 'export const one = 2;\n' },
      { 'src/one.js': 'export const one = 1; // Again.\n' },
    ],
  ],
  [
    'unittest',
    'python3',
    [
      {
        'one.py': 'value = 1\n',
        'other.py': 'value = 1\n',
        'test_one.py': unittestOf('one'),
        'test_other.py': unittestOf('other'),
      },
      { 'one.py': 'value = 2\n' },
      { 'one.py': 'value = 1  # Again.\n' },
    ],
  ],
];
const there = new Set<string>();
for (const [, program] of cases)
  if ((await hostPrograms.find(program)) !== null) there.add(program);

describe('what failed is run first, by itself, and all of it before anything is approved', () => {
  for (const [name, program, [base, wrong, right]] of cases)
    test.skipIf(!there.has(program))(`${name} (needs ${program})`, async () => {
      const gate = testsGate(testing({ host: packagesFor(base), ...runOnce }));
      const check = (files: Files) => gate.check(gateInput(files, base), running);
      const first = await check(wrong);
      expect(first).toMatchObject({ status: 'failed' });
      expect(first.summary).toMatch(/: 1 failed, 1 passed; (?!.*run: only)/);
      const second = await check(wrong);
      expect(second).toMatchObject({ status: 'failed', findings: first.findings });
      expect(second.summary).toMatch(
        /: 1 failed, 0 passed; .*; run: only the file that failed before$/,
      );
      const third = await check(right);
      expect(third).toMatchObject({ status: 'passed', findings: [] });
      expect(third.summary).toMatch(/: 2 tests passed/);
    });
});

const { signal } = new AbortController();
const reach: Reach = openReach(async () => corpusOf([], createTermTable()), signal);

/** A gate that knows who imports whom, on work over one base; with what it kept of the last check. */
function gateOn(base: Files) {
  const gate = testsGate(testing({ host: packagesFor(base), reach, ...runOnce }));
  const baseKey = {};
  return async (files: Record<string, string | null>): Promise<Verdict & { log: string }> => {
    let log = '';
    const keep = async (_name: string, text: string): Promise<void> => {
      log = text;
    };
    const verdict = await gate.check(gateInput(files, base, {}, { baseKey, keep }), running);
    return { ...verdict, log };
  };
}

const names = ['one', 'two', 'three', 'four', 'five', 'six'];

interface Chained {
  readonly base: Files;
  /** A file of a module by its value. */
  readonly file: (name: string, value: number) => Files;
}

/** Six modules with a test each; the test of `two` reaches `one` by a third file. */
const chained: Readonly<Record<string, Chained>> = {
  'npm test: node --test': javascriptChain('node:test', script('node --test')),
  vitest: javascriptChain('vitest', oneWorker),
  pytest: {
    base: {
      ...Object.fromEntries(names.map((name) => [`${name}.py`, 'value = 1\n'])),
      'between.py': 'import one\nimport two\n',
      ...Object.fromEntries(
        names.map((name) => [
          `test_${name}.py`,
          `${name === 'two' ? 'from between import two, one' : `import ${name}`}\n\ndef test_${name}():\n    assert ${name}.value == 1\n` +
            (name === 'two' ? '    assert one.value != 3\n' : ''),
        ]),
      ),
    },
    file: (name, value) => ({ [`${name}.py`]: `value = ${value}\n` }),
  },
  'go test': {
    base: {
      'go.mod': 'module example.com/x\n\ngo 1.18\n',
      ...Object.fromEntries(names.map((name) => [`${name}/a.go`, goText(name, 1)])),
      'between/a.go': 'package between\n\nimport "example.com/x/one"\n\nvar One = one.Value\n',
      ...Object.fromEntries(
        names.map((name) => [
          `${name}/a_test.go`,
          `package ${name}\n\nimport (\n\t"testing"\n${name === 'two' ? '\t"example.com/x/between"\n' : ''})\n\nfunc Test_${name}(t *testing.T) {\n\tif Value != 1${name === 'two' ? ' || between.One == 3' : ''} {\n\t\tt.Fatal(Value)\n\t}\n}\n`,
        ]),
      ),
    },
    file: (name, value) => ({ [`${name}/a.go`]: goText(name, value) }),
  },
};

function goText(name: string, value: number): string {
  return `package ${name}\n\nvar Value = ${value}\n`;
}

function javascriptChain(module: string, more: Files, of: readonly string[] = names): Chained {
  const test = (name: string): string =>
    `import assert from 'node:assert/strict';\nimport { test } from '${module}';\n` +
    (name === 'two'
      ? `import { one, two } from '../src/between.js';\ntest('two', () => { assert.equal(two, 1); assert.notEqual(one, 3); });\n`
      : `import { ${name} } from '../src/${name}.js';\ntest('${name}', () => { assert.equal(${name}, 1); });\n`);
  return {
    base: {
      'package.json': '{ "type": "module" }',
      'src/between.js': "export { one } from './one.js';\nexport { two } from './two.js';\n",
      ...Object.fromEntries(of.map((name) => [`src/${name}.js`, `export const ${name} = 1;\n`])),
      ...Object.fromEntries(of.map((name) => [`test/${name}.test.js`, test(name)])),
      ...more,
    },
    file: (name, value) => ({ [`src/${name}.js`]: `export const ${name} = ${value};\n` }),
  };
}

const programs: Readonly<Record<string, string>> = { pytest: 'pytest', 'go test': 'go' };
for (const program of Object.values(programs))
  if ((await hostPrograms.find(program)) !== null) there.add(program);

describe('what a correction can reach is run with what failed, before the rest', () => {
  for (const [name, { base, file }] of Object.entries(chained)) {
    const program = programs[name] ?? 'node';
    test.skipIf(!there.has(program))(`${name} (needs ${program})`, async () => {
      const check = gateOn(base);
      expect((await check(file('three', 2))).summary).toMatch(/1 failed, 5 passed/);
      // What failed is mended, and what the correction breaks is found beside it.
      const [one] = Object.keys(file('one', 3));
      const second = await check({ ...file('three', 1), ...file('one', 3) });
      expect(second.summary).toMatch(/: 2 failed, \d passed; .*; run: only/);
      expect(second.summary).toContain(
        `the 3 files that failed before or that the change since can reach (${one}`,
      );
      expect(second.log).toMatch(/three/);
      const third = await check(file('one', 1));
      expect(third).toMatchObject({ status: 'passed', findings: [] });
      expect(third.summary).toMatch(/: 6 tests passed/);
      expect(third.log).toMatch(/; first, alone: the /);
    });
  }
});

describe('the whole suite runs at once', () => {
  const few = names.slice(0, 4);
  const { base, file } = javascriptChain('node:test', script('node --test'), few);

  test.each<[string, Record<string, string | null>, RegExp]>([
    ['data', { 'src/data.json': '{}' }, /who uses src\/data\.json is not known/],
    ['a setting', { 'vitest.config.js': '' }, /what changed since it ran is not known/],
    ['a manifest', { 'package.json': base['package.json'] + '\n' }, /package\.json says how/],
    ['a file that is gone', { 'src/three.js': null }, /src\/three\.js is gone/],
    ['a file that nobody imports', { 'src/all.js': '' }, /no test file of before is reached/],
    ['too much', { ...file('one', 1.5) }, /reaches 2 test files, too many to run twice/],
  ])('for a correction of %s', async (_what, correction, why) => {
    const check = gateOn(base);
    expect((await check(file('four', 1))).summary).toMatch(/4 tests passed/);
    const { log } = await check({ ...file('four', 1), ...correction });
    expect(log).toMatch(/the whole suite at once: /);
    expect(log).toMatch(why);
  });

  test('by a script that names its own files', async () => {
    const files = few.map((name) => `test/${name}.test.js`).join(' ');
    const check = gateOn({ ...base, ...script(`node --test ${files}`) });
    await check(file('three', 2));
    const second = await check(file('four', 2));
    expect(second.summary).toMatch(/: 1 failed, 3 passed/);
    const third = await check(file('two', 2));
    expect(third.log).toMatch(/it runs all of its files, whatever it is given/);
  });
});

test.skipIf(!there.has('pytest'))(
  'a test that needs those before it blames nobody by failing alone (needs pytest)',
  async () => {
    const leaving = {
      ...Object.fromEntries(names.map((name) => [`${name}.py`, 'value = 1\n'])),
      'state.py': 'seen = []\n',
      ...Object.fromEntries(
        names.map((name, index) => [
          `test_${index}_${name}.py`,
          `import ${name}\nimport state\n\ndef test_${name}():\n    state.seen.append('${name}')\n    assert ${name}.value == 1\n    assert len(state.seen) == ${index + 1}\n`,
        ]),
      ),
    };
    const check = gateOn(leaving);
    await check({ 'one.py': 'value = 2\n' });
    const right = await check({ 'one.py': 'value = 1 # Again.\n', 'five.py': 'value = 1 # So.\n' });
    expect(right).toMatchObject({ status: 'passed' });
    expect(right.log).toMatch(/first, alone: the 2 files/);
  },
);
