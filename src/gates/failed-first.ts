import type { TemporaryFolder } from '../files/temporary-folder.ts';
import type { TestRun } from './known-runs.ts';
import type { Ownership } from './ownership.ts';
import type { CopyContext } from './run-in-copy.ts';
import { runPlan } from './run-plan.ts';
import type { RunnerPlan, TestFailure } from './runners/runner.ts';
import type { Verdict } from './verdict.ts';

/** The test files that failed when work on a task was checked the last time, by task and runner. */
export type FailedLast = Map<string, readonly string[]>;

const mostFiles = 20;

/** The files of failures that are run first the next time. */
export function filesOf(failures: readonly TestFailure[]): string[] {
  return [...new Set(failures.flatMap(({ file }) => file ?? []))].slice(0, mostFiles);
}

interface CheckedWork {
  readonly context: CopyContext;
  /** The whole suite as it ran before the work. */
  readonly before: TestRun | null;
  readonly ownership: Ownership;
  readonly copyAgain: () => Promise<TemporaryFolder | null>;
}

/**
 * The files that failed last time are run first, by themselves: as long as they fail, what the others say would
 * change nothing. Nothing is approved by it. Null where they pass, or cannot be run alone.
 */
export async function failsStill(
  plan: RunnerPlan,
  files: readonly string[],
  { context, before, ownership, copyAgain }: CheckedWork,
  signal: AbortSignal,
): Promise<Verdict | null> {
  const some = files.filter((path) => context.project.files.has(path));
  if (plan.only === undefined || some.length === 0) return null;
  await using fresh = await copyAgain();
  if (fresh === null) return null;
  const known = before === null ? null : ofFiles(before, some);
  const ran = await runPlan(plan.only(some), { ...context, folder: fresh.path }, known, signal);
  const verdict = ran.judge(known, ownership);
  if (verdict.status !== 'failed' || ran.report.failed === 0) return null;
  const run = some.length === 1 ? 'the file' : `the ${some.length} files`;
  return { ...verdict, summary: `${verdict.summary}; run: only ${run} that failed before` };
}

/** A run as it would have been of these files alone. */
function ofFiles(run: TestRun, files: readonly string[]): TestRun {
  const tests = run.report.tests?.filter(({ file }) => file !== null && files.includes(file));
  return { ...run, report: { ...run.report, tests: tests ?? null } };
}
