import { posix } from 'node:path';
import { pathsEnding } from '../../files/by-ending.ts';
import type { SandboxRun } from '../../sandbox/sandbox.ts';
import { byHand } from './by-hand.ts';
import { cargoRuns, type CargoRun } from './cargo-runs.ts';
import { cargoFilesRun } from './cargo-files.ts';
import { readCargo } from './cargo-report.ts';
import { isBelow } from '../../files/slash-paths.ts';
import { runnerIn } from './changed-runs.ts';
import {
  filesWith,
  joinedReports,
  mountOf,
  plainPlan,
  programMissing,
  scriptIn,
  type Detect,
  type RunnerInput,
  type RunnerPlan,
  type TestReport,
} from './runner.ts';

/** What makes a test, in the code and in its documentation. */
const test =
  /^\s*(?:#\[(?:\w+::)*(?:test|rstest|test_case|quickcheck|wasm_bindgen_test)\b|proptest!|\/\/[/!]\s*```)/m;

/**
 * `cargo test` in each workspace and package where a Rust file has a test. Packages come from the host's
 * registry alone.
 */
export const cargoTest: Detect = async (input) => {
  const { project, touched, has } = input;
  const rust = pathsEnding(project.files, ['rs']);
  if (rust.length === 0) return [];
  const all = await cargoRuns(project, touched);
  const tested = await filesWith(project, rust, test);
  const manifests = pathsEnding(project.files, ['toml']).filter((path) =>
    path.endsWith('Cargo.toml'),
  );
  const harness = await filesWith(project, manifests, /^\s*harness\s*=\s*false\b/m);
  const runs = all.filter(({ folder }) =>
    [...tested, ...harness].some((path) => isBelow(path, folder)),
  );
  if (runs.length === 0) return [];
  if (!(await has('cargo'))) return [programMissing('cargo test', 'cargo', 'Rust')];
  return Promise.all(runs.map((run) => planOf(run, harness.length > 0, input)));
};

async function planOf(
  { folder, isWorkspace }: CargoRun,
  ownHarness: boolean,
  { project, host, tools }: RunnerInput,
): Promise<RunnerPlan> {
  const home = `${tools}/cargo`;
  const mounts = mountOf(await host.cache('cargo'), `${home}/registry`);
  const whole = isWorkspace ? ['--workspace'] : [];
  const reading = { project, folder, ownHarness };
  const planFor = (scope: readonly string[]): RunnerPlan => ({
    ...plainPlan,
    runner: runnerIn('cargo test', folder),
    folder,
    from: posix.join(folder, 'Cargo.toml'),
    byHand: byHand(folder, ['cargo', 'test', ...scope]),
    expected: [],
    command: scriptIn(cargoCommand, home, folder, scope),
    compiling: scriptIn(cargoCommand, home, folder, [...scope, '--no-run']),
    env: { CI: '1', CARGO_TERM_COLOR: 'never', CARGO_INCREMENTAL: '0', RUST_BACKTRACE: '0' },
    mounts,
    // Its folder must be there before something is mounted below it.
    files: new Map([[`${home}/config.toml`, '[net]\noffline = true\n']]),
    filesRun: (report: TestReport) => cargoFilesRun(project, folder, report),
    read: ({ stdout }: SandboxRun) => readCargo(stdout, reading),
    apart: (files) => planFor([...whole, ...targetsOf(files)]),
    reordered: (tests) => ({
      ...planFor(scope),
      command: scriptIn(eachAlone, home, folder, [
        ...scope.filter((word) => word !== '--tests'),
        ...(scope.includes('--test') ? [] : ['--tests']),
        '--',
        ...tests.slice(0, mostAlone).map(({ name }) => name.replace(/^.*?::/, '')),
      ]),
      read: ({ stdout }: SandboxRun) => {
        const parts = stdout.split(nextTest).slice(0, -1);
        return joinedReports(parts.map((part) => readCargo(part, reading)));
      },
    }),
  });
  return planFor(whole);
}

/** Each is a start of every program that has tests. */
const mostAlone = 20;
const nextTest = 'blueprint: the next test';

/** Targets by the names of their files; where a test stands beside the code, all but those of documentation. */
function targetsOf(files: readonly string[]): string[] {
  const names = files.map((path) => /(?:^|\/)tests\/([^/]+?)(?:\.rs|\/main\.rs)$/.exec(path)?.[1]);
  const known = names.filter((name) => name !== undefined);
  return known.length === names.length ? known.flatMap((name) => ['--test', name]) : ['--tests'];
}

// Words before the first `--` are cargo's, each behind it names a test.
const eachAlone = `export CARGO_HOME="$PWD/$1"; cd "$2" || exit; shift 2
scope=
while [ "$1" != -- ]; do scope="$scope $1"; shift; done
shift
for name in "$@"; do
  cargo test --offline --no-fail-fast --color never $scope -- --exact "$name" 2>&1
  echo '${nextTest}'
done`;

// Which program prints what is told by the order of both outputs alone.
const cargoCommand = [
  'export CARGO_HOME="$PWD/$1"; cd "$2" || exit; shift 2',
  'exec cargo test --offline --no-fail-fast --color never "$@" 2>&1',
].join('\n');
