import type { FileChanges } from '../domain/bundle.ts';
import type { TemporaryFolder } from '../files/temporary-folder.ts';
import type { BaseRuns } from './base-runs.ts';
import { compareRuns, keysOf, testKey } from './compare-runs.ts';
import { judgedFairly } from './judged-fairly.ts';
import type { TestRun } from './known-runs.ts';
import type { Ownership } from './ownership.ts';
import { reachedTests, type Reach } from './reach.ts';
import type { CopyContext } from './run-in-copy.ts';
import { runPlan } from './run-plan.ts';
import type { RunnerPlan, TestOutcome, TestReport } from './runners/runner.ts';
import type { Verdict } from './verdict.ts';

/** How work on a task came out when all of its tests ran the last time. */
export interface LastRun {
  /** Of the project that it stood on. */
  readonly baseKey: object;
  readonly changes: FileChanges;
  readonly report: TestReport;
  /** Whether the work failed by it. */
  readonly failed: boolean;
}

export interface CheckedWork {
  readonly context: CopyContext;
  readonly base: BaseRuns;
  readonly baseKey: object;
  /** As they are laid over the base. */
  readonly changes: FileChanges;
  /** The whole suite as it ran before the work. */
  readonly before: TestRun | null;
  readonly ownership: Ownership;
  /** Runners that were seen to run all of their tests, whatever files they are given. */
  readonly deaf: Set<string>;
  readonly copyAgain: () => Promise<TemporaryFolder | null>;
}

/** Test files to be run before the others, and in words what they are. */
interface FirstTests {
  readonly files: readonly string[];
  readonly what: string;
}

export interface RanFirst {
  /** The work fails by these tests alone; null where they pass, or prove nothing. */
  readonly verdict: Verdict | null;
  /** What was run first, or why nothing was. */
  readonly note: string;
}

const mostFailed = 20;
const mostReached = 200;
const mostNamed = 3;

/**
 * Of work that was checked before, the test files that failed then and those that the changes since can reach
 * are run first, by themselves: as long as they fail, what the others say would change nothing. Nothing is
 * approved by it.
 */
export async function runFirst(
  plan: RunnerPlan,
  last: LastRun,
  work: CheckedWork,
  reach: Reach | null,
  signal: AbortSignal,
): Promise<RanFirst> {
  const { context, before, deaf, copyAgain } = work;
  const nothing = (why: string): RanFirst => ({
    verdict: null,
    note: `the whole suite at once: ${why}`,
  });
  if (plan.only === undefined) return nothing('it cannot be given files');
  const runsAll = nothing('it runs all of its files, whatever it is given');
  if (deaf.has(plan.runner)) return runsAll;
  const first = await firstTests(last, work, reach);
  if ('whole' in first) return nothing(first.whole);
  await using fresh = await copyAgain();
  if (fresh === null) return nothing('there is no second copy');
  const ran = await runPlan(
    plan.only(first.files),
    { ...context, folder: fresh.path },
    before,
    signal,
  );
  const executed = ran.report.tests?.length ?? 0;
  if (executed > 0 && executed >= (last.report.tests?.length ?? 0)) {
    deaf.add(plan.runner);
    return runsAll;
  }
  const note = `first, alone: ${first.what}`;
  const narrow = (run: TestRun): TestRun => ofFiles(run, first.files, ran.report);
  const { verdict, known } = await judgedFairly(ran, plan.runner, { ...work, narrow });
  const fails = verdict.status === 'failed' && ran.report.failed > 0;
  if (!fails || !(await provesSomething(plan.runner, first.files, ran.report, known, last, work)))
    return { verdict: null, note };
  const summary = `${verdict.summary}; run: only ${first.what}`;
  return { verdict: { ...verdict, summary }, note };
}

async function firstTests(
  last: LastRun,
  { context, baseKey, changes }: CheckedWork,
  reach: Reach | null,
): Promise<FirstTests | { readonly whole: string }> {
  const { report } = last;
  const { project } = context;
  const failed = last.failed ? filesOf(report.failures) : [];
  const again = failed.filter((path) => project.files.has(path)).slice(0, mostFailed);
  const alone =
    again.length === 0
      ? null
      : {
          files: again,
          what:
            again.length === 1
              ? `the file that failed before`
              : `the ${again.length} files that failed before`,
        };
  const since = last.baseKey === baseKey ? differing(last.changes, changes) : null;
  if (since === null || since.length === 0)
    return alone ?? { whole: 'what changed since it ran is not known' };
  const reached = await reachedTests(reach, since, project);
  if ('doubt' in reached) return alone ?? { whole: reached.doubt };
  const tests = [...(report.files ?? [])].filter((path) => reached.files.has(path));
  const more = tests.filter((path) => !again.includes(path)).sort();
  if (more.length === 0)
    return alone ?? { whole: 'no test file of before is reached by the change' };
  const files = [...again, ...more];
  // What passed before most likely passes again, and is then paid twice.
  const most = alone === null ? 1 / 4 : 1 / 2;
  if (files.length > mostReached || shareOf(files, report) > most)
    return (
      alone ?? { whole: `the change reaches ${more.length} test files, too many to run twice` }
    );
  const named = since.slice(0, mostNamed).join(', ');
  const by = since.length > mostNamed ? `${named} and ${since.length - mostNamed} more` : named;
  const count = files.length === 1 ? 'the file' : `the ${files.length} files`;
  const before = alone === null ? '' : 'that failed before or ';
  return { files, what: `${count} ${before}that the change since can reach (${by})` };
}

function filesOf(failures: readonly { readonly file: string | null }[]): string[] {
  return [...new Set(failures.flatMap(({ file }) => file ?? []))];
}

/** Paths whose content differs between two changes of one base. */
function differing(one: FileChanges, other: FileChanges): string[] {
  const paths = new Set([...one.keys(), ...other.keys()]);
  return [...paths].filter((path) => one.get(path) !== other.get(path)).sort();
}

/** How many of a report's tests stand in some files, from 0 to 1. */
function shareOf(files: readonly string[], { tests }: TestReport): number {
  const all = tests ?? [];
  const within = all.filter(({ file }) => file !== null && files.includes(file));
  return all.length === 0 ? 1 : within.length / all.length;
}

/** A run as it would have been of these files alone, with whatever else ran beside them. */
function ofFiles(run: TestRun, files: readonly string[], { tests: now }: TestReport): TestRun {
  const beside = new Set((now ?? []).map(testKey));
  const tests = run.report.tests?.filter(
    (test) => (test.file !== null && files.includes(test.file)) || beside.has(testKey(test)),
  );
  return { ...run, report: { ...run.report, tests: tests ?? null } };
}

/**
 * Whether one of the failures is the work's for certain: it was one in the whole suite too, or the same test
 * passes before the work when its file is run alone. A test may need what others leave behind.
 */
async function provesSomething(
  runner: string,
  files: readonly string[],
  report: TestReport,
  known: TestRun | null,
  last: LastRun,
  { base, before, ownership }: CheckedWork,
): Promise<boolean> {
  const flaky = new Set(known?.flaky ?? []);
  const { broken } = compareRuns(known?.report ?? null, report, ownership, flaky);
  const passedBefore = keysOf(before?.report ?? null, 'passed');
  const failedLast = last.failed ? keysOf(last.report, 'failed') : new Set<string>();
  const isOld = (test: TestOutcome): boolean => passedBefore.has(testKey(test));
  if (broken.some((test) => !isOld(test) && failedLast.has(testKey(test)))) return true;
  const old = broken.filter(isOld);
  if (old.length === 0) return false;
  const reference = await base.some(runner, files);
  if (reference === null || 'unprepared' in reference) return false;
  const passedAlone = keysOf(reference.report, 'passed');
  return old.some((test) => passedAlone.has(testKey(test)));
}
