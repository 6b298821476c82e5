import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeTemporaryFolder } from '../files/temporary-folder.ts';
import type { GateInput } from './gate.ts';
import { withoutMarks, type ProjectView, type RunnerPlan } from './runners/runner.ts';
import { executedTests } from './runners/text-counts.ts';
import { runLog } from './checking.ts';
import { blocker, verdictOn, type Verdict } from './verdict.ts';
import { asksFor } from './missing-package.ts';
import { bare, prepareCopy, runInCopy, type CopyContext } from './run-in-copy.ts';
import { judgeRun } from './test-verdict.ts';

export interface PlanVerdict extends Verdict {
  /** No failure, but no word either of a test that was executed. */
  readonly doubtful: boolean;
}

/** Runs one runner on the copy, keeps its output, and says what it shows. */
export async function runPlan(
  plan: RunnerPlan,
  context: CopyContext,
  signal: AbortSignal,
): Promise<PlanVerdict> {
  const { folder, project, mark, limits, keep } = context;
  const run = await runInCopy(plan, context, signal);
  const written = await reportOf(folder, plan);
  const report = plan.read(run, written === null ? null : bare(written, context));
  const readable = { ...run, stdout: withoutMarks(run.stdout, mark) };
  await keep(`tests-${fileName(plan.runner)}.log`, runLog(plan.runner, readable, limits));
  const verdict = judgeRun(plan, readable, report, limits, await declaredPackages(project));
  const none = verdict.status === 'passed' ? !report.counted : verdict.status === 'skipped';
  return { ...verdict, doubtful: none && report.files === null };
}

/**
 * Of a command that ended with success and told no count of tests: whether it told one on the project as it
 * was before the work, so that something in the work keeps it from its end.
 * @returns the failure, or null when the command never tells.
 */
export async function silenced(
  plan: RunnerPlan,
  context: CopyContext,
  prepare: string | null,
  { copyTo }: GateInput,
  signal: AbortSignal,
): Promise<Verdict | null> {
  await using copy = await makeTemporaryFolder();
  await copyTo(copy.path, signal);
  const unchanged = { ...context, folder: copy.path };
  if ((await prepareCopy(prepare, unchanged, signal)) !== null) return null;
  const { stdout, stderr } = await runInCopy(plan, unchanged, signal);
  const before = executedTests(`${stdout}\n${stderr}`);
  if (before === null || before === 0) return null;
  const evidence = `${plan.runner} ended with success and told no test; before this task it told ${before}`;
  const fix = 'The code under test must not end the process, or keep the tests from being run.';
  return verdictOn([blocker('test', null, evidence, fix)], '');
}

/** A report that is a link, or no file, was not written by the runner. */
async function reportOf(folder: string, { reportFile }: RunnerPlan): Promise<string | null> {
  if (reportFile === null) return null;
  const place = join(folder, reportFile);
  const found = await lstat(place).catch(() => null);
  if (found === null || !found.isFile() || found.size > largestReport) return null;
  return readFile(place, 'utf8');
}

const largestReport = 50_000_000;

const manifests = [
  'package.json',
  'requirements.txt',
  'requirements-dev.txt',
  'pyproject.toml',
  'setup.cfg',
  'setup.py',
];

async function declaredPackages(project: ProjectView): Promise<(name: string) => boolean> {
  const texts = await Promise.all(manifests.map((path) => project.read(path)));
  return asksFor(texts.filter((text) => text !== null));
}

function fileName(runner: string): string {
  const words = runner.replace(/[^a-z]+/gi, '-').replace(/^-|-$/g, '');
  return words.slice(0, 40).toLowerCase();
}
