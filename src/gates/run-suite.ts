import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SandboxRun } from '../sandbox/sandbox.ts';
import { bare, runInCopy, type CopyContext } from './run-in-copy.ts';
import { withoutMarks, type RunnerPlan, type TestReport } from './runners/runner.ts';

export interface SuiteRun extends SandboxRun {
  readonly report: TestReport;
}

/** Runs one runner on a copy. @returns its report, and its output free of our marks and of the copy's place. */
export async function runSuite(
  plan: RunnerPlan,
  context: CopyContext,
  signal: AbortSignal,
): Promise<SuiteRun> {
  const run = await runInCopy(plan, context, signal);
  const written = await reportsOf(context.folder, plan);
  const report = plan.read(
    run,
    written.map((text) => bare(text, context)),
  );
  return { ...run, stdout: withoutMarks(run.stdout, context.mark), report };
}

/** What a runner wrote into its folder, in the order in which it began. A report that is a link was not written by it. */
async function reportsOf(folder: string, { reportFolder }: RunnerPlan): Promise<string[]> {
  if (reportFolder === null) return [];
  const place = join(folder, reportFolder);
  if (!(await lstat(place).catch(() => null))?.isDirectory()) return [];
  const found: string[] = [];
  for (const name of (await readdir(place)).sort()) {
    const stat = await lstat(join(place, name));
    if (stat.isFile() && stat.size <= largestReport)
      found.push(await readFile(join(place, name), 'utf8'));
  }
  return found;
}

const largestReport = 50_000_000;
