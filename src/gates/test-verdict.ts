import type { Finding } from '../domain/review.ts';
import { toSingleLine } from '../domain/text.ts';
import type { RunnerPlan, TestFailure, TestReport } from './runners/runner.ts';
import type { SandboxLimits, SandboxRun } from '../sandbox/sandbox.ts';
import { howEnded } from './checking.ts';
import { missingPackage } from './missing-package.ts';
import { trimOutput } from './trim-output.ts';
import { blocker, counted, errored, skipped, type Verdict } from './verdict.ts';

const mostFindings = 8;
/** Tokens, of one failure and of a whole output. */
const failureTokens = 300;
const outputTokens = 900;

/**
 * What a run of tests says. Exit code and report must agree, the report must have its end, and each file of
 * tests must be in it: less is no pass.
 * @param declaredPackages names of the packages that the project asks for.
 */
export function judgeRun(
  plan: RunnerPlan,
  run: SandboxRun,
  report: TestReport,
  limits: SandboxLimits,
  declaredPackages: (name: string) => boolean,
): Verdict {
  const { runner } = plan;
  if (report.broken !== null && report.passed === 0)
    return errored(
      `${runner} could not work: ${toSingleLine(report.broken, 200)}`,
      'Mend the environment, or say how the tests are run: --test-command "…"',
    );
  // The system's own word for a program that is not there.
  if (run.end.kind === 'exited' && run.end.code === 127 && !report.complete)
    return errored(
      `${runner} could not be started: ${toSingleLine(run.stderr, 160)}`,
      'Install it where the sandbox finds it, or give --test-command "…"',
    );
  const lacking = lackingPackages(report.failures, declaredPackages);
  if (report.failures.length > 0 && lacking.length === report.failures.length)
    return errored(
      `${runner}: the project's package ${lacking[0] ?? ''} is not installed`,
      'Install the project’s packages, or give gates.prepare a step that does so offline',
    );
  const findings = [
    ...report.failures.slice(0, mostFindings).map((failure) => findingOf(failure, run)),
    ...endFindings(plan, run, report, limits),
    ...(run.end.kind === 'exited' && report.complete ? silentFiles(plan, report) : []),
  ];
  const ran = report.passed + report.failed;
  if (findings.length > 0)
    return { status: 'failed', summary: `${runner}: ${failedSummary(report, findings)}`, findings };
  if (report.counted && ran === 0) return skipped(`${runner} executed no test`);
  if (!report.counted)
    return {
      status: 'passed',
      summary: `${runner}: exit code 0; how many tests it executed is not known`,
      findings,
    };
  const left = report.skipped === 0 ? '' : `, ${report.skipped} skipped`;
  return {
    status: 'passed',
    summary: `${runner}: ${counted(report.passed, 'test')} passed${left}`,
    findings,
  };
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

/** What the end of the run says beyond the failures that were reported. */
function endFindings(
  plan: RunnerPlan,
  run: SandboxRun,
  report: TestReport,
  limits: SandboxLimits,
): Finding[] {
  const output = trimOutput(`${run.stdout}\n${run.stderr}`.trim(), outputTokens);
  const printed = output === '' ? '' : `\n${output}`;
  const finding = (what: string, fix: string): Finding[] => [
    blocker('test', null, `${plan.runner} ${what}${printed}`, fix),
  ];
  if (run.end.kind !== 'exited') {
    const fix = 'Make the tests end within the limits.';
    return finding(`was cut off: ${howEnded(run.end, limits)}`, fix);
  }
  if (report.failures.length > 0) return [];
  const { code } = run.end;
  if (code === 0 && !report.complete) {
    const fix = 'The code under test must not end the process.';
    return finding('ended with success before it told its results', fix);
  }
  // pytest's own code for "no tests were collected".
  const noTests = report.complete && report.counted && report.passed + report.failed === 0;
  return code === 0 || noTests ? [] : finding(`ended with code ${code}`, 'Make the tests pass.');
}

/** Files that hold tests of which the report knows nothing. */
function silentFiles({ expected, runner }: RunnerPlan, { files }: TestReport): Finding[] {
  if (files === null) return [];
  return expected
    .filter((path) => !files.has(path))
    .slice(0, mostFindings)
    .map((path) =>
      blocker(
        'test',
        path,
        `${runner} reported none of the tests of this file, or not all of them`,
        'The code under test must not end the process or keep tests from being run.',
      ),
    );
}

function findingOf({ name, file, line, text }: TestFailure, run: SandboxRun): Finding {
  const location = file === null ? null : line === null ? file : `${file}:${line}`;
  const words = trimOutput(text.trim() === '' ? run.stderr.trim() : text.trim(), failureTokens);
  return blocker(
    'test',
    location,
    words === '' ? `${toSingleLine(name, 200)} failed` : `${toSingleLine(name, 200)}: ${words}`,
    'Make the test pass by mending the code.',
  );
}

function failedSummary(report: TestReport, findings: readonly Finding[]): string {
  const [first] = findings;
  const counts = report.failed > 0 ? `${report.failed} failed, ${report.passed} passed; ` : '';
  const where = first?.location === null || first === undefined ? '' : `${first.location}: `;
  return `${counts}${where}${first?.evidence.split('\n')[0] ?? ''}`;
}
