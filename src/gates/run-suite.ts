import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { toSingleLine } from '../domain/text.ts';
import { readLeft } from '../files/read-left.ts';
import type { SandboxRun } from '../sandbox/sandbox.ts';
import { contentsOf, decidingFiles, fixedIn } from './protect/fixed-files.ts';
import { bare, runInCopy, type CopyContext } from './run-in-copy.ts';
import { withoutMarks, type RunnerPlan, type TestReport } from './runners/runner.ts';

export interface SuiteRun extends SandboxRun {
  readonly report: TestReport;
  /** Tests and settings that the run changed, and that it was not free to change. */
  readonly rewritten: readonly string[];
}

/**
 * Runs one runner on a copy. Tests and settings are fixed for it, and looked at again when it has ended.
 * @param free those that it may change, as the run before the work did; `all` for that one
 * @returns its report, and its output free of our marks and of the copy's place.
 */
export async function runSuite(
  plan: RunnerPlan,
  context: CopyContext,
  free: readonly string[] | 'all',
  signal: AbortSignal,
): Promise<SuiteRun> {
  const { folder, project } = context;
  const isBase = free === 'all';
  const deciding = decidingFiles(project.files).filter((path) => isBase || !free.includes(path));
  const before = await contentsOf(folder, deciding, isBase);
  const fixed = isBase ? undefined : (copy: string) => fixedIn(copy, deciding, plan, context.mark);
  const run = await runInCopy(plan, context, signal, fixed);
  const after = await contentsOf(folder, deciding, isBase);
  const rewritten = deciding.filter((path) => before.get(path) !== after.get(path));
  const written = await reportsOf(folder, plan);
  const reported = plan.read(
    run,
    written.map((text) => bare(text, context)),
  );
  const report = { ...reported, broken: reported.broken ?? notStarted(run, reported) };
  return { ...run, stdout: withoutMarks(run.stdout, context.mark), report, rewritten };
}

/** The system's own word for a program that is not there. */
function notStarted({ end, stderr }: SandboxRun, { complete }: TestReport): string | null {
  if (end.kind !== 'exited' || end.code !== 127 || complete) return null;
  return `it could not be started: ${toSingleLine(stderr, 160)}`;
}

/** What a runner wrote into its folder, in the order in which it began. A report that is a link was not written by it. */
async function reportsOf(folder: string, { reportFolder }: RunnerPlan): Promise<string[]> {
  if (reportFolder === null) return [];
  const place = join(folder, reportFolder);
  if (!(await lstat(place).catch(() => null))?.isDirectory()) return [];
  const found: string[] = [];
  let left = mostReported;
  for (const name of (await readdir(place).catch(() => [])).sort().slice(0, mostReports)) {
    const bytes = await readLeft(folder, `${reportFolder}/${name}`, left);
    left -= bytes?.length ?? 0;
    if (bytes !== null) found.push(bytes.toString('utf8'));
  }
  return found;
}

const mostReports = 1_000;
/** Bytes, of all of them. */
const mostReported = 50_000_000;
