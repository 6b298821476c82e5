import { describe, expect, test } from 'vitest';
import { makeRecipe } from '../../../src/gates/runners/make.ts';
import { pythonArguments } from '../../../src/gates/runners/python-arguments.ts';
import { namedCommand } from '../../../src/gates/runners/python-commands.ts';
import { pythonTests } from '../../../src/gates/runners/python.ts';
import { argumentsFor, shellWords } from '../../../src/gates/runners/shell-words.ts';
import { runnerInput, viewOfFiles } from './view.ts';

test.each<[string, string[] | null]>([
  [`pytest -m "not slow" 'a b' c\\ d`, ['pytest', '-m', 'not slow', 'a b', 'c d']],
  ['  pytest\t-q ', ['pytest', '-q']],
  [`-k="a"'b'`, ['-k=ab']],
  ['pytest ""', ['pytest', '']],
  ['pytest $ARGS', null],
  ['pytest "$ARGS"', null],
  ['pytest | tee log', null],
  ['pytest tests/*.py', null],
  ["pytest '*.py'", ['pytest', '*.py']],
  ["pytest 'open", null],
])('the words of %j are %j', (command, words) => {
  expect(shellWords(command)).toEqual(words);
});

test('what a command gives to a program', () => {
  expect(argumentsFor('@php vendor/bin/phpunit --filter x', /\bphpunit$/)).toEqual([
    '--filter',
    'x',
  ]);
  expect(argumentsFor('phpstan', /\bphpunit$/)).toBeNull();
});

describe('a command is taken apart', () => {
  const pytest = (command: string): readonly string[] | null => {
    const found = pythonArguments(command);
    return found?.mode === 'pytest' ? found.arguments : null;
  };
  test.each<[string, string[]]>([
    ['pytest', []],
    [
      'pytest -v --tb=short -x --maxfail 2 --durations=10 -m "not slow" tests/unit',
      ['-m', 'not slow', 'tests/unit'],
    ],
    ['pytest --cov src --cov-report term-missing --cov=x tests', ['tests']],
    ['pytest tests --cov', ['tests']],
    ['python -m pytest -n auto --import-mode=importlib', ['--import-mode=importlib']],
    ['coverage run --source x -m pytest -k fast', ['-k', 'fast']],
    ['poetry run pytest --doctest-modules', ['--doctest-modules']],
    ['uv run --with pytest --frozen pytest tests', ['tests']],
    ['.venv/bin/pytest -o xfail_strict=true', ['-o', 'xfail_strict=true']],
    ['. venv/bin/activate && pytest -p no:randomly', ['-p', 'no:randomly']],
    ['ruff check .\npytest a\ncoverage report', ['a']],
  ])('%j', (command, words) => {
    expect(pytest(command)).toEqual(words);
  });
  test.each([
    'pip install pytest',
    'uv pip install pytest',
    'echo pytest',
    'make test',
    'cd tests && pytest .',
    'uv run --with pytest check.py',
    'mypy tests',
    'bash -c "pytest"',
    '',
  ])('%j starts none', (command) => {
    expect(pythonArguments(command)).toBeNull();
  });
  test('with its variables', () => {
    const found = pythonArguments("PYTHONPATH=src env MODE='a b' python -m unittest discover -s t");
    expect(found).toEqual({
      mode: 'unittest',
      arguments: [],
      env: { PYTHONPATH: 'src', MODE: 'a b' },
    });
  });
});

describe('who says how tests are run', () => {
  const said = async (files: Record<string, string>) => {
    const found = await namedCommand(viewOfFiles(files), '');
    return found && [found.from, found.taken?.arguments ?? found.command];
  };
  const tox =
    '[tox]\nenvlist = py\n\n[testenv]\ndeps = pytest\ncommands =\n    # all\n    coverage run -m pytest {posargs:-m fast} \\\n        {toxinidir}/tests\n    coverage report\nsetenv =\n    MODE = test\n    HOME = {envtmpdir}\n';
  test.each<[string, Record<string, string>, unknown]>([
    ['tox', { 'tox.ini': tox }, ['tox.ini', ['-m', 'fast', 'tests']]],
    [
      'tox, in the manifest',
      {
        'pyproject.toml':
          '[tool.tox.env_run_base]\ncommands = [["pytest", "-m", "not slow", { replace = "posargs" }]]\n',
      },
      ['pyproject.toml', ['-m', 'not slow']],
    ],
    [
      'tox, as text in the manifest',
      {
        'pyproject.toml':
          '[tool.tox]\nlegacy_tox_ini = """\n[testenv]\ncommands = pytest -k x\n"""\n',
      },
      ['pyproject.toml', ['-k', 'x']],
    ],
    [
      'nox',
      {
        'noxfile.py':
          'import nox\n\n@nox.session\ndef lint(session):\n    session.run("pytest", "-m", "lint")\n\n@nox.session(python=["3.12"])\ndef tests(session):\n    session.install(".", "pytest")\n    # session.run("pytest", "-m", "old")\n    session.run("pytest", "-m", "not slow", *session.posargs, env={"A": "b"})\n',
      },
      ['noxfile.py', ['-m', 'not slow']],
    ],
    [
      'hatch',
      {
        'pyproject.toml': '[tool.hatch.envs.default.scripts]\ntest = "pytest {args:tests} -k x"\n',
      },
      ['pyproject.toml', ['tests', '-k', 'x']],
    ],
    [
      'pdm',
      { 'pyproject.toml': '[tool.pdm.scripts]\ntest = { cmd = ["pytest", "-m", "a b"] }\n' },
      ['pyproject.toml', ['-m', 'a b']],
    ],
    [
      'poe',
      { 'pyproject.toml': '[tool.poe.tasks.test]\nshell = "pytest -k y"\n' },
      ['pyproject.toml', ['-k', 'y']],
    ],
    [
      'taskipy',
      { 'pyproject.toml': '[tool.taskipy.tasks]\ntest = "python -m pytest -k z"\n' },
      ['pyproject.toml', ['-k', 'z']],
    ],
    [
      'a Makefile',
      {
        Makefile:
          'PY ?= poetry run\nRUN = $(PY) pytest\n.PHONY: test\ntest: build\n\t@$(RUN) -k $(WHAT)x\n',
      },
      ['Makefile', ['-k', 'x']],
    ],
    [
      'a program of the project',
      { 'tox.ini': '[testenv]\ncommands = python tests/run.py --all\n' },
      ['tox.ini', 'python tests/run.py --all'],
    ],
    [
      'Django',
      { 'pyproject.toml': '[tool.pdm.scripts]\ntest = "python manage.py test"\n' },
      ['pyproject.toml', 'python manage.py test'],
    ],
    [
      'nobody: linters',
      { 'tox.ini': '[testenv]\ncommands = flake8 tests\n[testenv:x]\ncommands = pytest -k x\n' },
      null,
    ],
    [
      'nobody: another folder',
      { 'tox.ini': '[testenv]\nchangedir = tests\ncommands = pytest .\n' },
      null,
    ],
    ['nobody: a broken manifest', { 'pyproject.toml': '[[[' }, null],
    [
      'nobody: words',
      { 'noxfile.py': '# session.run("pytest")\n', Makefile: '# test:\n#\tpytest -k x\n' },
      null,
    ],
  ])('%s', async (_what, files, expected) => {
    expect(await said(files)).toEqual(expected);
  });
});

test('the run has what the command gives: arguments, variables, paths', async () => {
  const files = {
    'tox.ini':
      '[testenv]\nsetenv =\n    MODE = test\n    PYTHONPATH = {toxinidir}/lib:src\ncommands = pytest -v -m fast tests\n',
    'tests/test_a.py': 'def test_a():\n    pass\n',
  };
  const [plan] = await pythonTests(runnerInput(files));
  if (plan === undefined || 'missing' in plan) throw new Error('no plan');
  expect(plan).toMatchObject({ runner: 'pytest', from: 'tox.ini', env: { MODE: 'test', CI: '1' } });
  expect(plan.byHand).toBe(
    '.venv/bin/python -m pytest -m fast tests'.replace('.venv/bin/python', 'python3'),
  );
  const settings: unknown = JSON.parse(plan.files.get('.tools/settings.json') ?? '');
  expect(settings).toMatchObject({ arguments: ['-m', 'fast', 'tests'], paths: ['lib', 'src'] });
});

test('a program of the project is started as it says, and proves nothing where the work brings it', async () => {
  const files = {
    'tox.ini': '[testenv]\ncommands = python tests/run.py\n',
    'tests/test_a.py': 'import unittest\n',
  };
  const ended = {
    end: { kind: 'exited', code: 0 },
    stdout: '',
    stderr: 'Ran 4 tests in 1s\n',
    durationMs: 1,
  } as const;
  const passed = async (touched: string[]) => {
    const [plan] = await pythonTests(runnerInput(files, { touched }));
    if (plan === undefined || 'missing' in plan) throw new Error('no plan');
    expect(plan.runner).toBe('python tests/run.py');
    return plan.read(ended, []).passed;
  };
  expect(await passed([])).toBe(4);
  expect(await passed(['tox.ini'])).toBe(0);
});

test('the recipe of a rule, with its variables', () => {
  expect(
    makeRecipe('A = a $(B)\nB := b\ntest:\n\t@one $(A) \\\n\t  two\n\n\t-three\nlint:\n\tfour\n'),
  ).toBe('@one a b two\n-three');
  expect(makeRecipe('test: lint\nlint:\n\tx\n')).toBeNull();
  expect(makeRecipe('A = $(A)\ntest:\n\t$(A)\n')).toBe('$(A)');
});
