import type { SandboxMount, SandboxRun } from '../../sandbox/sandbox.ts';
import { readMarkedReport } from './marked-report.ts';
import { pythonProgram } from './python-program.ts';
import {
  baseName,
  filesWith,
  plainPlan,
  programMissing,
  relativeTo,
  type Detect,
  type ProjectView,
  type RunnerInput,
  type TestReport,
} from './runner.ts';

/** What pytest and unittest take for tests by themselves. */
export function isPythonTest(path: string): boolean {
  const name = baseName(path);
  return /^test.*\.py$/.test(name) || /_test\.py$/.test(name);
}

/**
 * pytest where the project asks for it or writes tests for it, as it runs unittest's classes too; unittest for
 * projects whose tests need nothing else.
 */
export const pythonTests: Detect = async (input) => {
  const { project, declared } = input;
  const named = declared.filter((path) => path.endsWith('.py') && project.files.has(path));
  const candidates = [...project.files].filter(isPythonTest);
  const pytestFiles: string[] = [];
  const unittestFiles: string[] = [];
  for (const path of [...new Set([...candidates, ...named])].sort()) {
    const text = (await project.read(path)) ?? '';
    if (/^(?:async )?def test|^\s*(?:import|from) pytest\b/m.test(text)) pytestFiles.push(path);
    else if (/^\s*(?:import|from) unittest\b/m.test(text)) unittestFiles.push(path);
    else if (/^class Test/m.test(text)) pytestFiles.push(path);
  }
  const files = [...pytestFiles, ...unittestFiles].sort();
  if (files.length === 0) return [];
  const asked = pytestFiles.length > 0 || (await asksForPytest(project));
  return [await runnerOf(asked ? 'pytest' : 'unittest', files, input)];
};

async function asksForPytest(project: ProjectView): Promise<boolean> {
  if (['pytest.ini', '.pytest.ini', 'conftest.py'].some((path) => project.files.has(path)))
    return true;
  for (const path of ['pyproject.toml', 'setup.cfg', 'tox.ini', 'requirements-dev.txt'])
    if (/\bpytest\b/.test((await project.read(path)) ?? '')) return true;
  return false;
}

async function runnerOf(
  mode: 'pytest' | 'unittest',
  testFiles: readonly string[],
  input: RunnerInput,
) {
  const { project, host, mark, tools, has } = input;
  const environment = await environmentOf(host);
  const onPath = (await has('python3')) ? 'python3' : (await has('python')) ? 'python' : null;
  const program = environment === null ? onPath : `./${environment.to}/bin/python`;
  if (program === null) return programMissing(mode, 'python3', 'Python');
  const settings = `${tools}/settings.json`;
  return {
    ...plainPlan,
    runner: mode,
    expected: await filesWith(project, testFiles, /^\s*(?:async )?def test/m),
    command: [program, '-I', '-B', '-c', pythonProgram, settings],
    mounts: environment === null ? [] : [environment],
    files: new Map([[settings, JSON.stringify({ mode, mark, files: testFiles })]]),
    read: (run: SandboxRun) => readReport(run, mark, project),
  };
}

function readReport(run: SandboxRun, mark: string, project: ProjectView): TestReport {
  const report = readMarkedReport(run.stdout, mark, relativeTo(project));
  // An option of the project's own settings that needs a plugin which is not installed.
  const unknown = /error: unrecognized arguments:.*/.exec(run.stderr);
  return unknown === null || report.passed > 0 ? report : { ...report, broken: unknown[0] };
}

/** The project's own virtual environment on the host. */
async function environmentOf(host: RunnerInput['host']): Promise<SandboxMount | null> {
  for (const to of ['.venv', 'venv']) {
    const from = await host.folder(to);
    if (from !== null && (await host.folder(`${to}/bin`)) !== null) return { from, to };
  }
  return null;
}
