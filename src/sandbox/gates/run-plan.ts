import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GateInput } from '../gate.ts';
import { withoutMarks, type ProjectView, type RunnerPlan } from '../runners/runner.ts';
import type { Sandbox, SandboxLimits, SandboxRun } from '../sandbox.ts';
import { runLog, type Verdict } from './checking.ts';
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

/** Runs one runner on the copy, keeps its output, and says what it shows. */
export async function runPlan(
  plan: RunnerPlan,
  { folder, project, mark, sandbox, limits, keep }: PlanRun,
  signal: AbortSignal,
): Promise<Verdict> {
  await layOut(folder, plan);
  const { command, env, mounts } = plan;
  const job = { copy: folder, command, env, mounts, limits, signal };
  const run = withoutPlace(await sandbox.run(job), [sandbox.seenAt(folder), folder]);
  const report = plan.read(run, await reportOf(folder, plan));
  const readable = { ...run, stdout: withoutMarks(run.stdout, mark) };
  await keep(`tests-${fileName(plan.runner)}.log`, runLog(plan.runner, readable, limits));
  return judgeRun(plan, readable, report, limits, await declaredPackages(project));
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

/** Where the copy stood says nothing, and differs from run to run. */
function withoutPlace(run: SandboxRun, places: readonly string[]): SandboxRun {
  const bare = (text: string): string =>
    places.reduce(
      (left, place) =>
        left.replaceAll(`file://${place}/`, '').replaceAll(`${place}/`, '').replaceAll(place, '.'),
      text,
    );
  return { ...run, stdout: bare(run.stdout), stderr: bare(run.stderr) };
}

const manifests = [
  ...['package.json', 'requirements.txt', 'requirements-dev.txt', 'pyproject.toml'],
  ...['setup.cfg', 'setup.py'],
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
