import { pathsEnding } from '../../files/by-ending.ts';
import type { SandboxRun } from '../../sandbox/sandbox.ts';
import { byHand } from './by-hand.ts';
import { manifestRuns, type ManifestRun } from './manifest-runs.ts';
import { reportFolder } from './node-wrapper.ts';
import { isBelow } from '../../files/slash-paths.ts';
import { runnerIn } from './changed-runs.ts';
import {
  filesWith,
  joinedReports,
  mountOf,
  plainPlan,
  programMissing,
  relativeFrom,
  reportOf,
  scriptIn,
  type Detect,
  type RunnerInput,
  type TestOutcome,
  type TestReport,
} from './runner.ts';
import type { ProjectView } from '../../files/project-view.ts';
import { trxReader } from './trx-report.ts';

const solution = /\.slnx?$/;
const projectFile = /\.(?:cs|fs|vb)proj$/;
/** Of xUnit, NUnit and MSTest. */
const attribute =
  /^\s*\[\s*(?:\w+\.)*(?:Fact|Theory|Test|TestCase|TestCaseSource|TestMethod|DataTestMethod)\b|^\s*\[<(?:Fact|Theory|Test|TestMethod)/m;

/** `dotnet test` of each solution, or of each project of tests where there is none. */
export const dotnet: Detect = async (input) => {
  const { project, has } = input;
  if (pathsEnding(project.files, ['csproj', 'fsproj', 'vbproj']).length === 0) return [];
  const sources = pathsEnding(project.files, ['cs', 'fs', 'vb']);
  const tests = await filesWith(project, sources, attribute);
  const solved = manifestRuns(input, solution, tests, { whole: true });
  const runs =
    solved.length > 0 ? solved : manifestRuns(input, projectFile, tests, { whole: false });
  if (runs.length === 0) return [];
  if (!(await has('dotnet'))) return [programMissing('dotnet test', 'dotnet', 'the .NET SDK')];
  return Promise.all(runs.map((run) => planOf(run, input)));
};

async function planOf({ folder, from, tests }: ManifestRun, { project, host, tools }: RunnerInput) {
  const place = relativeFrom(project, folder);
  const classes = await classesIn(project, folder);
  const read = await trxReader({
    place,
    fileOfClass: (name) => classes.get(name.replace(/[+`].*$/s, '')) ?? null,
  });
  return {
    ...plainPlan,
    runner: runnerIn('dotnet test', folder),
    folder,
    from,
    byHand: byHand(folder, ['dotnet', 'test']),
    expected: tests.filter((path) => [...classes.values()].includes(path)),
    command: scriptIn(dotnetCommand(testing), tools, folder),
    compiling: scriptIn(dotnetCommand('build'), tools, folder),
    env: {
      CI: '1',
      DOTNET_CLI_TELEMETRY_OPTOUT: '1',
      DOTNET_NOLOGO: '1',
      DOTNET_SKIP_FIRST_TIME_EXPERIENCE: '1',
      DOTNET_CLI_UI_LANGUAGE: 'en',
      MSBUILDDISABLENODEREUSE: '1',
    },
    mounts: mountOf(await host.cache('nuget'), `${tools}/packages`),
    files: new Map([[`${tools}/dotnet/.keep`, '']]),
    reportFolder: `${tools}/${reportFolder}`,
    read: (run: SandboxRun, texts: readonly string[]) => readDotnet(run, read(texts), place),
  };
}

// What is restored must be in the cache in the version that is asked for.
const dotnetCommand = (what: string): string => `tools=$PWD/$1
cd "$2" || exit 127
shift 2
DOTNET_CLI_HOME=$tools/dotnet NUGET_PACKAGES=$tools/packages
export DOTNET_CLI_HOME NUGET_PACKAGES
exec dotnet ${what} -nodeReuse:false "$@"`;
const testing = `test --logger trx --results-directory "$tools/${reportFolder}"`;

/** Classes by their whole names, with the file that holds them. */
async function classesIn(project: ProjectView, folder: string): Promise<Map<string, string>> {
  const classes = new Map<string, string>();
  for (const path of project.files) {
    if (!/\.(?:cs|vb)$/.test(path) || !isBelow(path, folder)) continue;
    const text = (await project.read(path)) ?? '';
    const space = /^\s*[Nn]amespace\s+([\w.]+)/m.exec(text)?.[1];
    for (const [, name = ''] of text.matchAll(/^[^\n/*]*\b[cC]lass\s+(\w+)/gm))
      classes.set(space === undefined ? name : `${space}.${name}`, path);
  }
  return classes;
}

function readDotnet(
  { stdout, stderr }: SandboxRun,
  report: TestReport,
  place: (path: string) => string | null,
): TestReport {
  const output = `${stdout}\n${stderr}`;
  const found = new Map<string, TestOutcome>();
  for (const [, path = '', line, text = ''] of output.matchAll(
    /^\s*(\S.*?\.(?:cs|fs|vb))\((\d+),\d+\): error (.+?)(?: \[[^\]]+\])?$/gm,
  )) {
    const file = place(path);
    const name = 'compiling';
    if (file === null) continue;
    const fault = { outcome: 'failed', name, file, line: Number(line), text } as const;
    found.set(`${file}:${line}: ${text}`, fault);
  }
  const joined = joinedReports([report, reportOf([...found.values()], { complete: true })]);
  const cutOff = /Test host process crashed|The active test run was aborted/.test(output);
  const lacking = /error (?:NU1\d+|NETSDK1045|MSB3644): .*/.exec(output);
  const complete = joined.complete && !cutOff;
  return { ...joined, complete, broken: lacking === null ? null : lacking[0] };
}
