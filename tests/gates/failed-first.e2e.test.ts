import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hostPackages } from '../../src/gates/host-packages.ts';
import { testsGate } from '../../src/gates/tests.ts';
import { hostPrograms } from '../helpers/sandboxes.ts';
import { testing } from './checked.ts';
import { gateInput, running } from './inputs.ts';

type Files = Readonly<Record<string, string>>;

const repository = hostPackages(join(import.meta.dirname, '../..'), {});
const script = (test: string): Files => ({
  'package.json': JSON.stringify({ type: 'module', scripts: { test } }),
});

const javascript = (module: string, more: Files = {}): readonly [Files, Files, Files] => {
  const testOf = (name: string): string =>
    `import assert from 'node:assert/strict';\nimport { test } from '${module}';\nimport { ${name} } from '../src/${name}.js';\n` +
    `test('${name} is one', () => { assert.equal(${name}, 1); });\n`;
  return [
    {
      'package.json': '{ "type": "module" }',
      'src/one.js': 'export const one = 1;\n',
      'src/other.js': 'export const other = 1;\n',
      'test/one.test.js': testOf('one'),
      'test/other.test.js': testOf('other'),
      ...more,
    },
    { 'src/one.js': 'export const one = 2;\n' },
    { 'src/one.js': 'export const one = 1; // Again.\n' },
  ];
};
const python = (head: string, body: (name: string) => string): readonly [Files, Files, Files] => [
  {
    'one.py': 'value = 1\n',
    'other.py': 'value = 1\n',
    'test_one.py': `${head}import one\n${body('one')}`,
    'test_other.py': `${head}import other\n${body('other')}`,
  },
  { 'one.py': 'value = 2\n' },
  { 'one.py': 'value = 1  # Again.\n' },
];

const cases: readonly [string, string, readonly [Files, Files, Files]][] = [
  ['npm test: node --test', 'node', javascript('node:test', script('node --test'))],
  ['vitest', 'node', javascript('vitest', { 'vitest.config.js': 'export default {};\n' })],
  [
    'pytest',
    'pytest',
    python('', (name) => `def test_${name}_is_one():\n    assert ${name}.value == 1\n`),
  ],
  [
    'unittest',
    'python3',
    python(
      'import unittest\n',
      (name) =>
        `class Test(unittest.TestCase):\n    def test_${name}_is_one(self):\n        self.assertEqual(${name}.value, 1)\n`,
    ),
  ],
];
const there = new Set<string>();
for (const [, program] of cases)
  if ((await hostPrograms.find(program)) !== null) there.add(program);

describe('what failed is run first, by itself, and all of it before anything is approved', () => {
  for (const [name, program, [base, wrong, right]] of cases)
    test.skipIf(!there.has(program))(`${name} (needs ${program})`, async () => {
      const gate = testsGate(testing({ host: repository }));
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
