import { toSingleLine } from '../domain/text.ts';
import { howEnded, type SandboxLimits } from '../sandbox/sandbox.ts';
import type { BaseRun, BaseRuns } from './base-runs.ts';
import type { Unavailable, Outlook } from './gate.ts';
import { byHandWords, otherCommandWords } from './verdict.ts';
import { isLoading, type RunnerPlan, type TestReport } from './runners/runner.ts';
import { testLanguage } from './protect/protected-path.ts';
import { failureIn, namesOf, outcomeWords } from './test-words.ts';

/**
 * Runs the suite on the project as it is, and says how that came out, a line for each run.
 * @param passedOver what would have fitted too, by the runner that was taken. @throws InterruptedError
 */
export async function baseOutlook(
  base: BaseRuns,
  limits: SandboxLimits,
  passedOver: ReadonlyMap<string, readonly string[]>,
): Promise<Outlook> {
  const found: string[] = [];
  const unavailable: Unavailable[] = [];
  for (const [runner, plan] of base.plans) {
    const run = await base.of(runner);
    if (run === null || 'missing' in plan) continue;
    const why = unavailableOf(plan, run, limits);
    if (why !== null) unavailable.push(why);
    else if ('report' in run) {
      const others = passedOver.get(runner) ?? [];
      const instead = others.length === 0 ? '' : ` (rather than ${others.join(', ')})`;
      found.push(`${toSingleLine(runner, 80)}, by ${plan.from}${instead}: ${wordsOf(run)}`);
    }
  }
  return { found, unavailable };
}

function unavailableOf(plan: RunnerPlan, run: BaseRun, limits: SandboxLimits): Unavailable | null {
  if ('unprepared' in run) return { missing: run.unprepared.summary, fix: '' };
  const { report, end } = run;
  const place = `${plan.runner}, by ${plan.from},`;
  if (report.broken !== null && report.passed === 0)
    return {
      missing: `${place} cannot run on the project as it is: ${report.broken}`,
      fix: `Install what is missing, give gates.setup a step that does so offline, name the tests’ command with --test-command "…", or use another sandbox. ${byHandWords(plan)}`,
    };
  const loading = (report.tests ?? []).filter(isLoading);
  if (loading.length > 0 && loading.length === report.failed && report.passed === 0)
    return {
      missing: `${place} cannot load its tests on the project as it is: ${failureIn(loading[0]?.text ?? '')}`,
      fix: `Install what is missing, give gates.setup a step that does so offline, or mend them. ${byHandWords(plan)}`,
    };
  if (end.kind === 'exited' && report.tail !== undefined && report.tests === null)
    return {
      missing: `${place} fails on the project as it is: ${failureIn(report.tail)}`,
      fix: otherCommandWords(plan),
    };
  if (end.kind === 'exited') return null;
  const limit =
    end.kind === 'limit' && end.limit === 'time'
      ? 'Set gates.tests.timeoutMs'
      : 'Raise the limits of "sandbox" in the config';
  return {
    missing: `${place} does not end on the project as it is: ${howEnded(end, limits)}`,
    fix: `${limit}, or mend the tests. ${byHandWords(plan)}`,
  };
}

function wordsOf({ report, end }: Extract<BaseRun, { report: TestReport }>): string {
  if (!report.counted && end.kind === 'exited') return `exit code ${end.code}, no count of tests`;
  if (report.passed + report.failed === 0) return 'no test was executed';
  const failed = (report.tests ?? []).filter(({ outcome }) => outcome === 'failed');
  return `${outcomeWords(report)}${failed.length === 0 ? '' : `: ${namesOf(failed)}`}`;
}

const mostHidden = 5;

/** Says which files of the user would be tests, and are not seen; nothing where none are. */
export function uncommittedTests(uncommitted: readonly string[]): string[] {
  const hidden = uncommitted.filter((path) => testLanguage(path) !== null);
  if (hidden.length === 0) return [];
  const named = hidden.slice(0, mostHidden).map((path) => toSingleLine(path, 100));
  const more = hidden.length > named.length ? ` and ${hidden.length - named.length} more` : '';
  return [`not committed, so these tests are not run: ${named.join(', ')}${more}`];
}
