import type { Finding } from '../domain/review.ts';
import type { TemporaryFolder } from '../files/temporary-folder.ts';
import { sha256 } from '../text/sha256.ts';
import type { BaseRuns } from './base-runs.ts';
import {
  canariesFor,
  couldNotLoad,
  layCanaries,
  tamperedBy,
  wrongCanaries,
  type Canary,
} from './canaries.ts';
import { keysOf, testKey, turnedTests } from './compare-runs.ts';
import type { TestRun } from './known-runs.ts';
import { testLanguage } from './protect/protected-path.ts';
import { viewOf } from './project-view.ts';
import type { CopyContext } from './run-in-copy.ts';
import { rewrittenVerdict, type RanPlan } from './run-plan.ts';
import { runSuite } from './run-suite.ts';
import {
  emptyReport,
  type RunnerPlan,
  type TestOutcome,
  type TestReport,
} from './runners/runner.ts';
import { wasShuffled } from './runners/shuffle.ts';
import { namesOf } from './test-words.ts';
import { blocker, type Verdict } from './verdict.ts';

/** Work that passed its tests once. */
interface FirstRun {
  readonly plan: RunnerPlan;
  readonly context: CopyContext;
  readonly ran: RanPlan;
  readonly verdict: Verdict;
  /** The same plan on the project before the work. */
  readonly before: TestRun | null;
}

interface Again {
  readonly base: BaseRuns;
  /** The project with the work in it, as it was run. */
  readonly copyAgain: () => Promise<TemporaryFolder | null>;
}

interface Seeded extends Again {
  readonly seed: number;
}

/** A number from 1 to 65,535 for the order of tests: the same for the same suite, whatever the work. */
function seedOf({ before, ran }: Pick<FirstRun, 'before' | 'ran'>): number {
  const names = namesIn(before?.report ?? ran.report);
  return 1 + (Number.parseInt(sha256(names).slice(0, 8), 16) % 65_535);
}

/**
 * Runs work that passed once more in a fresh copy: with canaries beside its tests, and in another order, each
 * where the runner lets it. A test that fails then is named; the work is blamed only where the order is proven to
 * be one in which the project before it passed.
 */
export async function confirmed(
  first: FirstRun,
  again: Again,
  signal: AbortSignal,
): Promise<Verdict> {
  const { ran, before } = first;
  const seeded = { ...again, seed: seedOf(first) };
  const second = await secondRun(first, seeded, signal);
  if (second === null) return first.verdict;
  if (second.failure !== null) return second.failure;
  const verdict = couldNotLoad(second.report, ran.report)
    ? withFindings(first.verdict, 'run a second time with canaries, it could not be loaded', [])
    : first.verdict;
  const byTurns = new Set(before?.flaky ?? []);
  const turned = turnedTests(ran.report, second.report).filter((one) => !byTurns.has(testKey(one)));
  if (turned.length === 0) return verdict;
  return second.shuffled
    ? otherOrder(turned, { ...first, verdict }, seeded, signal)
    : withFindings(verdict, `passed once and failed once: ${namesOf(turned)}`, turned.map(byTurn));
}

interface SecondRun {
  /** A canary came out as it must not, or the run changed what it must not; null: neither. */
  readonly failure: Verdict | null;
  readonly report: TestReport;
  readonly shuffled: boolean;
}

/** Null where a second run would show nothing that the first did not. */
async function secondRun(
  { plan, context, ran, before }: FirstRun,
  { base, copyAgain, seed }: Seeded,
  signal: AbortSignal,
): Promise<SecondRun | null> {
  if (plan.shuffled === undefined && (ran.report.tests?.length ?? 0) === 0) return null;
  await using fresh = await copyAgain();
  if (fresh === null) return null;
  const files = (await plan.filesRun?.(ran.report)) ?? testFilesIn(ran.report);
  const canaries = await canariesFor(await viewOf(fresh.path), files);
  if (canaries.length === 0 && plan.shuffled === undefined) return null;
  await layCanaries(fresh.path, canaries);
  const place = { ...context, folder: fresh.path };
  const run = await runSuite(plan.shuffled?.(seed) ?? plan, place, ran.rewritable, signal);
  const wrong = run.end.kind === 'exited' ? wrongCanaries(canaries, run.report, ran.report) : [];
  const failure =
    run.rewritten.length > 0
      ? rewrittenVerdict(plan, run.rewritten)
      : tamperedBy(await rightBefore(wrong, { plan, before }, { base, seed }), plan.runner);
  return { failure, report: run.report, shuffled: wasShuffled(run, seed) };
}

/** Of canaries that came out wrong: those that the same project tells right without the work. */
async function rightBefore(
  wrong: readonly Canary[],
  { plan, before }: Pick<FirstRun, 'plan' | 'before'>,
  { base, seed }: Pick<Seeded, 'base' | 'seed'>,
): Promise<readonly Canary[]> {
  if (wrong.length === 0) return wrong;
  // Other files speak for those that the work brings.
  const files = [...wrong.map(({ path }) => path), ...testFilesIn(before?.report ?? emptyReport)];
  const there = await base.canaried(plan.runner, [...new Set(files)], seed);
  if (there === null) return wrong;
  const known = new Set(there.canaries.map(({ path }) => path));
  const wrongThere = new Set(
    wrongCanaries(there.canaries, there.report, before?.report ?? null).map(({ path }) => path),
  );
  return wrong.filter(({ path }) =>
    known.has(path) ? !wrongThere.has(path) : wrongThere.size === 0,
  );
}

function testFilesIn({ files }: TestReport): string[] {
  return [...(files ?? [])].filter((path) => testLanguage(path) !== null);
}

/** Of tests that pass in their usual order, and failed in another one. */
async function otherOrder(
  turned: readonly TestOutcome[],
  { plan, context, ran, verdict, before }: FirstRun,
  { base, copyAgain, seed }: Seeded,
  signal: AbortSignal,
): Promise<Verdict> {
  const passedBefore = keysOf(before?.report ?? null, 'passed');
  const isOld = (one: TestOutcome): boolean => passedBefore.has(testKey(one));
  const reference = turned.some(isOld) ? await base.shuffled(plan.runner, seed) : null;
  const shuffledBase = reference === null || 'unprepared' in reference ? null : reference.report;
  // Where one test of a file needs those before it, which of its tests fails is for the order to say.
  const unsteady = filesOf(turnedTests(before?.report ?? emptyReport, shuffledBase ?? emptyReport));
  const isUnsteady = (one: TestOutcome): boolean => isOld(one) && unsteady.has(one.file);
  const always = turned.filter(isUnsteady);
  const others = turned.filter((one) => !isUnsteady(one));
  const passedThere = keysOf(shuffledBase, 'passed');
  const suspects = others.filter((one) => passedThere.has(testKey(one)));
  // By a seed the same tests run in the same order: with others among them, it is another one.
  const isSameOrder = shuffledBase !== null && namesIn(shuffledBase) === namesIn(ran.report);
  const proven =
    suspects.length > 0 && isSameOrder
      ? await failingOnceMore(suspects, { plan, context, ran }, { copyAgain, seed }, signal)
      : [];
  const order = `seed ${seed}`;
  if (proven.length > 0) {
    const summary = `${plan.runner}: fails in an order of tests in which it passed before this task (${order}): ${namesOf(proven)}`;
    const findings = proven.slice(0, mostNamed).map((one) => provenIn(one, order));
    return { status: 'failed', summary, findings };
  }
  const noted =
    always.length === 0
      ? verdict
      : withFindings(
          verdict,
          `depends on the order of tests, also before this task (${order}): ${namesOf(always)}`,
          [],
        );
  if (others.length === 0) return noted;
  const summary = `passed, and failed in another order of tests (${order}): ${namesOf(others)}`;
  return withFindings(
    noted,
    summary,
    others.map((one) => failedIn(one, order)),
  );
}

/** Those that fail a second time in the same order, with nothing of ours among the tests. */
async function failingOnceMore(
  suspects: readonly TestOutcome[],
  { plan, context, ran }: Pick<FirstRun, 'plan' | 'context' | 'ran'>,
  { copyAgain, seed }: Pick<Seeded, 'copyAgain' | 'seed'>,
  signal: AbortSignal,
): Promise<TestOutcome[]> {
  await using fresh = await copyAgain();
  if (fresh === null || plan.shuffled === undefined) return [];
  const place = { ...context, folder: fresh.path };
  const run = await runSuite(plan.shuffled(seed), place, ran.rewritable, signal);
  const failed = keysOf(run.report, 'failed');
  return suspects.filter((one) => failed.has(testKey(one)));
}

function filesOf(tests: readonly TestOutcome[]): Set<string | null> {
  return new Set(tests.map(({ file }) => file));
}

/** The names of all tests, in an order of their own. */
function namesIn({ tests }: TestReport): string {
  return JSON.stringify((tests ?? []).map(testKey).sort());
}

const mostNamed = 8;

function withFindings(verdict: Verdict, note: string, findings: readonly Finding[]): Verdict {
  return {
    ...verdict,
    summary: `${verdict.summary}; ${note}`,
    findings: [...verdict.findings, ...findings.slice(0, mostNamed)],
  };
}

/** Whether the work or chance is to blame is for the reviewer. */
function byTurn(test: TestOutcome): Finding {
  const fix =
    'See whether it depends on time, on chance, on files that it leaves or on other tests.';
  return minor(test, 'passed, and failed when the same was run once more', fix);
}

function failedIn(test: TestOutcome, order: string): Finding {
  const fix = 'See whether it depends on what other tests leave, on time or on chance.';
  return minor(test, `passed, and failed when the tests ran in another order (${order})`, fix);
}

function minor(test: TestOutcome, how: string, fixHint: string): Finding {
  const evidence = evidenceOf(test, how);
  return { category: 'tests', severity: 'minor', evidence, location: test.file, fixHint };
}

function provenIn(test: TestOutcome, order: string): Finding {
  const how = `passes in the usual order, and failed twice when the tests ran in another (${order}), in which it passed before this task`;
  const fix = 'Let nothing that a test leaves behind change what the next one sees.';
  return blocker('test', test.file, evidenceOf(test, how), fix);
}

function evidenceOf({ name, text }: TestOutcome, how: string): string {
  return `${name}: ${how}${text === '' ? '' : `: ${text}`}`;
}
