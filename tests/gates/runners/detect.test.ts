import { describe, expect, test } from 'vitest';
import { detectRunners, otherRunners } from '../../../src/gates/runners/detect.ts';
import { runnerInput } from './view.ts';

const manifest = (more: object): string => JSON.stringify({ name: 'a', ...more });
const nodeTest = "import test from 'node:test';\ntest('a', () => {});\n";
const vitestTest = "import { test } from 'vitest';\ntest('a', () => {});\n";
const installed = {
  host: { ...runnerInput({}).host, folder: async (path: string) => `/host/${path}` },
};
const asserts = 'def test_a():\n    assert True\n';
const cases =
  'import unittest\n\nclass T(unittest.TestCase):\n    def test_a(self):\n        pass\n';
const goTest = 'package a\nimport "testing"\nfunc TestA(t *testing.T) {}\n';

describe('each run says by what it was chosen, and how a person starts it', () => {
  test.each<[string, Record<string, string>, string, string]>([
    [
      'a script',
      { 'package.json': manifest({ scripts: { test: 'node --test' } }) },
      'script "test" of package.json',
      'npm test',
    ],
    [
      'a script below the root',
      { 'pack ages/a/package.json': manifest({ scripts: { test: 'node --test' } }) },
      'script "test" of pack ages/a/package.json',
      "cd 'pack ages/a' && npm test",
    ],
    [
      'vitest by its config',
      { 'vitest.config.ts': '', 'a.test.js': vitestTest },
      'vitest.config.ts',
      'npx vitest run',
    ],
    [
      'jest by the manifest',
      { 'package.json': manifest({ devDependencies: { jest: '1' } }), 'a.test.js': 'test(1)' },
      'package.json',
      'npx jest',
    ],
    [
      'vitest by its imports',
      { 'a.test.js': vitestTest },
      'imports of a.test.js',
      'npx vitest run',
    ],
    [
      'node --test',
      { "it's.test.js": nodeTest },
      "the import of node:test in it's.test.js",
      String.raw`node --test 'it'\''s.test.js'`,
    ],
    [
      'node --test of many files',
      Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`${at}.test.js`, nodeTest])),
      'the import of node:test in 0.test.js',
      'node --test',
    ],
    [
      'pytest by a manifest',
      { 'pyproject.toml': '[tool.pytest]\n', 'test_a.py': cases },
      'pyproject.toml',
      '.venv/bin/python -m pytest',
    ],
    [
      'pytest below the root',
      { 'api/conftest.py': '', 'api/setup.py': '', 'api/test_a.py': asserts },
      'api/conftest.py',
      'cd api && .venv/bin/python -m pytest',
    ],
    [
      'pytest by its tests',
      { 'test_a.py': asserts },
      'what test_a.py is written for',
      '.venv/bin/python -m pytest',
    ],
    [
      'unittest',
      { 'test_a.py': cases },
      'what test_a.py is written for',
      '.venv/bin/python -m unittest test_a.py',
    ],
    ['go', { 'go.mod': 'module a\n', 'a_test.go': goTest }, 'go.mod', 'go test ./...'],
    [
      'cargo',
      { 'a/Cargo.toml': '[package]\nname = "a"\n', 'a/src/lib.rs': '#[test]\nfn a() {}\n' },
      'a/Cargo.toml',
      'cd a && cargo test',
    ],
  ])('%s', async (_, files, from, byHand) => {
    expect(await detectRunners(runnerInput(files, installed))).toMatchObject([{ from, byHand }]);
  });
});

describe('what would have fitted too', () => {
  const passed = async (files: Record<string, string>) =>
    Object.fromEntries(await otherRunners(runnerInput(files, installed)));

  test('is told of the runner that was taken in its place', async () => {
    const files = {
      'package.json': manifest({ scripts: { test: 'node check.js' } }),
      'vitest.config.ts': '',
      'a.test.js': vitestTest,
      'b.test.js': nodeTest,
      'test_a.py': asserts,
    };
    expect(await passed(files)).toEqual({ 'npm test': ['vitest', 'node --test'], pytest: [] });
  });

  test('is not what the script that was taken starts', async () => {
    const script = manifest({ scripts: { test: 'vitest run' } });
    const files = { 'package.json': script, 'vitest.config.ts': '', 'a.test.js': vitestTest };
    expect(await passed(files)).toEqual({ 'npm test': [] });
  });
});
