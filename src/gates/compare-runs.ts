import type { Ownership } from './ownership.ts';
import { steadyText } from './steady-text.ts';
import { isLoading, type TestOutcome, type TestReport } from './runners/runner.ts';

/** A test of both runs, or of one. */
interface Pair {
  readonly before: TestOutcome | null;
  readonly now: TestOutcome | null;
}

/** How the work's run differs from that of the project before the task, test by test. */
export interface Difference {
  /**
   * Failures that the work is to answer for: of tests that passed before, that are new, that are its own, or that
   * fail in other words than before, so that it has to do with them.
   */
  readonly broken: readonly TestOutcome[];
  /** Tests that were executed before and are skipped now. */
  readonly silenced: readonly TestOutcome[];
  /** Tests that were executed before and are not in the report now. */
  readonly gone: readonly TestOutcome[];
  /** Of these, those of files that the task may change: taken out, or named otherwise. */
  readonly takenOut: readonly TestOutcome[];
  /** Failures that were there before, in the same words. */
  readonly known: readonly TestOutcome[];
  /** Passed now, and did not before. */
  readonly mended: readonly TestOutcome[];
  /** Tests of before that passed or failed now. */
  readonly ranOfBefore: number;
}

/** One name for a test in both runs. */
export function testKey({ file, name }: TestOutcome): string {
  return `${file ?? ''}\0${name}`;
}

/** The tests of a report that came out in one way, by `testKey`. */
export function keysOf(report: TestReport | null, wanted: TestOutcome['outcome']): Set<string> {
  const tests = report?.tests ?? [];
  return new Set(tests.flatMap((one) => (one.outcome === wanted ? [testKey(one)] : [])));
}

/**
 * @param before null: nothing of this runner was there before, so that all tests are new.
 * @param flaky tests that pass and fail by turns on the project as it was, by `testKey`.
 */
export function compareRuns(
  before: TestReport | null,
  now: TestReport,
  { mustPass, mayChange }: Ownership,
  flaky: ReadonlySet<string>,
): Difference {
  const pairs = pairsOf(before?.tests ?? [], now.tests ?? []);
  const nows = (wanted: (pair: Pair) => boolean): TestOutcome[] =>
    pairs.flatMap((pair) => (pair.now !== null && wanted(pair) ? [pair.now] : []));
  const befores = (wanted: (pair: Pair) => boolean): TestOutcome[] =>
    pairs.flatMap((pair) => (pair.before !== null && wanted(pair) ? [pair.before] : []));
  const isFlaky = (pair: Pair): boolean => {
    const test = pair.now ?? pair.before;
    return test !== null && flaky.has(testKey(test));
  };
  const failsNow = (pair: Pair): boolean => pair.now?.outcome === 'failed' && !isFlaky(pair);
  const failedBefore = ({ before: was }: Pair): boolean => was?.outcome === 'failed';
  // That a file could not be loaded is no test that could be gone.
  const executedBefore = (pair: Pair): boolean =>
    pair.before !== null &&
    pair.before.outcome !== 'skipped' &&
    !isLoading(pair.before) &&
    !isFlaky(pair);
  const isBlamed = (pair: Pair): boolean =>
    failsNow(pair) &&
    (!failedBefore(pair) || mustPass(pair.now?.file ?? null) || failsOtherwise(pair));
  const isGone = (pair: Pair): boolean => executedBefore(pair) && pair.now === null;
  const isAllowed = (pair: Pair): boolean => mayChange(pair.before?.file ?? null);
  return {
    broken: nows(isBlamed),
    silenced: nows((pair) => executedBefore(pair) && pair.now?.outcome === 'skipped'),
    gone: befores((pair) => isGone(pair) && !isAllowed(pair)),
    takenOut: befores((pair) => isGone(pair) && isAllowed(pair)),
    known: nows((pair) => failsNow(pair) && !isBlamed(pair)),
    mended: nows((pair) => pair.now?.outcome === 'passed' && failedBefore(pair)),
    ranOfBefore: pairs.filter(
      (pair) => pair.before !== null && pair.now !== null && pair.now.outcome !== 'skipped',
    ).length,
  };
}

function failsOtherwise({ before, now }: Pair): boolean {
  return sameWords(before?.text ?? '') !== sameWords(now?.text ?? '');
}

/** What a failure says, without the places in the code, which a harmless change moves. */
export function sameWords(text: string): string {
  const lines = text.split('\n').filter((line) => !isFrame.test(line));
  return steadyText(lines.join('\n'), Date.now())
    .replace(/:\d+(?::\d+)?/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, mostCompared);
}

const isFrame = /^\s*(?:at .*[:(]|File "|❯ |stack backtrace:)|^\S+\.py:\d+: /;
/** Less than what is kept of a run. */
const mostCompared = 1_000;

/**
 * Tests of one name are paired in the order of their reports; then those of one name but for what varies from run
 * to run, as how long it took.
 */
function pairsOf(before: readonly TestOutcome[], now: readonly TestOutcome[]): Pair[] {
  const partners = new Map<TestOutcome, TestOutcome>();
  let left = before;
  for (const keyOf of [testKey, steadyKey]) {
    if (left.length === 0) break;
    const waiting = new Map<string, TestOutcome[]>();
    for (const test of left) {
      const key = keyOf(test);
      const named = waiting.get(key);
      if (named === undefined) waiting.set(key, [test]);
      else named.push(test);
    }
    for (const test of now) {
      const partner = partners.has(test) ? undefined : waiting.get(keyOf(test))?.shift();
      if (partner !== undefined) partners.set(test, partner);
    }
    left = [...waiting.values()].flat();
  }
  const pairs = now.map((test): Pair => ({ before: partners.get(test) ?? null, now: test }));
  return [...pairs, ...left.map((test): Pair => ({ before: test, now: null }))];
}

function steadyKey(test: TestOutcome): string {
  return testKey({ ...test, name: steadyText(test.name, Date.now()) });
}

/** Tests whose outcome, or whose failure's words, differ between two runs of the same project. */
export function differing(one: TestReport, other: TestReport): string[] {
  return pairsOf(one.tests ?? [], other.tests ?? []).flatMap((pair) => {
    const test = pair.now ?? pair.before;
    const same =
      pair.now?.outcome === pair.before?.outcome &&
      (pair.now?.outcome !== 'failed' || !failsOtherwise(pair));
    return test === null || same ? [] : [testKey(test)];
  });
}

/** Tests of the second run of the same work that fail, and passed in the first. */
export function turnedTests(one: TestReport, other: TestReport): TestOutcome[] {
  return pairsOf(one.tests ?? [], other.tests ?? []).flatMap(({ before, now }) =>
    before?.outcome === 'passed' && now?.outcome === 'failed' ? [now] : [],
  );
}
