import { describe, expect, test } from 'vitest';
import { isPythonTest, pythonTests } from '../../../src/gates/runners/python.ts';
import { runnerInput } from './view.ts';

const asserts = 'def test_a():\n    assert True\n';
const cases =
  'import unittest\n\n\nclass T(unittest.TestCase):\n    def test_a(self):\n        pass\n';
const project = (name: string, more = ''): string =>
  `[project]\nname = "${name}"\nversion = "1"\n${more}`;

interface Settings {
  readonly files: string[];
  readonly arguments: string[];
}

/** Each run with what its program is told. */
async function planned(
  files: Record<string, string>,
  over: Parameters<typeof runnerInput>[1] = {},
) {
  const plans = await pythonTests(runnerInput(files, over));
  return plans.map((plan) => {
    if ('missing' in plan) throw new Error(plan.missing);
    const settings = JSON.parse(plan.files.get('.tools/settings.json') ?? '') as Settings;
    return { ...plan, settings };
  });
}
const runs = async (files: Record<string, string>, touched: string[] = []) =>
  (await planned(files, { touched })).map(({ runner }) => runner);

test.each([
  ['tests/test_add.py', true],
  ['tests.py', true],
  ['app/tests.py', true],
  ['add_test.py', true],
  ['add_tests.py', true],
  ['TestAdd.py', true],
  ['AddTest.py', true],
  ['AddTests.py', true],
  ['latest.py', false],
  ['Testament.py', false],
  ['contest.py', false],
  ['add.py', false],
])('%s is known as a test by its name: %s', (path, known) => {
  expect(isPythonTest(path)).toBe(known);
});

describe('where tests are run', () => {
  test.each<[string, Record<string, string>, string[]]>([
    ['at the root', { 'tests/test_a.py': asserts }, ['pytest']],
    [
      'below it',
      { 'backend/pyproject.toml': project('app'), 'backend/tests/test_a.py': cases },
      ['unittest in backend'],
    ],
    [
      'in each package',
      {
        'a/pyproject.toml': project('a'),
        'a/tests/test_a.py': asserts,
        'b/setup.py': '',
        'b/tests/test_b.py': cases,
        'scripts/test_c.py': asserts,
      },
      ['pytest', 'pytest in a', 'unittest in b'],
    ],
    [
      'at the root, where its settings name the packages',
      {
        'pyproject.toml': '[tool.pytest.ini_options]\ntestpaths = ["packages/*/tests"]\n',
        'packages/a/pyproject.toml': project('a'),
        'packages/a/tests/test_a.py': asserts,
        'tools/pyproject.toml': project('tools'),
        'tools/test_t.py': asserts,
      },
      ['pytest', 'pytest in tools'],
    ],
    [
      'at the root for a project that is a fixture',
      { 'tests/fixtures/p/pyproject.toml': project('p'), 'tests/fixtures/p/test_p.py': asserts },
      ['pytest'],
    ],
    ['nowhere', { 'test_a.py': 'x = 1\n', 'pyproject.toml': project('a') }, []],
  ])('%s', async (_, files, expected) => {
    expect(await runs(files)).toEqual(expected);
  });

  test('of changed files: the innermost package, and those that depend on it', async () => {
    const files = {
      'core/pyproject.toml': project('acme-core'),
      'core/tests/test_a.py': asserts,
      'web/pyproject.toml': project('web', 'dependencies = ["acme_core>=1"]\n'),
      'web/tests/test_a.py': asserts,
      'cli/requirements.txt': '-e ../core\n',
      'cli/test_a.py': asserts,
      'other/setup.cfg': '',
      'other/test_a.py': asserts,
    };
    const all = ['pytest in cli', 'pytest in core', 'pytest in other', 'pytest in web'];
    expect(await runs(files)).toEqual(all);
    expect(await runs(files, ['README.md'])).toEqual(all);
    expect(await runs(files, ['core/acme/x.py'])).toEqual(all.filter((one) => !/other/.test(one)));
    expect(await runs(files, ['web/x.py'])).toEqual(['pytest in web']);
  });
});

describe('what pytest is given', () => {
  const given = async (files: Record<string, string>, declared: string[] = []) =>
    (await planned(files, { declared })).map(({ settings, expected }) => ({
      arguments: settings.arguments,
      expected,
    }));

  test('nothing, as it finds its tests itself', async () => {
    expect(await given({ 'tests/test_a.py': asserts })).toEqual([
      { arguments: [], expected: ['tests/test_a.py'] },
    ]);
  });

  test('files whose names it does not know, where no settings speak', async () => {
    const files = { 'test_a.py': asserts, 'tests.py': asserts, 'check.py': asserts };
    expect(await given(files, ['check.py'])).toEqual([
      {
        arguments: ['.', 'check.py', 'tests.py'],
        expected: ['check.py', 'test_a.py', 'tests.py'],
      },
    ]);
  });

  test.each([
    ['pyproject.toml', '[tool.pytest.ini_options]\ntestpaths = "tests"\n'],
    ['pyproject.toml', '[tool.pytest]\nnorecursedirs = ["live"]\n'],
    ['pytest.ini', '[pytest]\n'],
    ['tox.ini', '[tox]\n\n[pytest]\naddopts = -q\n'],
    ['setup.cfg', '[metadata]\nname = a\n\n[tool:pytest]\ntestpaths =\n    tests\n'],
    ['conftest.py', 'collect_ignore = ["live"]\n'],
  ])('nothing and no file is expected where %s speaks: %j', async (name, text) => {
    const files = { [name]: text, 'live/test_b.py': asserts, 'tests/test_a.py': asserts };
    expect(await given({ ...files, 'live/tests.py': asserts }, ['live/tests.py'])).toEqual([
      { arguments: [], expected: [] },
    ]);
  });

  test('settings that say nothing of pytest say nothing', async () => {
    const files = { 'pyproject.toml': project('a'), 'tox.ini': '[tox]\n', 'test_a.py': asserts };
    expect(await given(files)).toEqual([{ arguments: [], expected: ['test_a.py'] }]);
  });

  test('folders to leave out that have a run of their own', async () => {
    const files = {
      'test_a.py': asserts,
      'packages/a/pyproject.toml': project('a'),
      'packages/a/test_b.py': asserts,
      'packages/a/more/setup.py': '',
      'packages/a/more/test_c.py': asserts,
    };
    expect((await given(files)).map((one) => one.arguments)).toEqual([
      ['--ignore=packages/a', '--ignore=packages/a/more'],
      ['--ignore=more'],
      [],
    ]);
  });
});

test('tests of a class that the project made from one of unittest are tests', async () => {
  const files = {
    'tests/test_a.py':
      'from app.testing import Case\n\n\nclass A(Case):\n    def test_a(self):\n        pass\n',
  };
  expect(await runs(files)).toEqual(['unittest']);
});

test("a package's own environment is taken before that of one above", async () => {
  const files = {
    'a/pyproject.toml': project('a'),
    'a/test_a.py': asserts,
    'b/pyproject.toml': project('b'),
    'b/test_b.py': asserts,
  };
  const there = new Set(['.venv', '.venv/bin', 'b/venv', 'b/venv/bin', 'a/.venv']);
  const host = {
    ...runnerInput({}).host,
    folder: async (path: string) => (there.has(path) ? `/project/${path}` : null),
  };
  const plans = await planned(files, { host });
  expect(plans.map(({ command, mounts }) => [command[0], mounts])).toEqual([
    ['./.venv/bin/python', [{ from: '/project/.venv', to: '.venv' }]],
    ['./b/venv/bin/python', [{ from: '/project/b/venv', to: 'b/venv' }]],
  ]);
});
