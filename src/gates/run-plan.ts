import { runLog } from './checking.ts';
import type { TestRun } from './known-runs.ts';
import { asksFor } from './missing-package.ts';
import type { Ownership } from './ownership.ts';
import type { CopyContext } from './run-in-copy.ts';
import { runSuite } from './run-suite.ts';
import type { ProjectView } from '../files/project-view.ts';
import type { RunnerPlan, TestReport } from './runners/runner.ts';
import { judgeRun, type RunVerdict } from './test-verdict.ts';
import { blocker, tampered, type Verdict } from './verdict.ts';

export interface RanPlan {
  readonly report: TestReport;
  /** Tests and settings that a run may change. */
  readonly rewritable: readonly string[];
  /** Says what the run shows, compared with that of the project before; it may be asked again with a better one. */
  judge(before: TestRun | null, ownership: Ownership): RunVerdict;
}

/** Runs one runner on the copy, and keeps its output. */
export async function runPlan(
  plan: RunnerPlan,
  context: CopyContext,
  before: TestRun | null,
  signal: AbortSignal,
): Promise<RanPlan> {
  const { limits } = context;
  const run = await runSuite(plan, context, before?.rewritten ?? [], signal);
  await context.keep(
    `tests-${fileName(plan.runner)}.log`,
    runLog(plan.byHand, run, limits, `${plan.runner}, by ${plan.from}`),
  );
  const declaredPackages = await packagesAskedFor(context.project);
  return {
    report: run.report,
    rewritable: before?.rewritten ?? [],
    judge(known, ownership) {
      const verdict = judgeRun({ plan, run, before: known, ownership, limits, declaredPackages });
      return run.rewritten.length === 0
        ? verdict
        : { ...rewrittenVerdict(plan, run.rewritten), blamesOld: false };
    },
  };
}

const mostNamed = 8;

/** For tests and settings that a run changed. */
export function rewrittenVerdict({ runner }: RunnerPlan, paths: readonly string[]): Verdict {
  const evidence = `this file was changed while ${runner} ran, which it was not before this task`;
  const fix = 'Code and tests must leave the files alone that tests consist of.';
  return tampered(
    paths.slice(0, mostNamed).map((path) => blocker('tampering', path, evidence, fix)),
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

async function packagesAskedFor(project: ProjectView): Promise<(name: string) => boolean> {
  const texts = await Promise.all(manifests.map((path) => project.read(path)));
  return asksFor(texts.filter((text) => text !== null));
}

function fileName(runner: string): string {
  const words = runner.replace(/[^a-z]+/gi, '-').replace(/^-|-$/g, '');
  return words.slice(0, 40).toLowerCase();
}
