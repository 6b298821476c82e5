import { posix } from 'node:path';
import type { ProjectView } from '../../files/project-view.ts';
import type { SandboxMount, SandboxRun } from '../../sandbox/sandbox.ts';

/** Folders of the host that hold what is installed for the project. */
export interface HostPackages {
  /** The project itself, absolute: what is installed may name it. */
  readonly root: string;
  /**
   * Absolute folder on the host for a path of the project, where it is a folder, or a link to one that was
   * made to be linked there; else null.
   */
  folder(path: string): Promise<string | null>;
  /** What stands in such a folder. */
  entries(path: string): Promise<readonly InstalledEntry[]>;
  /** What is not shown although something in the project leads to it: why, by path. Filled by the other calls. */
  readonly refused: ReadonlyMap<string, string>;
  /** A package manager's cache of what it has fetched, absolute; null where there is none. */
  cache(of: PackageCache): Promise<string | null>;
}

/** Caches that stand outside of the project. */
export type PackageCache =
  | 'cargo'
  | 'go'
  | 'maven'
  | 'mavenWrapper'
  | 'gradle'
  | 'gradleWrapper'
  | 'nuget'
  | 'denoRemote'
  | 'denoNpm'
  | 'gems';

export interface InstalledEntry {
  readonly name: string;
  readonly isFolder: boolean;
  /** Of a link; else null. */
  readonly lead: Lead | null;
}

/** Where a link leads in the end. */
export type Lead =
  /** Into the project: a relative path. */
  | { readonly kind: 'own'; readonly path: string }
  /** To a path within a package elsewhere, whose folder is absolute. */
  | { readonly kind: 'outside'; readonly folder: string; readonly within: string }
  | { readonly kind: 'nowhere' };

export interface RunnerInput {
  readonly project: ProjectView;
  readonly host: HostPackages;
  /** Tests that the work names as such. */
  readonly declared: readonly string[];
  /** Files that the work changes, by which its packages are found; none: all packages. */
  readonly touched: readonly string[];
  /** The project's `test` script was there before the work, or is the task's own to change. */
  readonly scriptStood: boolean;
  /** A folder of the copy, relative, for the runner's own files. Its name cannot be guessed. */
  readonly tools: string;
  /** Begins the lines of a report that comes through stdout. Cannot be guessed. */
  readonly mark: string;
  /** A step of the user's runs in the copy before, and may install what is missing here. */
  readonly installs: boolean;
  /** Whether the sandbox has a program. */
  readonly has: (program: string) => Promise<boolean>;
}

/** How one runner is started on one copy, and how its report is read. */
export interface RunnerPlan {
  /** In words, with the folder where it is not the root: `cargo test in crates/a`. */
  readonly runner: string;
  /** Where it is started, relative; `''` is the root. */
  readonly folder: string;
  /** What in the project, or the config, says that it is to be run: `script "test" of package.json`. */
  readonly from: string;
  /** A line that a person gives to a shell in the project's folder, for the same tests. */
  readonly byHand: string;
  /** The same without the scripts that go before and behind it; absent where none do. */
  readonly withoutHooks?: string;
  /** Files that have tests of this runner by their text: those that the work brings must be in the report. */
  readonly expected: readonly string[];
  readonly command: readonly string[];
  /** Compiles what the command runs, and runs none of it; absent where nothing is compiled beforehand. */
  readonly compiling?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly SandboxMount[];
  /** Written into the copy before the run, by relative path. */
  readonly files: ReadonlyMap<string, string>;
  /** Links made in the copy before the run: what each leads to, relative to its folder. */
  readonly links: ReadonlyMap<string, string>;
  /** A folder of the copy that the runner writes its reports into; null where they come through its output. */
  readonly reportFolder: string | null;
  read(run: SandboxRun, reports: readonly string[]): TestReport;
  /** Files with tests that a run executed, for a runner whose reports do not name all of them. */
  readonly filesRun?: (report: TestReport) => Promise<readonly string[]>;
  /** The same for some test files alone, or little more; absent where the runner cannot be told. */
  readonly only?: (files: readonly string[]) => RunnerPlan;
  /** As `only`, of a runner that names no files: what it then tells cannot be compared with a run of all. */
  readonly apart?: (files: readonly string[]) => RunnerPlan;
  /**
   * The same with its tests in an order by a seed (1 to 65,535); whether it came to that, the run says
   * (`wasShuffled`). Absent where the runner has no such option, or the project says in which order tests run.
   */
  readonly shuffled?: (seed: number) => RunnerPlan;
  /**
   * The same with tests of an earlier run in the opposite order, or each by itself, so that one that needs another
   * shows. Absent where neither can be had.
   */
  readonly reordered?: (tests: readonly TestOutcome[]) => RunnerPlan;
}

/** A plan of what most runners have no use for; each names what it does. */
export const plainPlan = {
  folder: '' as string,
  env: {},
  mounts: [] as readonly SandboxMount[],
  files: new Map<string, string>(),
  links: new Map<string, string>(),
  reportFolder: null,
} as const;

/** Why a runner that should run cannot. */
export interface RunnerMissing {
  readonly runner: string;
  readonly missing: string;
  readonly fix: string;
}

/** @param product what brings the program. */
export function programMissing(runner: string, program: string, product: string): RunnerMissing {
  return {
    runner,
    missing: `there is no ${program} in the sandbox`,
    fix: `Install ${product} where the sandbox finds it.`,
  };
}

export interface TestFailure {
  readonly name: string;
  /** As the runner gave it: a path and perhaps a line. */
  readonly file: string | null;
  readonly line: number | null;
  /** Where it failed, for a runner that names tests without their files, or by others. */
  readonly place?: { readonly file: string | null; readonly line: number | null };
  /** The assertion, with what the runner tells about it. */
  readonly text: string;
}

export interface TestReport {
  /** The runner told its end; false when it was cut off before. */
  readonly complete: boolean;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Null where the report has no counts: the exit code alone speaks. */
  readonly counted: boolean;
  /** Files that are in the report, relative. Null where the report does not name files. */
  readonly files: ReadonlySet<string> | null;
  /** Each test by its name, as two runs are compared; null where the report names none. */
  readonly tests: readonly TestOutcome[] | null;
  readonly failures: readonly TestFailure[];
  /** The runner could not work: no word on the tests. */
  readonly broken: string | null;
  /** Of a run that failed and names no test: the end of its output. */
  readonly tail?: string;
}

/** A run for each package that needs its own; none: the project has no tests for this runner. */
export type Detect = (input: RunnerInput) => Promise<readonly (RunnerPlan | RunnerMissing)[]>;

/**
 * A reader of the paths that runners print, absolute in their sandbox or not: the longest end that is a
 * file of the project, or null.
 */
export function relativeTo({ files }: ProjectView): (path: string) => string | null {
  return (path) => {
    const parts = path
      .replace(/^file:\/\//, '')
      .replaceAll('\\', '/')
      .split('/');
    for (let start = 0; start < parts.length; start++) {
      const rest = parts.slice(start).join('/');
      if (rest !== '' && files.has(rest)) return rest;
    }
    return null;
  };
}

/** The same for a runner that was started in a folder, and names files from there. */
export function relativeFrom(
  project: ProjectView,
  folder: string,
): (path: string) => string | null {
  const relative = relativeTo(project);
  return (path) => {
    const near = posix.join(folder, path);
    return project.files.has(near) ? near : relative(path);
  };
}

/**
 * A command that gives a script its two first arguments: the folder of the runner's own files, and the one to work
 * in, both relative to the copy.
 */
export function scriptIn(
  script: string,
  tools: string,
  folder: string,
  words: readonly string[] = [],
): readonly string[] {
  return ['/bin/sh', '-c', script, 'sh', tools, folder === '' ? '.' : folder, ...words];
}

/** A folder of the host, if there is one, at a place of the copy. */
export function mountOf(from: string | null, to: string): SandboxMount[] {
  return from === null ? [] : [{ from, to }];
}

/** Those of some files whose text has a match. */
export async function filesWith(
  project: ProjectView,
  paths: readonly string[],
  pattern: RegExp,
): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) if (pattern.test((await project.read(path)) ?? '')) found.push(path);
  return found;
}

/** Whether a package's own manifest, or that of the root, holds some words. */
export async function manifestSays(
  project: ProjectView,
  folder: string,
  words: RegExp,
): Promise<boolean> {
  const manifests = [...new Set([folder, ''])].map((at) => posix.join(at, 'package.json'));
  return (await filesWith(project, manifests, words)).length > 0;
}

/** A call that makes a test, in JavaScript's runners. */
export const javascriptTest = /\b(?:test|it)(?:\.\w+)*\s*[(`]/;

/** One test of a report, or a file that could not be loaded as a failed one. */
export interface TestOutcome extends TestFailure {
  readonly outcome: 'passed' | 'failed' | 'skipped';
}

/** Whether it is a file, or a program of several, that cannot be loaded or compiled: then it is called so. */
export function isLoading({ outcome, name }: TestOutcome): boolean {
  return outcome === 'failed' && /^(?:loading|compiling|starting)\b/.test(name);
}

/** A report that names its tests one by one. */
export function reportOf(
  tests: readonly TestOutcome[],
  { complete, broken = null }: { complete: boolean; broken?: string | null },
): TestReport {
  const count = (asked: TestOutcome['outcome']): number =>
    tests.filter(({ outcome }) => outcome === asked).length;
  return {
    complete,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    counted: true,
    files: new Set(tests.flatMap(({ file }) => file ?? [])),
    tests,
    failures: tests
      .filter(({ outcome }) => outcome === 'failed')
      .map(({ name, file, line, text }) => ({ name, file, line, text })),
    broken,
  };
}

/** What several runners of one command tell. */
export function joinedReports(reports: readonly TestReport[]): TestReport {
  const broken = reports.find((report) => report.broken !== null)?.broken ?? null;
  const complete = reports.every((report) => report.complete);
  return reportOf(
    reports.flatMap(({ tests }) => tests ?? []),
    { complete, broken },
  );
}

/** A report of nothing, to begin from. */
export const emptyReport: TestReport = {
  complete: false,
  passed: 0,
  failed: 0,
  skipped: 0,
  counted: true,
  files: new Set(),
  tests: [],
  failures: [],
  broken: null,
};

/** An output with its marked lines in plain words: for people, and free of the mark. */
export function withoutMarks(stdout: string, mark: string): string {
  const lines = stdout.split('\n').flatMap((line) => {
    const at = line.indexOf(mark);
    if (at === -1) return line === '' ? [] : [line];
    const [event] = markedLines(line, mark);
    const { outcome, name, file, line: row, text } = event ?? {};
    if (typeof name !== 'string') return [];
    const place = [file, row].filter((part) => part !== null && part !== undefined).join(':');
    const head = `${typeof outcome === 'string' ? outcome : 'failed'}: ${name} (${place})`;
    return typeof text === 'string' && text !== '' ? [head, text] : [head];
  });
  return lines.join('\n');
}

/** JSON objects of the lines that begin with the mark. A line that is no JSON is left out. */
export function markedLines(stdout: string, mark: string): Record<string, unknown>[] {
  return stdout.split('\n').flatMap((line) => {
    // A program that printed without an end of line stands before the mark.
    const at = line.indexOf(mark);
    if (at === -1) return [];
    try {
      const value: unknown = JSON.parse(line.slice(at + mark.length));
      return typeof value === 'object' && value !== null ? [value as Record<string, unknown>] : [];
    } catch {
      return [];
    }
  });
}
