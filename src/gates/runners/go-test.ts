import { posix } from 'node:path';
import { pathsEnding } from '../../files/by-ending.ts';
import type { SandboxRun } from '../../sandbox/sandbox.ts';
import { byHand } from './by-hand.ts';
import { goRuns, type GoRun } from './go-runs.ts';
import { moduleOf, importPathOf } from '../../repository/packages/go-modules.ts';
import { readGo, type GoTests } from './go-report.ts';
import { folderOf } from '../../files/slash-paths.ts';
import { runnerIn } from './changed-runs.ts';
import {
  mountOf,
  plainPlan,
  programMissing,
  scriptIn,
  type Detect,
  type RunnerInput,
  type RunnerPlan,
} from './runner.ts';
import type { ProjectView } from '../../files/project-view.ts';
import { bySeed, sayShuffled, seedVariable } from './shuffle.ts';

/**
 * `go test -json` in each workspace and module that has test files. Modules come from the host's cache
 * alone.
 */
export const goTest: Detect = async (input) => {
  const { project, touched, has } = input;
  const runs: { run: GoRun; tests: GoTests }[] = [];
  for (const run of await goRuns(project, touched)) {
    const tests = await testsIn(project, run);
    if (tests.size > 0) runs.push({ run, tests });
  }
  if (runs.length === 0) return [];
  if (!(await has('go'))) return [programMissing('go test', 'go', 'Go')];
  return Promise.all(runs.map(({ run, tests }) => planOf(run, tests, input)));
};

async function planOf(run: GoRun, tests: GoTests, { project, host, tools }: RunnerInput) {
  const { folder, isWorkspace, modules } = run;
  const below = (path: string): string => {
    const within = path.slice(folder === '' ? 0 : folder.length + 1);
    return within === '' ? '.' : `./${within}`;
  };
  const all = modules.map((module) => `${below(module.folder)}/...`);
  const mounts = mountOf(await host.cache('go'), `${tools}/modules`);
  // Neither a workspace nor packages that stand in the module let go.mod be completed.
  const fixed = isWorkspace || modules.some(({ vendored }) => vendored);
  const plainOf = (patterns: readonly string[], expected: readonly string[]): RunnerPlan => ({
    ...plainPlan,
    runner: runnerIn('go test', folder),
    folder,
    from: posix.join(folder, isWorkspace ? 'go.work' : 'go.mod'),
    byHand: byHand(folder, ['go', 'test', ...patterns]),
    expected,
    command: scriptIn(goCommand, tools, folder, patterns),
    compiling: scriptIn(goCommand, tools, folder, ['-exec=true', ...patterns]),
    env: {
      ...(fixed ? {} : { GOFLAGS: '-mod=mod' }),
      ...(isWorkspace ? {} : { GOWORK: 'off' }),
      CI: '1',
      GOPROXY: 'off',
      GOSUMDB: 'off',
      GOTOOLCHAIN: 'local',
      CGO_ENABLED: '0',
    },
    mounts,
    files: new Map([[`${tools}/cache/.keep`, '']]),
    read: (ended: SandboxRun) => readGo(ended, { project, folder, modules, tests }),
    // A package is compiled and run as a whole.
    only: (files) => {
      const folders = new Set(files.map(folderOf));
      return planOf(
        [...folders].map(below),
        expected.filter((path) => folders.has(folderOf(path))),
      );
    },
  });
  const planOf: typeof plainOf = (...of) => {
    const plan = plainOf(...of);
    return { ...plan, shuffled: bySeed(plan) };
  };
  const expected = [...tests].flatMap(([file, { names, always }]) =>
    always && names.some((name) => name.startsWith('Test')) ? [file] : [],
  );
  return planOf(all, expected);
}

// Go takes absolute paths alone, and where the copy stands is the sandbox's to know.
const goCommand = [
  'export GOCACHE="$PWD/$1/cache" GOMODCACHE="$PWD/$1/modules"; cd "$2" || exit; shift 2',
  // Our own files stand below a .git that is none.
  'case "$(go help build)" in *-buildvcs*) export GOFLAGS="$GOFLAGS -buildvcs=false" ;; esac',
  `case "$${seedVariable}/$(go help testflag)" in
    /*) ;;
    *-shuffle*) set -- "-shuffle=$${seedVariable}" "$@"; ${sayShuffled} ;;
  esac
  unset ${seedVariable}`,
  'exec go test -json -vet=off "$@"',
].join('\n');

/** A system or processor in a file's name, or a constraint in its text: it may be left out here. */
const bySystem =
  /_(?:aix|android|darwin|dragonfly|freebsd|illumos|ios|js|linux|netbsd|openbsd|plan9|solaris|wasip1|windows|386|amd64|arm|arm64|loong64|mips\w*|ppc64\w*|riscv64|s390x|wasm)_test\.go$/;
const constrained = /^\/\/ ?(?:go:build|\+build) /m;

/** Names of the tests in each file of a run's modules that has some. */
async function testsIn(project: ProjectView, { modules }: GoRun): Promise<GoTests> {
  const tests: GoTests = new Map();
  const sources = pathsEnding(project.files, ['go']);
  for (const file of sources.filter((path) => path.endsWith('_test.go')).sort()) {
    const module = moduleOf(file, modules);
    if (module === null || /(?:^|\/)(?:testdata|vendor|[._][^/]*)\//.test(file)) continue;
    const text = (await project.read(file)) ?? '';
    const found = text.matchAll(
      /^func ((?:Test(?![a-z])\w*)(?=\(\w+ \*(?:\w+\.)?T\))|(?:Fuzz|Example)(?![a-z])\w*(?=\())/gm,
    );
    const always = !bySystem.test(file) && !constrained.test(text);
    const names = [...found].map(([, name = '']) => name);
    const of = importPathOf(folderOf(file), module);
    if (names.length > 0) tests.set(file, { of, names, always });
  }
  return tests;
}
