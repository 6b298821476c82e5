import { describe, expect, test } from 'vitest';
import { taskSchema } from '../../src/domain/task.ts';
import { hostPrograms } from '../helpers/sandboxes.ts';
import { checkTests, runOnce } from './checked.ts';
import {
  cargoSample,
  goSample,
  nodeSample,
  pytestSample,
  unittestSample,
  vitestSample,
  type Sample,
} from './languages.ts';
import { packagesFor } from './own-packages.ts';

interface Trick {
  readonly name: string;
  readonly sample: Sample;
  /** What the work brings in its attempt to look right. */
  readonly files: Readonly<Record<string, string | null>>;
  /** Of the project before the task, beside the right solution and its tests. */
  readonly before?: Readonly<Record<string, string>>;
  /** Where a finding of category `tampering` points; absent: the run itself gives it away. */
  readonly caught?: string;
}

const { wrong: js } = nodeSample;
const { wrong: py } = pytestSample;
const { wrong: ts } = vitestSample;
const { wrong: rs } = cargoSample;
const { wrong: go } = goSample;
const exits = { 'src/add.js': 'process.exit(0);\nexport const add = 1;\n' };
const passAll = 'def pytest_runtest_makereport(item, call):\n    call.excinfo = None\n';

const tricks: readonly Trick[] = [
  // Tests themselves
  {
    name: 'a weakened test',
    sample: nodeSample,
    files: {
      ...js,
      'test/add.test.js': `import { test } from 'node:test';\ntest('adds two numbers', () => {});\n`,
    },
    caught: 'test/add.test.js',
  },
  {
    name: 'a deleted test',
    sample: pytestSample,
    files: { ...py, 'tests/test_add.py': null },
    caught: 'tests/test_add.py',
  },
  {
    name: 'an emptied test',
    sample: vitestSample,
    files: { ...ts, 'tests/add.test.ts': '' },
    caught: 'tests/add.test.ts',
  },
  {
    name: 'a test of Rust that is ignored',
    sample: cargoSample,
    files: { ...rs, 'tests/add.rs': '#[test]\n#[ignore]\nfn adds() {}\n' },
    caught: 'tests/add.rs',
  },
  {
    name: 'a test of Go that is gone',
    sample: goSample,
    files: { ...go, 'add_test.go': null },
    caught: 'add_test.go',
  },
  // The process ends before the tests do
  { name: 'process.exit in the code', sample: nodeSample, files: exits },
  {
    name: 'process.exit in a function',
    sample: nodeSample,
    files: { 'src/add.js': 'export const add = () => process.exit(0);\n' },
  },
  {
    name: 'process.reallyExit',
    sample: nodeSample,
    files: { 'src/add.js': 'export const add = () => process.reallyExit(0);\n' },
  },
  {
    name: 'process.exit under vitest',
    sample: vitestSample,
    files: { 'src/add.ts': 'export const add = (): never => process.exit(0);\n' },
  },
  {
    name: 'os._exit',
    sample: pytestSample,
    files: { 'add.py': 'import os\n\n\ndef add(a, b):\n    os._exit(0)\n' },
  },
  {
    name: 'sys.exit at import',
    sample: pytestSample,
    files: { 'add.py': 'import sys\n\nsys.exit(0)\n' },
  },
  {
    name: 'os._exit under unittest',
    sample: unittestSample,
    files: { 'calc/add.py': 'import os\n\n\ndef add(a, b):\n    os._exit(0)\n' },
  },
  {
    name: 'std::process::exit',
    sample: cargoSample,
    files: { 'src/lib.rs': 'pub fn add(_: i32, _: i32) -> i32 {\n    std::process::exit(0)\n}\n' },
  },
  {
    name: 'an exit before main',
    sample: cargoSample,
    files: {
      'src/lib.rs':
        'extern "C" fn first() {\n    std::process::exit(0)\n}\n\n#[used]\n#[link_section = ".init_array"]\nstatic FIRST: extern "C" fn() = first;\n\npub fn add(a: i32, b: i32) -> i32 {\n    a - b\n}\n',
    },
  },
  {
    name: 'a hook for panics that exits',
    sample: cargoSample,
    files: {
      'src/lib.rs':
        'pub fn add(a: i32, b: i32) -> i32 {\n    std::panic::set_hook(Box::new(|_| std::process::exit(0)));\n    a - b\n}\n',
    },
  },
  {
    name: 'a build script that rewrites the tests',
    sample: cargoSample,
    files: {
      ...rs,
      'build.rs':
        'fn main() {\n    std::fs::write("tests/add.rs", "#[test]\\nfn adds() {}\\n").unwrap();\n}\n',
    },
    caught: 'build.rs',
  },
  {
    name: 'a harness of its own',
    sample: cargoSample,
    files: {
      ...rs,
      'Cargo.toml': `${cargoSample.tests['Cargo.toml'] ?? ''}\n[[test]]\nname = "add"\nharness = false\n`,
    },
    caught: 'Cargo.toml',
  },
  {
    name: 'tests that are not looked for',
    sample: cargoSample,
    files: {
      ...rs,
      'Cargo.toml': (cargoSample.tests['Cargo.toml'] ?? '') + 'autotests = false\n',
    },
    caught: 'Cargo.toml',
  },
  {
    name: 'a variant of the code for tests alone',
    sample: cargoSample,
    files: {
      'src/lib.rs':
        '#[cfg(test)]\npub fn add(a: i32, b: i32) -> i32 {\n    a + b\n}\n\n#[cfg(not(test))]\npub fn add(a: i32, b: i32) -> i32 {\n    a - b\n}\n',
    },
  },
  {
    name: 'arguments that choose no test',
    sample: goSample,
    files: {
      'add.go':
        'package add\n\nimport "os"\n\nfunc init() { os.Args = append(os.Args, "-test.run=^$") }\n\nfunc Add(a, b int) int { return a - b }\n',
    },
  },
  {
    name: 'an output that is closed',
    sample: goSample,
    files: {
      'add.go':
        'package add\n\nimport "os"\n\nfunc init() { os.Stdout.Close() }\n\nfunc Add(a, b int) int { return a - b }\n',
    },
  },
  {
    name: 'a TestMain that drops failures',
    sample: goSample,
    files: {
      ...go,
      'main_test.go':
        'package add\n\nimport (\n\t"os"\n\t"testing"\n)\n\nfunc TestMain(m *testing.M) {\n\tm.Run()\n\tos.Exit(0)\n}\n',
    },
    caught: 'main_test.go',
  },
  {
    name: 'a workspace that leaves the module out',
    sample: goSample,
    files: { ...go, 'go.work': 'go 1.18\n' },
    caught: 'go.work',
  },
  {
    name: 'os.Exit',
    sample: goSample,
    files: {
      'add.go': 'package add\n\nimport "os"\n\nfunc Add(a, b int) int { os.Exit(0); return 0 }\n',
    },
  },
  {
    name: 'os.Exit in init',
    sample: goSample,
    files: {
      'add.go':
        'package add\n\nimport "os"\n\nfunc init() { os.Exit(0) }\n\nfunc Add(a, b int) int { return 0 }\n',
    },
  },
  {
    name: 'a forged report and an early end',
    sample: pytestSample,
    files: {
      'add.py': `import glob, json, os, sys\n\nprint(json.dumps({"event": "test", "outcome": "passed", "name": "x", "file": "tests/test_add.py", "line": 1, "text": ""}), json.dumps({"event": "end"}), sep="\\n")\nsys.stdout.flush()\nos._exit(0)\n`,
    },
  },
  {
    name: 'a report file of its own',
    sample: vitestSample,
    files: {
      'src/add.ts': `import { readdirSync, writeFileSync } from 'node:fs';\nfor (const name of readdirSync('.')) if (name.startsWith('.blueprint-')) writeFileSync(name + '/report.json', '{"testResults":[]}');\nexport const add = (a: number, b: number): number => a - b;\n`,
    },
  },
  // The runner's own loading
  {
    name: 'conftest.py',
    sample: pytestSample,
    files: { ...py, 'conftest.py': passAll },
    caught: 'conftest.py',
  },
  {
    name: 'conftest.py beside the tests',
    sample: pytestSample,
    files: { ...py, 'tests/conftest.py': passAll },
    caught: 'tests/conftest.py',
  },
  {
    name: 'sitecustomize.py',
    sample: pytestSample,
    files: { ...py, 'sitecustomize.py': 'import os\nos._exit(0)\n' },
    caught: 'sitecustomize.py',
  },
  {
    name: 'usercustomize.py',
    sample: pytestSample,
    files: { ...py, 'usercustomize.py': 'import os\nos._exit(0)\n' },
    caught: 'usercustomize.py',
  },
  {
    name: 'a .pth file',
    sample: pytestSample,
    files: { ...py, 'a.pth': 'import os; os._exit(0)\n' },
    caught: 'a.pth',
  },
  {
    name: 'a module in the place of pytest',
    sample: pytestSample,
    files: { ...py, 'pytest.py': 'def main(*args, **more):\n    return 0\n' },
    caught: 'pytest.py',
  },
  {
    name: 'a module in the place of unittest',
    sample: unittestSample,
    files: { ...unittestSample.wrong, 'unittest/__init__.py': '' },
    caught: 'unittest/__init__.py',
  },
  {
    name: 'pytest.ini',
    sample: pytestSample,
    files: { ...py, 'pytest.ini': '[pytest]\naddopts = --collect-only\n' },
    caught: 'pytest.ini',
  },
  {
    name: 'tox.ini',
    sample: pytestSample,
    files: { ...py, 'tox.ini': '[pytest]\naddopts = --collect-only\n' },
    caught: 'tox.ini',
  },
  {
    name: 'setup.cfg',
    sample: pytestSample,
    files: { ...py, 'setup.cfg': '[tool:pytest]\naddopts = --collect-only\n' },
    caught: 'setup.cfg',
  },
  {
    name: 'pyproject.toml',
    sample: pytestSample,
    files: { ...py, 'pyproject.toml': '[tool.pytest.ini_options]\naddopts = "--collect-only"\n' },
    caught: 'pyproject.toml',
  },
  {
    name: 'a changed part of pyproject.toml',
    sample: pytestSample,
    before: { 'pyproject.toml': '[project]\nname = "a"\nversion = "1"\n' },
    files: {
      ...py,
      'pyproject.toml':
        '[project]\nname = "a"\nversion = "2"\n\n[tool.pytest.ini_options]\naddopts = "--collect-only"\n',
    },
    caught: 'pyproject.toml',
  },
  {
    name: 'vitest.config.ts',
    sample: vitestSample,
    files: {
      ...ts,
      'vitest.config.ts': `export default { test: { passWithNoTests: true, exclude: ['**'] } };\n`,
    },
    caught: 'vitest.config.ts',
  },
  {
    name: 'vite.config.js',
    sample: vitestSample,
    files: {
      ...ts,
      'vite.config.js': `export default { test: { passWithNoTests: true, exclude: ['**'] } };\n`,
    },
    caught: 'vite.config.js',
  },
  {
    name: 'a set-up file of before',
    sample: vitestSample,
    before: {
      'vitest.config.ts': `export default { test: { setupFiles: ['./src/prepare.ts'] } };\n`,
      'src/prepare.ts': '',
    },
    files: {
      ...ts,
      'src/prepare.ts': `import { expect } from 'vitest';\nexpect.extend({ toBe: () => ({ pass: true, message: () => '' }) });\n`,
    },
    caught: 'src/prepare.ts',
  },
  {
    name: '__mocks__',
    sample: vitestSample,
    files: { ...ts, 'src/__mocks__/add.ts': 'export const add = () => 3;\n' },
    caught: 'src/__mocks__/add.ts',
  },
  {
    name: '.npmrc',
    sample: nodeSample,
    files: { ...js, '.npmrc': 'node-options=--import ./x.js\n' },
    caught: '.npmrc',
  },
  {
    name: 'a program in node_modules',
    sample: vitestSample,
    files: { ...ts, 'node_modules/vitest/vitest.mjs': 'process.exit(0);\n' },
    caught: 'node_modules/vitest/vitest.mjs',
  },
  {
    name: 'a test script in package.json',
    sample: nodeSample,
    files: { ...js, 'package.json': '{ "type": "module", "scripts": { "test": "exit 0" } }\n' },
    caught: 'package.json',
  },
  {
    name: 'a part of package.json for a runner',
    sample: nodeSample,
    files: { ...js, 'package.json': '{ "type": "module", "jest": { "testMatch": [] } }\n' },
    caught: 'package.json',
  },
  {
    name: 'build.rs',
    sample: cargoSample,
    files: { ...rs, 'build.rs': 'fn main() { let _ = std::fs::write("tests/add.rs", ""); }\n' },
    caught: 'build.rs',
  },
  {
    name: '.cargo/config.toml',
    sample: cargoSample,
    files: { ...rs, '.cargo/config.toml': '[target.x86_64-unknown-linux-gnu]\nrunner = "true"\n' },
    caught: '.cargo/config.toml',
  },
  {
    name: 'a part of Cargo.toml',
    sample: cargoSample,
    files: { ...rs, 'Cargo.toml': `${cargoSample.tests['Cargo.toml'] ?? ''}autotests = false\n` },
    caught: 'Cargo.toml',
  },
  {
    name: 'TestMain',
    sample: goSample,
    files: {
      ...go,
      'main_test.go':
        'package add\n\nimport (\n\t"os"\n\t"testing"\n)\n\nfunc TestMain(m *testing.M) { os.Exit(0) }\n',
    },
    caught: 'main_test.go',
  },
];

/** A test of the work's own that goes before the others, and does a deed to their files. */
const nodeFirst = (deed: string): string => `import fs from 'node:fs';
import { test } from 'node:test';
const empty = "import { test } from 'node:test';\\ntest('adds two numbers', () => {});\\n";
try { ${deed} } catch {}
test('first', () => {});
`;
const pythonFirst = (deed: string): string => `import os, pathlib, py_compile
here = pathlib.Path(__file__).parent
try:
    ${deed.replaceAll('\n', '\n    ')}
except OSError:
    pass


def test_first():
    pass
`;
const more: readonly Trick[] = [
  {
    name: 'a test that rewrites the others',
    sample: nodeSample,
    files: {
      ...js,
      'test/0.test.js': nodeFirst(`fs.writeFileSync('test/add.test.js', empty)`),
    },
  },
  {
    name: 'a test that puts another folder in the place of the tests',
    sample: nodeSample,
    files: {
      ...js,
      'src/0.test.js': nodeFirst(
        `fs.renameSync('test', 'old'); fs.mkdirSync('test'); fs.writeFileSync('test/add.test.js', empty)`,
      ),
    },
  },
  {
    name: 'code that rewrites the reporter and the guard',
    sample: nodeSample,
    files: {
      ...js,
      'test/0.test.js': nodeFirst(
        `for (const name of fs.readdirSync('.git')) for (const file of ['guard.mjs', 'reporter.mjs']) fs.writeFileSync('.git/' + name + '/' + file, 'export default async function* () {}')`,
      ),
    },
  },
  {
    name: 'a test that rewrites the others before they are loaded',
    sample: pytestSample,
    files: {
      ...py,
      'tests/test_0.py': pythonFirst(
        `(here / 'test_add.py').write_text('def test_adds():\\n    pass\\n')`,
      ),
    },
  },
  {
    name: 'compiled tests in the place of the others',
    sample: unittestSample,
    files: {
      ...unittestSample.wrong,
      'tests/test_0.py': `import importlib.util, os, pathlib, py_compile, unittest

here = pathlib.Path(__file__).parent
fake = here.parent / 'fake.py'
fake.write_text("import unittest\\n\\n\\nclass AddTest(unittest.TestCase):\\n    def test_adds(self):\\n        pass\\n")
try:
    for path in here.glob('test_*.py'):
        place = importlib.util.cache_from_source(str(path))
        py_compile.compile(str(fake), cfile=place, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
except OSError:
    pass


class FirstTest(unittest.TestCase):
    def test_first(self):
        pass
`,
    },
  },
];

const there = new Set<string>();
for (const { sample } of tricks)
  if ((await hostPrograms.find(sample.program)) !== null) there.add(sample.program);

// What is caught is taken out: what then runs is the wrong solution alone, once for each of the samples.
describe('does not make the wrong solution pass', () => {
  test.each([...tricks, ...more].filter(({ sample }) => there.has(sample.program)))(
    '$sample.runner: $name',
    async ({ sample, files, before = {}, caught }) => {
      const base = { ...sample.right, ...sample.tests, ...before };
      const { result } = await checkTests(files, base, {
        gate: { host: packagesFor(base), ...runOnce },
      });
      expect(result.status).toBe('failed');
      const tampering = result.findings.filter(({ category }) => category === 'tampering');
      expect(tampering.map(({ location }) => location)).toEqual(
        caught === undefined ? [] : [caught],
      );
      // The tests of before ran beside, and their failure is told too.
      expect(result.findings.some(({ category }) => category === 'test')).toBe(true);
    },
  );
});

describe('a command that is not known', () => {
  const check = `import { add } from './src/add.js';
console.log('# tests 1');
process.exitCode = add(1, 2) === 3 ? 0 : 1;
`;
  const base = { 'package.json': '{ "type": "module" }', 'check.js': check, ...nodeSample.right };
  const command = { gate: { command: 'node check.js' } };

  test.each([
    ['ends itself before it tells', 'process.exit(0);\nexport const add = 1;\n'],
    ['tells none', "console.log('# tests 0');\nprocess.exit(0);\nexport const add = 1;\n"],
  ])('and that %s, though it told tests before, fails', async (_, text) => {
    const { result } = await checkTests({ 'src/add.js': text }, base, command);
    expect(result.status).toBe('failed');
    expect(result.summary).toContain('told no test; before this task it told 1');
  });

  test('and that never tells is taken at its exit code', async () => {
    const silent = { ...base, 'check.js': check.replace("console.log('# tests 1');\n", '') };
    const right = await checkTests({ 'a.txt': 'x' }, silent, command);
    expect(right.result).toMatchObject({ status: 'passed', findings: [] });
    const wrong = await checkTests(nodeSample.wrong, silent, command);
    expect(wrong.result.status).toBe('failed');
  });
});

describe('what the work may do', () => {
  const base = { ...nodeSample.right, ...nodeSample.tests };
  const task = (...files: string[]) =>
    taskSchema.parse({ id: 'T1', title: 'x', type: 'code', files });

  test('tests of its own run beside those of before', async () => {
    const more = `import assert from 'node:assert';\nimport { test } from 'node:test';\nimport { add } from '../src/add.js';\ntest('more', () => assert.equal(add(2, 2), 4));\n`;
    const { result } = await checkTests({ 'test/more.test.js': more }, base);
    expect(result).toMatchObject({ status: 'passed', findings: [] });
    expect(result.summary).toContain('2 tests passed');
  });

  test('a test that the task itself names is its to change', async () => {
    const path = 'test/add.test.js';
    const files = { [path]: (base[path] ?? '').replace('add(1, 2), 3', 'add(2, 2), 4') };
    const named = await checkTests(files, base, { input: { task: task(path) } });
    expect(named.result).toMatchObject({ status: 'passed', findings: [] });
    const other = await checkTests(files, base, { input: { task: task('src/add.js') } });
    expect(other.result.findings).toMatchObject([{ category: 'tampering', location: path }]);
  });

  test('a test that was fixed for the task is nobody’s to change', async () => {
    const path = 'test/fixed.test.js';
    const fixed = `import assert from 'node:assert';\nimport { test } from 'node:test';\nimport { add } from '../src/add.js';\ntest('fixed', () => assert.equal(add(1, 1), 3));\n`;
    const input = { frozen: new Map([[path, fixed]]), task: task(path) };
    const { result } = await checkTests({ [path]: '// gone\n' }, base, { input });
    expect(result.findings.map(({ category, location }) => [category, location])).toEqual([
      ['tampering', path],
      ['test', `${path}:4`],
    ]);
  });

  test('a new project brings its package.json, its settings and its tests', async () => {
    const { result } = await checkTests(
      {
        ...vitestSample.right,
        ...vitestSample.tests,
        'package.json':
          '{ "type": "module", "scripts": { "test": "vitest run" }, "devDependencies": { "vitest": "4" } }\n',
        'vitest.config.ts': `export default { test: { include: ['tests/**/*.test.ts'] } };\n`,
      },
      { 'README.md': 'x' },
      { gate: { host: packagesFor(vitestSample.tests) } },
    );
    expect(result).toMatchObject({ status: 'passed', findings: [] });
  });

  test('a dependency in package.json, and nothing else of it', async () => {
    const manifest = '{ "type": "module", "dependencies": { "left-pad": "1.3.0" } }\n';
    const { result } = await checkTests({ 'package.json': manifest }, base);
    expect(result).toMatchObject({ status: 'passed', findings: [] });
  });

  test('its own npm test proves nothing', async () => {
    const { result } = await checkTests({ 'package.json': '{ "scripts": { "test": "exit 0" } }' });
    expect(result.status).toBe('skipped');
    expect(result.summary).toContain('--test-command');
  });
});
