import type { Finding } from '../domain/review.ts';
import type { TemporaryFolder } from '../files/temporary-folder.ts';
import { canariesFor, judgeCanaries, layCanaries } from './canaries.ts';
import { runLog } from './checking.ts';
import { turnedTests } from './compare-runs.ts';
import type { TestRun } from './known-runs.ts';
import { asksFor } from './missing-package.ts';
import type { Ownership } from './ownership.ts';
import type { CopyContext } from './run-in-copy.ts';
import { viewOf } from './project-view.ts';
import { runSuite } from './run-suite.ts';
import type { ProjectView } from '../files/project-view.ts';
import type { RunnerPlan, TestOutcome, TestReport } from './runners/runner.ts';
import { namesOf } from './test-words.ts';
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

/** What the second run shows of work that passed the first. */
export interface SecondRun {
  /** A canary came out as it must not; null where none did, or none could be put there. */
  readonly failure: Verdict | null;
  /** Tests that passed and now fail, as they failed. */
  readonly turned: readonly TestOutcome[];
}

const nothingNew: SecondRun = { failure: null, turned: [] };

/**
 * Runs it once more in a fresh copy, with canaries beside its tests.
 * @param copy the project with the work in it, as it was run
 */
export async function runCanaries(
  plan: RunnerPlan,
  context: CopyContext,
  { report, rewritable }: RanPlan,
  copy: () => Promise<TemporaryFolder | null>,
  signal: AbortSignal,
): Promise<SecondRun> {
  if ((report.files?.size ?? 0) === 0) return nothingNew;
  await using fresh = await copy();
  if (fresh === null) return nothingNew;
  const canaries = await canariesFor(await viewOf(fresh.path), report);
  if (canaries.length === 0) return nothingNew;
  await layCanaries(fresh.path, canaries);
  const again = await runSuite(plan, { ...context, folder: fresh.path }, rewritable, signal);
  const failure =
    again.rewritten.length > 0
      ? rewrittenVerdict(plan, again.rewritten)
      : judgeCanaries(canaries, again.report, plan.runner);
  return { failure, turned: turnedTests(report, again.report) };
}

/** Passed, with the tests that passed once alone: whether the work or chance is to blame is for the reviewer. */
export function withTurned(verdict: Verdict, turned: readonly TestOutcome[]): Verdict {
  if (turned.length === 0) return verdict;
  const findings = turned.slice(0, mostNamed).map(({ file, name, text }): Finding => ({
    category: 'tests',
    severity: 'minor',
    evidence: `${name}: passed, and failed when the same was run once more${text === '' ? '' : `: ${text}`}`,
    location: file,
    fixHint:
      'See whether it depends on time, on chance, on files that it leaves or on other tests.',
  }));
  return {
    ...verdict,
    summary: `${verdict.summary}; passed once and failed once: ${namesOf(turned)}`,
    findings: [...verdict.findings, ...findings],
  };
}

const mostNamed = 8;

function rewrittenVerdict({ runner }: RunnerPlan, paths: readonly string[]): Verdict {
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
