import { posix } from 'node:path';
import type { SandboxRun } from '../../sandbox/sandbox.ts';
import { avaFiles, readAva } from './ava-report.ts';
import { bunReader } from './bun.ts';
import { byHand } from './by-hand.ts';
import { readJestReport } from './jest-report.ts';
import { readMarkedReport } from './marked-report.ts';
import { nodeModules, type InstalledPackages } from './node-modules.ts';
import { nodeWrapper, reportFolder } from './node-wrapper.ts';
import {
  dependenciesOf,
  readManifest,
  testScripts,
} from '../../repository/packages/package-json.ts';
import { runnerIn } from './changed-runs.ts';
import { npmPackages, type NpmPackage } from '../../repository/packages/npm-manifests.ts';
import { packagesToTest } from './packages-to-test.ts';
import { alonePatterns } from './node-alone.ts';
import { readOutput } from './read-output.ts';
import {
  joinedReports,
  plainPlan,
  relativeFrom,
  scriptIn,
  type Detect,
  type RunnerInput,
  type RunnerMissing,
  type RunnerPlan,
  type TestReport,
} from './runner.ts';
import { bySeed, canShuffle } from './shuffle.ts';

/**
 * The packages' own `test` scripts, as npm would run them, with what comes before and behind them. Each run
 * of vitest, jest, mocha, jasmine, ava and `node --test` in them is given a report; of others the output is read.
 */
export const npmScripts: Detect = async (input) => {
  const packages = await npmPackages(input.project);
  const chosen = packagesToTest(packages, input.touched);
  if (chosen.length === 0) return [];
  const installed = await nodeModules(input.project, input.host, input.tools);
  return Promise.all(chosen.map((one) => planOf(one, installed, input)));
};

const npmTest = 'npm test';

/** Whether a plan is of a package's own script. */
export function isScript({ runner }: RunnerPlan): boolean {
  return runner === npmTest || runner.startsWith(`${npmTest} in `);
}

async function planOf(
  { folder }: NpmPackage,
  installed: InstalledPackages,
  input: RunnerInput,
): Promise<RunnerPlan | RunnerMissing> {
  const { project, tools, mark, scriptStood } = input;
  const runner = runnerIn(npmTest, folder);
  const scripts = await testScripts(project, folder);
  const lacking = input.installs ? null : await lackingRunner(folder, scripts, input);
  if (lacking !== null) {
    const missing = `${lacking} is not installed in this project's node_modules`;
    const fix = `Install it (npm install), or say how the tests are run: --test-command "…"`;
    return { runner, missing, fix };
  }
  const { name = '', version = '' } = await readManifest(project, folder);
  const place = relativeFrom(project, folder);
  const readBun = await bunReader(place);
  const ofAva = await avaFiles(project, folder);
  const wrapper = [...nodeWrapper(mark)].map(([path, text]) => [`${tools}/${path}`, text] as const);
  const canTurn = await canShuffle(project, folder);
  const plainOf = (only: readonly string[]): RunnerPlan => ({
    ...plainPlan,
    runner,
    folder,
    from: `script "test" of ${posix.join(folder, 'package.json')}`,
    byHand: byHand(folder, ['npm', 'test']),
    ...(scripts.length > 1 && {
      withoutHooks: byHand(folder, ['npm', 'test', '--ignore-scripts']),
    }),
    expected: [],
    command: scriptIn(program, tools, folder, scripts),
    env: {
      CI: '1',
      npm_lifecycle_event: 'test',
      npm_package_name: name,
      npm_package_version: version,
      npm_config_update_notifier: 'false',
      npm_config_offline: 'true',
      ...(only.length > 0 && { BLUEPRINT_ONLY: only.join('\n') }),
    },
    ...installed,
    files: new Map(wrapper),
    reportFolder: `${tools}/${reportFolder}`,
    read(run, reports) {
      const readTap = (text: string): TestReport =>
        readAva(
          text,
          ofAva,
          only.map((path) => posix.join(folder, path)),
          place,
        );
      return readScript(run, reports, { mark, scriptStood, place, readBun, readTap });
    },
    only: (files) => planOf(files.map((path) => posix.relative(folder, path))),
  });
  const planOf = (only: readonly string[]): RunnerPlan => {
    const plan = plainOf(only);
    return canTurn
      ? { ...plan, shuffled: bySeed(plan) }
      : { ...plan, reordered: (tests) => eachAlone(plan, tests, folder) };
  };
  return planOf([]);
}

/** As far as the script starts `node --test`: our own in its place then starts it for each test. */
function eachAlone(
  plan: RunnerPlan,
  tests: Parameters<typeof alonePatterns>[0],
  folder: string,
): RunnerPlan {
  return {
    ...plan,
    env: { ...plan.env, BLUEPRINT_ALONE: alonePatterns(tests, folder).join('\n') },
  };
}

// The programs of the package's own folder come first, as npm has it, behind our `node`.
const program = `root=$PWD tools=$PWD/$1
cd "$2" || exit 127
shift 2
BLUEPRINT_MARK=$(cat "$tools/mark"); rm -f "$tools/mark"; export BLUEPRINT_MARK
bins= folder=$PWD
while :; do
  bins=$bins:$folder/node_modules/.bin
  if [ "$folder" = "$root" ]; then break; fi
  folder=\${folder%/*}
done
PATH=$tools/bin$bins:$PATH; export PATH
for script in "$@"; do /bin/sh -c "$script" || exit $?; done`;

interface ScriptReading extends Pick<RunnerInput, 'mark' | 'scriptStood'> {
  readonly place: (path: string) => string | null;
  readonly readBun: (texts: readonly string[]) => TestReport;
  readonly readTap: (text: string) => TestReport;
}

function readScript(
  run: SandboxRun,
  written: readonly string[],
  { mark, scriptStood, place, readBun, readTap }: ScriptReading,
): TestReport {
  const reports: TestReport[] = [];
  const marked = readMarkedReport(run.stdout, mark, place);
  if (marked.complete || (marked.tests ?? []).length > 0 || run.stdout.includes(mark))
    reports.push(marked);
  // What was begun has an empty text; where it came to its end, its report follows.
  let begun = 0;
  for (const text of written) {
    if (text === '') begun += 1;
    else if (text.startsWith('<')) reports.push(readBun([text]));
    else if (text.startsWith('TAP ')) reports.push(readTap(text));
    else reports.push(readJestReport(text, place));
  }
  const ended = reports.length - (reports.includes(marked) ? 1 : 0);
  if (begun > ended) reports.push(readJestReport(null, place));
  if (reports.length > 0) return joinedReports(reports);
  // What the work's own script prints proves nothing.
  return scriptStood
    ? readOutput(run)
    : { ...readOutput(run), counted: true, passed: 0, tests: null };
}

/** A runner that the script names, and the package asks for, but which is not installed. */
async function lackingRunner(
  folder: string,
  scripts: readonly string[],
  { project, host }: RunnerInput,
): Promise<string | null> {
  const asked = new Set(
    (await Promise.all([folder, ''].map((at) => readManifest(project, at)))).flatMap((manifest) => [
      ...dependenciesOf(manifest),
    ]),
  );
  const words = scripts.flatMap((script) => script.match(/[\w-]+/g) ?? []);
  for (const name of new Set(words)) {
    if (!runners.has(name) || !asked.has(name)) continue;
    if (!(await isInstalled(name, folder, host))) return name;
  }
  return null;
}

const runners = new Set(['vitest', 'jest', 'mocha', 'ava', 'tap', 'tape', 'jasmine']);

/** In the folder itself or in one above it, as node looks for it. */
async function isInstalled(
  name: string,
  folder: string,
  host: RunnerInput['host'],
): Promise<boolean> {
  const parts = folder === '' ? [] : folder.split('/');
  for (let length = parts.length; length >= 0; length--) {
    const place = [...parts.slice(0, length), 'node_modules', name].join('/');
    if ((await host.folder(place)) !== null) return true;
  }
  return false;
}
