import type { SandboxLimits } from '../sandbox/sandbox.ts';
import { runLog } from './checking.ts';
import type { TestRun } from './known-runs.ts';
import { asksFor } from './missing-package.ts';
import type { Ownership } from './ownership.ts';
import type { CopyContext } from './run-in-copy.ts';
import { runSuite } from './run-suite.ts';
import type { ProjectView, RunnerPlan } from './runners/runner.ts';
import { judgeRun, type RunVerdict } from './test-verdict.ts';

/** Says what a run shows, compared with that of the project before; it may be asked again with a better one. */
export type Judge = (before: TestRun | null, ownership: Ownership) => RunVerdict;

/** Runs one runner on the copy, and keeps its output. */
export async function runPlan(
  plan: RunnerPlan,
  context: CopyContext,
  before: TestRun | null,
  signal: AbortSignal,
): Promise<Judge> {
  const limits = limitsAfter(before, context.limits);
  const run = await runSuite(plan, { ...context, limits }, signal);
  await context.keep(`tests-${fileName(plan.runner)}.log`, runLog(plan.runner, run, limits));
  const declaredPackages = await packagesAskedFor(context.project);
  return (known, ownership) =>
    judgeRun({ plan, run, before: known, ownership, limits, declaredPackages });
}

const leastMs = 10_000;
const timesBefore = 5;

/** What hangs now is found out sooner than the sandbox's own limit, by how long the suite took before. */
function limitsAfter(before: TestRun | null, limits: SandboxLimits): SandboxLimits {
  if (before === null || before.end.kind !== 'exited') return limits;
  const wallMs = Math.max(leastMs, timesBefore * before.durationMs);
  return { ...limits, wallMs: Math.min(limits.wallMs, Math.ceil(wallMs)) };
}

const manifests = [
  'package.json',
  'requirements.txt',
  'requirements-dev.txt',
  'pyproject.toml',
  'setup.cfg',
  'setup.py',
];

async function packagesAskedFor(project: ProjectView): Promise<(name: string) => boolean> {
  const texts = await Promise.all(manifests.map((path) => project.read(path)));
  return asksFor(texts.filter((text) => text !== null));
}

function fileName(runner: string): string {
  const words = runner.replace(/[^a-z]+/gi, '-').replace(/^-|-$/g, '');
  return words.slice(0, 40).toLowerCase();
}
