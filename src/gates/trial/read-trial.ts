import { posix } from 'node:path';
import { howEnded, type SandboxLimits } from '../../sandbox/sandbox.ts';
import { baseName } from '../../files/slash-paths.ts';
import type { TriedFile, TriedTest } from '../gate.ts';
import type { SuiteRun } from '../run-suite.ts';
import { isLoading, type RunnerPlan, type TestOutcome } from '../runners/runner.ts';
import { trimOutput } from '../trim-output.ts';
import { hasTests } from './pick-runners.ts';
import type { Problem } from './unsound.ts';

/** Tokens, of one failure. */
const mostWords = 300;

/** One run of some test files by one runner. */
export interface TriedRun {
  readonly plan: RunnerPlan;
  readonly limits: SandboxLimits;
  readonly run: SuiteRun;
  /** Whole texts of the files that it was to run, by path. */
  readonly texts: ReadonlyMap<string, string>;
}

/** What a run says of each of its files. */
export function readTrial(tried: TriedRun): TriedFile[] {
  const results = tried.run.report.tests ?? [];
  const faults = results.filter(isLoading);
  const tests = results.filter((test) => !faults.includes(test));
  return [...tried.texts.keys()].map((path) => {
    const own = tests.filter((test) => fileOfTest(test, tried.texts) === path);
    const loading = faultOf(path, faults, own.length === 0);
    return {
      path,
      problem: problemOf(path, own, loading, tried),
      tests: own.map((test): TriedTest => {
        const { name, outcome } = test;
        return { file: path, name, outcome, text: wordsOf(test.text), differs: false };
      }),
    };
  });
}

export function wordsOf(text: string): string {
  return trimOutput(text.trim(), mostWords);
}

/**
 * The file of these that a test is of; null for one of another. Some runners name tests by packages, classes or crates:
 * then it is the one file that has the name in its text.
 */
export function fileOfTest(test: TestOutcome, texts: ReadonlyMap<string, string>): string | null {
  if (test.file !== null) return texts.has(test.file) ? test.file : null;
  const near = test.place?.file ?? null;
  if (near !== null && texts.has(near)) return near;
  const [name = ''] = test.name.split(/::|\.|\s>\s|#/).slice(-1);
  const word = name.replace(/[/([].*$/s, '').trim();
  if (word === '') return null;
  const holding = [...texts].filter(([, text]) => text.includes(word));
  return holding.length === 1 ? (holding[0]?.[0] ?? null) : null;
}

/** Why it could not be loaded or compiled: its own fault, or one that kept all from being run. */
function faultOf(path: string, faults: readonly TestOutcome[], isSilent: boolean): string | null {
  const own = faults.filter((fault) => fault.file === path || fault.place?.file === path);
  // What could not be compiled, or started, may have kept others from being run.
  const shared = isSilent ? faults.filter(({ name }) => !/^loading\b/.test(name)) : [];
  const named = shared.filter(({ text }) => text.includes(baseName(path)));
  const [chosen = []] = [own, named, shared].filter((some) => some.length > 0);
  return chosen.length === 0 ? null : chosen.map(({ text }) => text.trim()).join('\n');
}

function problemOf(
  path: string,
  own: readonly TestOutcome[],
  loading: string | null,
  { plan, limits, run, texts }: TriedRun,
): Problem | null {
  if (own.some(({ text }) => readOnly.test(text)) || (loading !== null && readOnly.test(loading)))
    return {
      kind: 'writes',
      text: wordsOf(own.find(({ text }) => readOnly.test(text))?.text ?? loading ?? ''),
    };
  if (run.end.kind === 'limit' && run.end.limit === 'time')
    return { kind: 'endless', text: `${plan.runner}: ${howEnded(run.end, limits)}` };
  if (loading !== null && noTests.test(loading))
    return { kind: 'silent', text: `${plan.runner} found no tests in ${baseName(path)}` };
  if (loading !== null) return { kind: 'not_loaded', text: wordsOf(loading) };
  if (own.length > 0) return null;
  const output = `${run.stdout}\n${run.stderr}`;
  const others = otherFiles(run.report.tests ?? [], texts);
  if (noFiles.test(output) || (others.length > 0 && hasTests(texts.get(path) ?? ''))) {
    const instead = others.length === 0 ? '' : `; it runs ${others.join(', ')}`;
    const text = `${plan.runner}, by ${plan.from}, does not take this file for a test${instead}`;
    return { kind: 'no_runner', text };
  }
  const ended = run.end.kind === 'exited' ? '' : ` (${howEnded(run.end, limits)})`;
  const said = wordsOf(output);
  if (stoppedBeforeTests(run)) return { kind: 'not_loaded', text: said };
  return {
    kind: 'silent',
    text: `${plan.runner} ran, and reported none of the tests of ${posix.basename(path)}${ended}${said === '' ? '' : `:\n${said}`}`,
  };
}

/** By a runner that reports its tests and has reported none: it gives up where one file cannot be loaded, as mocha does. */
function stoppedBeforeTests({ end, report }: SuiteRun): boolean {
  const { complete, tests, broken } = report;
  return (
    end.kind === 'exited' && end.code !== 0 && !complete && tests?.length === 0 && broken === null
  );
}

const mostNamed = 3;

function otherFiles(tests: readonly TestOutcome[], texts: TriedRun['texts']): string[] {
  const files = tests.flatMap(({ file }) => (file === null || texts.has(file) ? [] : [file]));
  return [...new Set(files)].slice(0, mostNamed);
}

/** What is mounted so for the run: tests, settings, manifests. */
const readOnly = /\bEROFS\b|read-only file system/i;
/** Words of vitest and jest, which take such a file for one that could not be loaded. */
const noTests = /No test suite found in file|Your test suite must contain at least one test/;
/** Words of vitest, jest, mocha, jasmine and ava for a file that their settings leave out. */
const noFiles = /no (?:tests|test files|specs) found|find any files to test/i;
