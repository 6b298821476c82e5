import type { SandboxRun } from '../../sandbox/sandbox.ts';
import { nodeModules } from './node-modules.ts';
import { testScript } from './package-json.ts';
import {
  emptyReport,
  mountOf,
  plainPlan,
  programMissing,
  type Detect,
  type RunnerInput,
  type RunnerPlan,
  type TestReport,
} from './runner.ts';
import { executedTests } from './text-counts.ts';

/** A command that the user gave, run by a shell; the programs of the project's packages are on its path. */
export async function shellCommand(command: string, input: RunnerInput): Promise<RunnerPlan> {
  const { project, host, tools } = input;
  const { mounts, links } = await nodeModules(project, host, tools);
  return {
    ...plainPlan,
    runner: command,
    expected: [],
    command: ['/bin/sh', '-c', `PATH="$PWD/node_modules/.bin:$PWD/.venv/bin:$PATH"; ${command}`],
    mounts: [...mounts, ...mountOf(await host.folder('.venv'), '.venv')],
    links,
    read: readOutput,
  };
}

/** `npm test`, for a script that no other runner knows. */
export const npmTest: Detect = async (input) => {
  const script = await testScript(input.project);
  if (script === null) return [];
  if (!(await input.has('npm'))) return [programMissing('npm test', 'npm', 'Node.js with npm')];
  const plan = await shellCommand('npm test --silent', input);
  const env = { npm_config_update_notifier: 'false', npm_config_offline: 'true' };
  return [{ ...plan, runner: 'npm test', env }];
};

/** Of a command without a report: its exit code, and the counts that it prints where they are known. */
function readOutput({ end, stdout, stderr }: SandboxRun): TestReport {
  const output = `${stdout}\n${stderr}`;
  const count = executedTests(output);
  const failed = end.kind === 'exited' && end.code === 0 ? 0 : 1;
  // A shell's own codes: the program is not there, or cannot be run.
  const broken =
    end.kind === 'exited' && (end.code === 127 || end.code === 126) ? lastLine(stderr) : null;
  return {
    ...emptyReport,
    complete: true,
    counted: count !== null,
    passed: failed === 0 ? (count ?? 0) : 0,
    failed,
    files: null,
    tests: null,
    broken,
  };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
