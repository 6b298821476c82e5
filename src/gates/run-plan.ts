import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GateInput } from './gate.ts';
import { withoutMarks, type ProjectView, type RunnerPlan } from './runners/runner.ts';
import type { Sandbox, SandboxLimits, SandboxRun } from '../sandbox/sandbox.ts';
import { runLog } from './checking.ts';
import type { Verdict } from './verdict.ts';
import { asksFor } from './missing-package.ts';
import { layOut } from './stage-copy.ts';
import { judgeRun } from './test-verdict.ts';

export interface PlanRun {
  /** The copy, absolute. */
  readonly folder: string;
  readonly project: ProjectView;
  readonly mark: string;
  readonly sandbox: Sandbox;
  readonly limits: SandboxLimits;
  readonly keep: GateInput['keep'];
}

export interface PlanVerdict extends Verdict {
  /** No failure, but no word either of a test that was executed. */
  readonly doubtful: boolean;
}

/** Runs one runner on the copy, keeps its output, and says what it shows. */
export async function runPlan(
  plan: RunnerPlan,
  context: PlanRun,
  signal: AbortSignal,
): Promise<PlanVerdict> {
  const { folder, project, mark, limits, keep } = context;
  const run = await runInCopy(plan, context, signal);
  const written = await reportOf(folder, plan);
  const report = plan.read(run, written === null ? null : bare(written, placesOf(context)));
  const readable = { ...run, stdout: withoutMarks(run.stdout, mark) };
  await keep(`tests-${fileName(plan.runner)}.log`, runLog(plan.runner, readable, limits));
  const verdict = judgeRun(plan, readable, report, limits, await declaredPackages(project));
  const none = verdict.status === 'passed' ? !report.counted : verdict.status === 'skipped';
  return { ...verdict, doubtful: none && report.files === null };
}

/** Runs it, and gives its output free of where the copy stood, which differs from run to run. */
export async function runInCopy(
  plan: RunnerPlan,
  context: Pick<PlanRun, 'folder' | 'sandbox' | 'limits'>,
  signal: AbortSignal,
): Promise<SandboxRun> {
  const { folder, sandbox, limits } = context;
  await layOut(folder, plan);
  const { command, env, mounts } = plan;
  const run = await sandbox.run({ copy: folder, command, env, mounts, limits, signal });
  const places = placesOf(context);
  return { ...run, stdout: bare(run.stdout, places), stderr: bare(run.stderr, places) };
}

function placesOf({ folder, sandbox }: Pick<PlanRun, 'folder' | 'sandbox'>): string[] {
  return [sandbox.seenAt(folder), folder];
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

function bare(text: string, places: readonly string[]): string {
  return places.reduce(
    (left, place) =>
      left.replaceAll(`file://${place}/`, '').replaceAll(`${place}/`, '').replaceAll(place, '.'),
    text,
  );
}

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
  return runner
    .replace(/[^a-z]+/gi, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40)
    .toLowerCase();
}
