import type { Finding } from '../domain/review.ts';
import { toSingleLine } from '../domain/text.ts';
import { howEnded, type SandboxLimits, type SandboxRun } from '../sandbox/sandbox.ts';
import { compareRuns, sameWords, testKey, type Difference } from './compare-runs.ts';
import type { TestRun } from './known-runs.ts';
import { missingPackage } from './missing-package.ts';
import type { Ownership } from './ownership.ts';
import type { RunnerPlan, TestFailure, TestOutcome, TestReport } from './runners/runner.ts';
import { failureIn, namesOf, outcomeWords } from './test-words.ts';
import { trimOutput } from './trim-output.ts';
import {
  blocker,
  byHandWords,
  errored,
  otherCommandWords,
  skipped,
  verdictOn,
  type Verdict,
} from './verdict.ts';

const mostFindings = 8;
/** Tokens, of one failure and of a whole output. */
const failureTokens = 300;
const outputTokens = 900;

export interface JudgedRun {
  readonly plan: RunnerPlan;
  readonly run: SandboxRun & { readonly report: TestReport };
  /** The same plan on the project before the work; null where there was nothing of it. */
  readonly before: TestRun | null;
  readonly ownership: Ownership;
  readonly limits: SandboxLimits;
  /** Names of the packages that the project asks for. */
  readonly declaredPackages: (name: string) => boolean;
}

export interface RunVerdict extends Verdict {
  /** A test failed, or did not run, that passed before. */
  readonly blamesOld: boolean;
}

/**
 * What a run of tests says, compared test by test with the run before the work. Exit code and report must agree,
 * and the report must have its end: less is no pass, unless it was no better before.
 */
export function judgeRun(judged: JudgedRun): RunVerdict {
  const verdict = environmentVerdict(judged);
  if (verdict !== null) return { ...verdict, blamesOld: false };
  const { plan, run, before, ownership } = judged;
  const { report } = run;
  if (report.tests === null) return { ...judgeByCount(judged), blamesOld: false };
  const difference = compareRuns(
    before?.report ?? null,
    report,
    ownership,
    new Set(before?.flaky ?? []),
  );
  const { broken, silenced, gone } = difference;
  const lacking = lackingPackages(broken, judged.declaredPackages);
  if (broken.length > 0 && lacking.length === broken.length)
    return {
      ...errored(
        `${plan.runner}: the project's package ${lacking[0] ?? ''} is not installed`,
        `Install the project’s packages, or give gates.setup a step that does so offline. ${byHandWords(plan)}`,
      ),
      blamesOld: false,
    };
  const old = new Set((before?.report.tests ?? []).flatMap(passedKey));
  const known = new Set((before?.report.tests ?? []).map(testKey));
  const blamesOld =
    gone.length + silenced.length > 0 || broken.some((one) => known.has(testKey(one)));
  const findings = [
    ...broken.slice(0, mostFindings).map((failure) => findingOf(failure, run, old)),
    ...lostFindings(silenced, 'skipped', plan),
    ...lostFindings(gone, 'not run', plan),
    ...endFindings(judged, broken.length === 0),
    ...(run.end.kind === 'exited' && report.complete ? silentFiles(judged) : []),
  ];
  if (findings.length > 0) {
    const summary = `${plan.runner}: ${failedSummary(report, findings)}`;
    return { status: 'failed', summary, findings, blamesOld };
  }
  return { ...passedVerdict(plan, report, difference, before), blamesOld };
}

function passedKey(test: TestOutcome): string[] {
  return test.outcome === 'passed' ? [testKey(test)] : [];
}

function passedVerdict(
  plan: RunnerPlan,
  report: TestReport,
  { known, takenOut, ranOfBefore }: Difference,
  before: TestRun | null,
): Verdict {
  const { runner } = plan;
  const ran = report.passed + report.failed;
  if (ran === 0) return skipped(`${runner} executed no test`);
  const hadSome = (before?.report.passed ?? 0) > 0;
  if (report.passed === 0)
    return errored(
      `${runner}: all tests failed before this task, and still do: ${namesOf(known)}: ${failureIn(known[0]?.text ?? '')}`,
      `Mend what keeps them from passing, or look at the work and approve it. ${byHandWords(plan)}`,
    );
  if (hadSome && ranOfBefore === 0)
    return errored(
      `${runner}: of the tests that were there before, none was executed`,
      `Look at the work and approve it. ${byHandWords(plan)}`,
    );
  const notes = [`${runner}: ${outcomeWords({ ...report, failed: 0 })}`];
  if (known.length > 0) notes.push(`failed before this task too: ${namesOf(known)}`);
  if (takenOut.length > 0) notes.push(`taken out by the task: ${namesOf(takenOut)}`);
  const flaky = before?.flaky.map((key) => key.split('\0')[1] ?? key) ?? [];
  if (flaky.length > 0)
    notes.push(`passes and fails by turns, also before this task: ${flaky.slice(0, 3).join(', ')}`);
  return { status: 'passed', summary: notes.join('; '), findings: [] };
}

/** Where the run says nothing of the work; null where it does. */
function environmentVerdict({ plan, run, before, limits }: JudgedRun): Verdict | null {
  const { runner } = plan;
  const { report, end } = run;
  if (report.broken !== null && report.passed === 0)
    return errored(
      `${runner} could not work: ${toSingleLine(report.broken, 200)}`,
      `Mend the environment, or say how the tests are run: --test-command "…". ${byHandWords(plan)}`,
    );
  if (before !== null && before.end.kind !== 'exited' && end.kind !== 'exited')
    return errored(
      `${runner} does not end on the project as it was before this task either: ${howEnded(before.end, limits)}`,
      `Set gates.tests.timeoutMs, raise the limits of "sandbox" in the config, or mend the tests. ${byHandWords(plan)}`,
    );
  return null;
}

/** For a command that names no test: its exit code, and how many it says that it executed. */
function judgeByCount(judged: JudgedRun): Verdict {
  const { plan, run, before } = judged;
  const { report } = run;
  const { runner } = plan;
  const tail = before?.report.tail;
  if (tail !== undefined && sameWords(tail) === sameWords(report.tail ?? ''))
    return errored(
      `${runner} fails on the project as it was before this task too, in the same words: ${failureIn(tail)}`,
      otherCommandWords(plan),
    );
  const findings = endFindings(judged, true);
  if (findings.length > 0)
    return { status: 'failed', summary: `${runner}: ${failedSummary(report, findings)}`, findings };
  const executed = before?.report.counted === true ? before.report.passed : 0;
  if (executed > 0 && (!report.counted || report.passed < executed)) {
    const said = report.passed > 0 ? `told ${report.passed} tests` : 'told no test';
    const evidence = `${runner} ended with success and ${said}; before this task it told ${executed}`;
    const fix = 'The code under test must not end the process, or keep tests from being run.';
    return verdictOn([blocker('test', null, evidence, fix)], '');
  }
  if (!report.counted) {
    const summary = `${runner}: exit code 0; how many tests it executed is not known`;
    return { status: 'passed', summary, findings: [] };
  }
  if (report.passed === 0) return skipped(`${runner} executed no test`);
  return { status: 'passed', summary: `${runner}: ${outcomeWords(report)}`, findings: [] };
}

/** The packages that failures lack although the project asks for them: the environment's fault. */
function lackingPackages(
  failures: readonly TestFailure[],
  declared: (name: string) => boolean,
): string[] {
  return failures.flatMap(({ text }) => {
    const name = missingPackage(text);
    return name !== null && declared(name) ? [name] : [];
  });
}

/** What the end of the run says beyond its failures. @param silent no failure explains it. */
function endFindings({ plan, run, before, limits }: JudgedRun, silent: boolean): Finding[] {
  const { report, end } = run;
  const output = trimOutput(`${run.stdout}\n${run.stderr}`.trim(), outputTokens);
  const printed = output === '' ? '' : `\n${output}`;
  const finding = (what: string, fix: string): Finding[] => [
    blocker('test', null, `${plan.runner} ${what}${printed}`, fix),
  ];
  if (end.kind !== 'exited') {
    const took =
      before === null ? '' : `; before this task it took ${seconds(before.durationMs)} s`;
    const fix = 'Make the tests end within the limits.';
    return finding(`was cut off: ${howEnded(end, limits)}${took}`, fix);
  }
  if (!silent) return [];
  const was = before?.end.kind === 'exited' ? before : null;
  if (end.code === 0 && !report.complete && was?.report.complete !== false) {
    const fix = 'The code under test must not end the process.';
    return finding('ended with success before it told its results', fix);
  }
  // pytest's own code for "no tests were collected".
  const noTests = report.complete && report.counted && report.passed + report.failed === 0;
  if (end.code === 0 || noTests) return [];
  // Failures that were there before explain it.
  const failedBefore = was?.end.kind === 'exited' && was.end.code !== 0;
  const explained =
    report.tests !== null && failedBefore && (report.failed > 0 || was.report.failed === 0);
  return explained
    ? []
    : finding(`ended with code ${end.code}: ${failureIn(output)}`, 'Make the tests pass.');
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

/** Files of tests that came with the work, or were fixed for it, of which the report knows nothing. */
function silentFiles({ plan, run, ownership }: JudgedRun): Finding[] {
  const { files } = run.report;
  if (files === null) return [];
  return plan.expected
    .filter((path) => ownership.brings(path) && !files.has(path))
    .slice(0, mostFindings)
    .map((path) =>
      blocker(
        'test',
        path,
        `${plan.runner} reported none of the tests of this file, or not all of them`,
        'The code under test must not end the process or keep tests from being run.',
      ),
    );
}

/** Tests that passed before and were not executed now, one finding for each file. */
function lostFindings(
  tests: readonly TestOutcome[],
  how: string,
  { runner }: RunnerPlan,
): Finding[] {
  const files = [...new Set(tests.map(({ file }) => file))];
  return files.slice(0, mostFindings).map((file) => {
    const lost = tests.filter((test) => test.file === file);
    const names = namesOf(lost.map((test) => ({ ...test, file: null })));
    const evidence = `${how} by ${runner}, though executed before this task: ${names}`;
    return blocker('test', file, evidence, 'The work must not keep tests from being run.');
  });
}

function findingOf(failure: TestOutcome, run: SandboxRun, old: ReadonlySet<string>): Finding {
  const { name, text } = failure;
  const { file, line } = failure.place ?? failure;
  const location = file === null ? null : line === null ? file : `${file}:${line}`;
  const words = trimOutput(text.trim() === '' ? run.stderr.trim() : text.trim(), failureTokens);
  const passed = old.has(testKey(failure)) ? '\nIt passed before this task.' : '';
  const head = toSingleLine(name, 200);
  return blocker(
    'test',
    location,
    `${words === '' ? `${head} failed` : `${head}: ${words}`}${passed}`,
    'Make the test pass by mending the code.',
  );
}

function failedSummary(report: TestReport, findings: readonly Finding[]): string {
  const [first] = findings;
  const isCounted = report.failed > 0 && report.tests !== null;
  const counts = isCounted ? `${report.failed} failed, ${report.passed} passed; ` : '';
  const where = first?.location === null || first === undefined ? '' : `${first.location}: `;
  return `${counts}${where}${first?.evidence.split('\n')[0] ?? ''}`;
}
