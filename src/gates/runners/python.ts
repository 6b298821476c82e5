import { posix } from 'node:path';
import { pathsEnding } from '../../files/by-ending.ts';
import type { SandboxRun } from '../../sandbox/sandbox.ts';
import { byHand, fewFiles } from './by-hand.ts';
import { readMarkedReport } from './marked-report.ts';
import { provingNothing } from './make.ts';
import { isBelow } from '../../files/slash-paths.ts';
import { runnerIn } from './changed-runs.ts';
import { isPytestFile, pytestConfig } from './pytest-config.ts';
import type { PythonArguments } from './python-arguments.ts';
import { pythonStart } from './python-checkout.ts';
import { namedCommand, type NamedCommand } from './python-commands.ts';
import { environmentOf } from './python-environment.ts';
import { pythonRuns, type PythonRun } from './python-runs.ts';
import { pythonProgram } from './python-program.ts';
import { shellCommand } from './shell-command.ts';
import { baseName } from '../../files/slash-paths.ts';
import {
  filesWith,
  isLoading,
  plainPlan,
  programMissing,
  relativeTo,
  type Detect,
  type RunnerInput,
  type RunnerPlan,
  type TestOutcome,
  type TestReport,
} from './runner.ts';
import type { ProjectView } from '../../files/project-view.ts';
import { bySeed } from './shuffle.ts';

/** Names that Python's tests have, by the rules of one runner or another. */
export function isPythonTest(path: string): boolean {
  if (!path.endsWith('.py')) return false;
  return /^(?:test.*|Test[A-Z0-9_].*|.*_tests?|.*[a-z0-9]Tests?)\.py$/.test(baseName(path));
}

/**
 * For each package: pytest where it asks for it or writes tests for it, as it runs unittest's classes too;
 * unittest where its tests need nothing else.
 */
export const pythonTests: Detect = async (input) => {
  const { project, declared, touched } = input;
  const named = declared.filter((path) => path.endsWith('.py') && project.files.has(path));
  const candidates = pathsEnding(project.files, ['py']).filter(isPythonTest);
  const kinds = new Map<string, 'pytest' | 'unittest'>();
  for (const path of [...new Set([...candidates, ...named])].sort()) {
    const kind = kindOf((await project.read(path)) ?? '');
    if (kind !== null) kinds.set(path, kind);
  }
  const runs = await pythonRuns(project, [...kinds.keys()], touched);
  return Promise.all(
    runs.map(async (run) => {
      const named = await namedCommand(project, run.folder);
      if (named !== null && named.taken === null && run.folder === '')
        return ownCommand(named, input);
      if (named?.taken) return planOf(named.taken.mode, named.from, run, input, named.taken);
      const written = run.files.find((path) => kinds.get(path) === 'pytest');
      const asked = (await pytestFrom(project, run.folder)) ?? (written && writtenAs(written));
      if (asked !== undefined) return planOf('pytest', asked, run, input);
      return planOf('unittest', writtenAs(run.files[0] ?? ''), run, input);
    }),
  );
};

/** A program of the project's own runs its tests: it is started as the project says. */
async function ownCommand(
  { command, from }: NamedCommand,
  input: RunnerInput,
): Promise<RunnerPlan> {
  const { host, has } = input;
  const isThere = (await environmentOf('', host)) !== null || (await has('python'));
  const known = isThere ? command : command.replace(/^python(?= )/, 'python3');
  const plan = await shellCommand(known, from, input);
  return input.touched.includes(from) ? provingNothing(plan) : plan;
}

/** What a file's tests are written for; null: it has none. */
function kindOf(text: string): 'pytest' | 'unittest' | null {
  if (/^(?:async )?def test|^\s*(?:import|from) pytest\b/m.test(text)) return 'pytest';
  if (/^\s*(?:import|from) unittest\b/m.test(text)) return 'unittest';
  if (/^class Test/m.test(text)) return 'pytest';
  // Of a class that the project made itself from one of unittest.
  return /^class \w+\(.+\):[^]*^\s+(?:async )?def test\w*\(self\b/m.test(text) ? 'unittest' : null;
}

function writtenAs(file: string): string {
  return `what ${file} is written for`;
}

/** The file of a folder that asks for pytest. */
async function pytestFrom(project: ProjectView, folder: string): Promise<string | null> {
  const own = ['pytest.ini', '.pytest.ini', 'conftest.py', 'tests/conftest.py'];
  const place = (name: string): string => posix.join(folder, name);
  const named = own.map(place).find((path) => project.files.has(path));
  if (named !== undefined) return named;
  const manifests = ['pyproject.toml', 'setup.cfg', 'tox.ini', 'requirements-dev.txt'].map(place);
  return (await filesWith(project, manifests, /\bpytest\b/))[0] ?? null;
}

async function planOf(
  mode: 'pytest' | 'unittest',
  from: string,
  run: PythonRun,
  input: RunnerInput,
  given: Pick<PythonArguments, 'arguments' | 'env'> = { arguments: [], env: {} },
) {
  const { project, host, mark, tools, has } = input;
  const { folder } = run;
  const runner = runnerIn(mode, folder);
  const environment = await environmentOf(folder, host);
  const onPath = (await has('python3')) ? 'python3' : (await has('python')) ? 'python' : null;
  const program = environment === null ? onPath : `./${environment.to}/bin/python`;
  if (program === null) return programMissing(runner, 'python3', 'Python');
  const start = await pythonStart(input);
  const file = `${tools}/settings.json`;
  const chosen = given.arguments.length > 0;
  const free = !chosen && (mode === 'unittest' || !(await isConfigured(project, folder)));
  const { PYTHONPATH: path = '', ...env } = given.env;
  const within = (path: string): string => path.slice(folder === '' ? 0 : folder.length + 1);
  const settings = {
    mode,
    mark,
    folder: folder === '' ? '.' : folder,
    files: run.files.map(within),
    arguments: [
      ...(free ? plainArguments(run, within) : ignoring(run, within)),
      ...given.arguments,
    ],
    paths: path.split(':').filter((one) => one !== ''),
    checkouts: start.checkouts,
    python: start.folder,
  };
  const starter = environment === null && input.installs ? madeInCopy(program, folder) : [program];
  const python =
    environment === null ? program : posix.relative(`/${folder}`, posix.join('/', program));
  const named = mode === 'pytest' ? given.arguments : fewFiles(run.files.map(within), ['discover']);
  // Which files belong to the tests is for the project's settings to say, where it has some.
  const expected = free ? await filesWith(project, run.files, /^\s*(?:async )?def test/m) : [];
  const only = (some: readonly string[]): RunnerPlan => {
    const files = some.map(within);
    const alone = { ...settings, files, arguments: [...ignoring(run, within), ...files] };
    return ordered(alone, {
      ...plan,
      byHand: byHand(folder, [python, '-m', mode, ...files]),
      expected: expected.filter((path) => some.includes(path)),
    });
  };
  const ordered = (options: typeof settings, of: RunnerPlan): RunnerPlan => {
    const filesOf = (all: object) => new Map([...start.files, [file, JSON.stringify(all)]]);
    const named = { ...of, files: filesOf(options) };
    const reordered = () => ({ ...named, files: filesOf({ ...options, reversed: true }) });
    const free = { ...named, reordered };
    return mode === 'pytest' ? { ...free, shuffled: bySeed(named) } : free;
  };
  const plan: RunnerPlan = {
    ...plainPlan,
    runner,
    folder,
    from,
    byHand: byHand(folder, [python, '-m', mode, ...named]),
    expected,
    command: [...starter, '-I', '-B', '-c', pythonProgram, file],
    env: { ...env, CI: '1' },
    mounts: environment === null ? [] : [environment],
    files: new Map(),
    read: (ended: SandboxRun) => readReport(ended, mark, project),
    ...(!chosen && { only }),
  };
  return ordered(settings, plan);
}

/** An environment that a step made in the copy comes before the system's Python. */
function madeInCopy(program: string, folder: string): string[] {
  const places = [...new Set([folder, ''])].flatMap((at) =>
    ['.venv', 'venv'].map((name) => posix.join(at, name)),
  );
  const script =
    'program=$1; places=$2; shift 2; IFS=:\nfor at in $places; do\n  if [ -x "$at/bin/python" ]; then exec "$at/bin/python" "$@"; fi\ndone\nexec "$program" "$@"';
  return ['/bin/sh', '-c', script, 'sh', program, places.join(':')];
}

/** Whether something says which files pytest is to collect. */
async function isConfigured(project: ProjectView, folder: string): Promise<boolean> {
  if ((await pytestConfig(project, folder)) !== null) return true;
  if (folder !== '' && (await pytestConfig(project, '')) !== null) return true;
  const plugins = pathsEnding(project.files, ['py']).filter(
    (path) => baseName(path) === 'conftest.py' && isBelow(path, folder),
  );
  const collects = /collect_ignore|pytest_(?:ignore_collect|collect_file|collection_modifyitems)/;
  return (await filesWith(project, plugins, collects)).length > 0;
}

type Within = (path: string) => string;

/** Tests of names that pytest does not know are given to it beside those that it finds. */
function plainArguments(run: PythonRun, within: Within): string[] {
  const unknown = run.files.filter((path) => !isPytestFile(path)).map(within);
  return [...ignoring(run, within), ...(unknown.length === 0 ? [] : ['.', ...unknown])];
}

function ignoring({ apart }: PythonRun, within: Within): string[] {
  return apart.map((folder) => `--ignore=${within(folder)}`);
}

function readReport(run: SandboxRun, mark: string, project: ProjectView): TestReport {
  const report = readMarkedReport(run.stdout, mark, relativeTo(project));
  // An option of the project's own settings that needs a plugin which is not installed.
  const unknown = /error: unrecognized arguments:.*/.exec(run.stderr);
  if (unknown !== null && report.passed === 0) return { ...report, broken: unknown[0] };
  // pytest says there what kept it from starting, as a conftest.py that cannot be loaded.
  const said = run.stderr.trim().slice(-mostSaid);
  const told = (test: TestOutcome): TestOutcome =>
    isLoading(test) && test.text === '' ? { ...test, text: said } : test;
  return report.tests === null ? report : { ...report, tests: report.tests.map(told) };
}

const mostSaid = 4_000;
