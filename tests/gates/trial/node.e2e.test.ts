import { describe, expect, test } from 'vitest';
import { outcomes, tried, type Files } from './tried.ts';

const head = `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n`;
const base: Files = {
  'package.json': '{ "type": "module" }',
  'src/one.js': 'export const one = 1;\n',
  'test/one.test.js': `${head}import { one } from '../src/one.js';\ntest('one is one', () => assert.equal(one, 1));\n`,
};
const script: Files = {
  ...base,
  'package.json': '{ "type": "module", "scripts": { "test": "node --test" } }',
};

describe.each([
  ['node --test', base],
  ['npm test', script],
  [
    'node --test in a project without tests',
    { 'package.json': '{ "type": "module" }', 'src/one.js': 'export const one = 1;\n' },
  ],
])('%s', (_, project) => {
  test('files of all sorts come out each as what it is', async () => {
    const use = `${head}import { one } from '../src/one.js';\n`;
    const files = await tried(
      {
        'test/r1.test.js': `${use}test('R1.1 two', () => assert.equal(one, 2));\ntest('R1.2 one', () => assert.equal(one, 1));\n`,
        'test/broken.test.js': `${use}test('R2 (', () => {\n`,
        'test/absent.test.js': `${head}import { two } from '../src/two.js';\ntest('R3', () => assert.equal(two, 2));\n`,
        'test/silent.test.js': `${use}export const nothing = one;\n`,
        'test/r1_test.py': 'def test_it():\n    assert False\n',
        'package.json': '{}',
      },
      project,
    );
    expect(outcomes(files['test/r1.test.js'])).toEqual({
      'R1.1 two': 'failed',
      'R1.2 one': 'passed',
    });
    const problems = Object.entries(files).map(([path, { problem }]) => [path, problem?.kind]);
    expect(Object.fromEntries(problems)).toEqual({
      'test/r1.test.js': undefined,
      'test/broken.test.js': 'syntax',
      'test/absent.test.js': 'not_loaded',
      'test/silent.test.js': 'silent',
      'test/r1_test.py': 'no_runner',
      'package.json': 'no_runner',
    });
    expect(files['test/absent.test.js']?.problem?.text).toContain(
      "Cannot find module 'src/two.js'",
    );
  });
});
