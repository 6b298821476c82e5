import { describe, expect, test } from 'vitest';
import { hostPrograms } from '../../helpers/sandboxes.ts';
import { checkTests as check, runOnce } from '../checked.ts';

/** What a shape makes of a run, of which several cases lead to the same. */
const checkTests: typeof check = (files, base, over = {}) =>
  check(files, base, { ...over, gate: { ...runOnce, ...over.gate } });

const isThere = async (program: string): Promise<boolean> =>
  (await hostPrograms.find(program)) !== null;
const [cargo, go, pytest] = await Promise.all(['cargo', 'go', 'pytest'].map(isThere));

const rust = (name: string, more = ''): string =>
  `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n${more}`;
const adds = (operator: string): string => `pub fn add(a: i32, b: i32) -> i32 {
    a ${operator} b
}

#[cfg(test)]
mod tests {
    #[test]
    fn adds() {
        assert_eq!(super::add(1, 2), 3);
    }
}
`;

/** The first words of each finding of tests. */
const failed = async (work: Record<string, string>, base: Record<string, string>) => {
  const { result } = await checkTests(work, base);
  return [result.status, ...result.findings.map(({ evidence }) => evidence.split(': ')[0])];
};

describe.skipIf(!cargo)('cargo', () => {
  test('runs the members of a workspace beside its root package', async () => {
    const base = {
      'Cargo.toml': rust('app', '\n[workspace]\nmembers = ["crates/*"]\n'),
      'src/lib.rs': adds('+'),
      'crates/core/Cargo.toml': rust('acme-core'),
      'crates/core/src/lib.rs': adds('+'),
    };
    const work = { 'crates/core/src/lib.rs': adds('-') };
    expect(await failed(work, base)).toEqual(['failed', 'acme_core::tests::adds']);
  });

  test('runs a package below the root, and no other that the work does not touch', async () => {
    const base = {
      'src-tauri/Cargo.toml': rust('app'),
      'src-tauri/src/lib.rs': adds('+'),
      'broken/Cargo.toml': rust('broken'),
      'broken/src/lib.rs': adds('-'),
    };
    const right = await checkTests({ 'src-tauri/src/lib.rs': `// Adds.\n${adds('+')}` }, base);
    expect(right.result.summary).toBe('cargo test in src-tauri: 1 test passed');
    const wrong = await checkTests({ 'src-tauri/src/lib.rs': adds('-') }, base);
    expect(wrong.result.findings).toMatchObject([{ location: 'src-tauri/src/lib.rs:9' }]);
  });
});

describe.skipIf(!go)('go', () => {
  const module = (name: string): string => `module ${name}\n\ngo 1.18\n`;
  const addition = (of: string, operator: string): string =>
    `package ${of}\n\nfunc Add(a, b int) int {\n\treturn a ${operator} b\n}\n`;
  const tested = (of: string): string =>
    `package ${of}\n\nimport "testing"\n\nfunc TestAdd(t *testing.T) {\n\tif Add(1, 2) != 3 {\n\t\tt.Fatal("wrong")\n\t}\n}\n`;
  const server = {
    'server/go.mod': module('acme/server'),
    'server/add.go': addition('server', '+'),
    'server/add_test.go': tested('server'),
  };
  const library = {
    'lib/go.mod': module('acme/lib'),
    'lib/add.go': addition('lib', '+'),
    'lib/add_test.go': tested('lib'),
  };
  const work = { 'server/add.go': addition('server', '-') };

  test('runs a module below the root', async () => {
    expect(await failed(work, server)).toEqual(['failed', 'acme/server.TestAdd']);
  });

  test('runs all modules of a workspace', async () => {
    const base = { ...server, ...library, 'go.work': 'go 1.18\n\nuse (\n\t./server\n\t./lib\n)\n' };
    expect(await failed(work, base)).toEqual(['failed', 'acme/server.TestAdd']);
    const right = await checkTests({ 'a.txt': 'x' }, base);
    expect(right.result.summary).toBe('go test: 2 tests passed');
  });
});

describe.skipIf(!pytest)('python', () => {
  const add = (operator: string): string => `def add(a, b):\n    return a ${operator} b\n`;
  const tested =
    'from helpers import three\nfrom app import add\n\n\ndef test_add():\n    assert add(1, 2) == three\n';
  const backend = {
    'backend/pyproject.toml': '[project]\nname = "app"\nversion = "1"\n',
    'backend/app/__init__.py': add('+'),
    'backend/tests/helpers.py': 'three = 3\n',
    'backend/tests/test_app.py': tested,
  };
  const other = {
    'other/setup.cfg': '[metadata]\nname = other\n',
    'other/app.py': add('*'),
    'other/tests/helpers.py': 'three = 2\n',
    'other/tests/test_app.py': tested,
  };

  test('runs packages below the root, whose helpers may have one name', async () => {
    const right = await checkTests({ 'a.txt': 'x' }, { ...backend, ...other });
    expect(right.result.findings).toEqual([]);
    expect(right.result.summary).toBe(
      'pytest in backend: 1 test passed; pytest in other: 1 test passed',
    );
    const wrong = await checkTests({ 'backend/app/__init__.py': add('-') }, backend);
    expect(wrong.result.findings).toMatchObject([{ location: 'backend/tests/test_app.py:6' }]);
  });

  test("collects what the project's settings say", async () => {
    const base = {
      'pyproject.toml':
        '[tool.pytest.ini_options]\ntestpaths = ["checks"]\npython_files = ["check_*.py"]\naddopts = "-x --ff"\n',
      'app.py': add('+'),
      'checks/check_app.py':
        'from app import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n\n\ndef test_more():\n    assert add(2, 2) == 4\n',
      'live/test_live.py': 'def test_live():\n    assert False\n',
    };
    const right = await checkTests({ 'a.txt': 'x' }, base, { tests: ['live/test_live.py'] });
    expect(right.result.summary).toBe('pytest: 2 tests passed');
    expect(await failed({ 'app.py': add('-') }, base)).toEqual(['failed', 'test_add', 'test_more']);
  });

  test('runs files of unittest that have one name in two folders', async () => {
    const counted = (expected: number): string =>
      `import unittest\n\nfrom app import add\n\n\nclass T(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(add(1, 2), ${expected})\n`;
    const base = { 'app.py': add('+'), 'a/test_x.py': counted(3) };
    const { result } = await checkTests({ 'b/test_x.py': counted(4) }, base);
    expect(result.findings).toMatchObject([{ location: 'b/test_x.py:8' }]);
  });
});

describe.skipIf(!pytest)('what tox says', () => {
  const base = {
    'tox.ini':
      '[testenv]\nsetenv = PYTHONPATH = {toxinidir}/lib\ncommands = pytest -v -k "not old" {posargs:checks}\n',
    'lib/add.py': 'def add(a, b):\n    return a + b\n',
    'checks/test_add.py':
      'from add import add\n\n\ndef test_adds():\n    assert add(1, 2) == 3\n\n\ndef test_old():\n    assert False\n',
    'elsewhere/test_broken.py': 'def test_a():\n    assert False\n',
  };

  test('is what is run: its paths, options and variables', async () => {
    const right = await checkTests({ 'lib/add.py': `# Adds.\n${base['lib/add.py']}` }, base);
    expect(right.result.summary).toBe('pytest: 1 test passed');
    const wrong = await failed({ 'lib/add.py': 'def add(a, b):\n    return a - b\n' }, base);
    expect(wrong).toEqual(['failed', 'test_adds']);
  });
});

describe('a script that gives the tests’ command to another program', () => {
  // As c8 and nyc do: they start what follows them, and their own process is not that of the tests.
  const cover = `import { spawnSync } from 'node:child_process';
const [program, ...rest] = process.argv.slice(2).filter((word) => !word.startsWith('--all'));
process.exit(spawnSync(program, rest, { stdio: 'inherit' }).status ?? 1);
`;
  const testOf = (value: number): string =>
    `import test from 'node:test';\nimport assert from 'node:assert';\nimport { value } from './a.js';\ntest('is one', () => assert.equal(value, ${value}));\n`;

  test.each([
    'node cover.js --all node --test',
    'node --no-warnings cover.js node --import ./setup.js --test',
  ])('%s', async (script) => {
    const base = {
      'package.json': JSON.stringify({ type: 'module', scripts: { test: script } }),
      'cover.js': cover,
      'setup.js': '',
      'a.js': 'export const value = 1;\n',
      'a.test.js': testOf(1),
    };
    const right = await checkTests({ 'a.js': 'export const value = 1; // One.\n' }, base);
    expect(right.result.summary).toBe('npm test: 1 test passed');
    const wrong = await failed({ 'a.js': 'export const value = 2;\n' }, base);
    expect(wrong).toEqual(['failed', 'is one']);
  });
});
