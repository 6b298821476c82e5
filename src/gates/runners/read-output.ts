import stripAnsi from 'strip-ansi';
import type { SandboxRun } from '../../sandbox/sandbox.ts';
import { emptyReport, reportOf, type TestReport } from './runner.ts';
import { readTap } from './tap.ts';
import { executedTests } from './text-counts.ts';

/** Of a command without a report of ours: TAP where it prints that, else its exit code and the counts that it prints. */
export function readOutput(run: SandboxRun): TestReport {
  const { end } = run;
  // Where `CI` is set many runners colour what they print into a pipe too.
  const stdout = stripAnsi(run.stdout);
  const stderr = stripAnsi(run.stderr);
  // A shell's own codes: the program is not there, or cannot be run.
  const broken =
    end.kind === 'exited' && (end.code === 127 || end.code === 126) ? lastLine(stderr) : null;
  const tap = readTap(stdout);
  if (tap !== null) return { ...reportOf(tap.tests, { ...tap, broken }), files: null };
  const count = executedTests(`${stdout}\n${stderr}`);
  const failed = end.kind === 'exited' && end.code === 0 ? 0 : 1;
  return {
    ...emptyReport,
    complete: true,
    counted: count !== null,
    passed: failed === 0 ? (count ?? 0) : 0,
    failed,
    files: null,
    tests: null,
    broken,
    ...(failed > 0 && { tail: `${stdout}\n${stderr}`.trim().slice(-tailLength) }),
  };
}

const tailLength = 2_000;

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
