import { randomBytes } from 'node:crypto';
import { writeFile } from '../files/disk.ts';
import { join } from 'node:path';
import { kindOf } from './canary-kinds.ts';
import { keysOf, testKey } from './compare-runs.ts';
import type { ProjectView } from '../files/project-view.ts';
import { isLoading, type TestOutcome, type TestReport } from './runners/runner.ts';
import { blocker, tampered, type Verdict } from './verdict.ts';

type Outcome = TestOutcome['outcome'];

/** Tests of ours, put behind those of a file for one run, whose outcomes are known beforehand. */
export interface Canary {
  readonly path: string;
  /** The file with them. */
  readonly text: string;
  /** In the name of each; cannot be guessed. */
  readonly mark: string;
  /** By the number in their names, from 1. */
  readonly outcomes: readonly Outcome[];
  /** One that did not run is wrong too. */
  readonly alwaysRun: boolean;
}

const mostFiles = 12;

/**
 * Canaries for files of tests that were run. They use the assertions that the tests use: where one of them does
 * not fail as it must, the code under test has changed how tests are run, asserted or told.
 */
export async function canariesFor(
  project: ProjectView,
  files: readonly string[],
): Promise<readonly Canary[]> {
  const found: Canary[] = [];
  for (const path of files) {
    if (found.length === mostFiles) break;
    const text = await project.read(path);
    if (text === null) continue;
    const mark = `c${randomBytes(6).toString('hex')}`;
    const kind = kindOf(path, text)?.(mark, text) ?? null;
    if (kind === null) continue;
    const { head, fails, passes, skips, within = behind, alwaysRun = false } = kind;
    const lines = [...fails, passes, skips].map((line, index) => line(`${mark}_${index + 1}`));
    const outcomes: Outcome[] = [...fails.map((): Outcome => 'failed'), 'passed', 'skipped'];
    const added = [head, ...lines, ''].join('\n');
    found.push({ path, text: within(text, added), mark, outcomes, alwaysRun });
  }
  return found;
}

function behind(text: string, added: string): string {
  return `${text}\n${added}`;
}

/** Puts them into a copy, in place of the files that they are made of. */
export async function layCanaries(folder: string, canaries: readonly Canary[]): Promise<void> {
  for (const { path, text } of canaries) await writeFile(join(folder, path), text);
}

/** Those that came out as they must not. @param without as of `couldNotLoad` */
export function wrongCanaries(
  canaries: readonly Canary[],
  report: TestReport,
  without: TestReport | null,
): readonly Canary[] {
  const tests = report.tests ?? [];
  const toldAll = report.broken === null && !couldNotLoad(report, without);
  return canaries.filter((canary) => isWrong(canary, tests, toldAll));
}

/** The failure of work whose canaries came out wrong, which they do not without it; null for none. */
export function tamperedBy(wrong: readonly Canary[], runner: string): Verdict | null {
  if (wrong.length === 0) return null;
  const evidence = `${runner}: tests that were made to fail do not fail beside those of this file: the code under test changes how tests are run, asserted or told`;
  const fix = 'Leave the test runner and its assertions as they are.';
  return tampered(wrong.map(({ path }) => blocker('tampering', path, evidence, fix)));
}

/**
 * Whether a file with canaries, or a program of several, could not be loaded or compiled: it says nothing of the work.
 * @param without of the same files without them
 */
export function couldNotLoad(report: TestReport, without: TestReport | null): boolean {
  const known = keysOf(without, 'failed');
  return (report.tests ?? []).some((test) => isLoading(test) && !known.has(testKey(test)));
}

function isLeftOut(passing: readonly Outcome[] | undefined): boolean {
  return passing?.every((outcome) => outcome === 'skipped') ?? true;
}

/** A file whose canaries the runner leaves out, as it does beside `test.only`, tells nothing. */
function isWrong(
  { mark, outcomes, alwaysRun }: Canary,
  tests: readonly TestOutcome[],
  toldAll: boolean,
): boolean {
  const seen = new Map<number, Outcome[]>();
  for (const { name, outcome } of tests) {
    const number = new RegExp(`${mark}_(\\d+)`).exec(name)?.[1];
    if (number !== undefined)
      seen.set(Number(number), [...(seen.get(Number(number)) ?? []), outcome]);
  }
  const passing = seen.get(outcomes.indexOf('passed') + 1);
  if (alwaysRun ? seen.size === 0 && !toldAll : isLeftOut(passing)) return false;
  // Where none of them passes, the file's tests are not written as these are.
  const all = [...seen.values()].flat();
  if (!alwaysRun && !all.includes('passed')) return false;
  return outcomes.some((wanted, index) => {
    const came = seen.get(index + 1);
    // Of a class that others inherit, each has them.
    const most = alwaysRun ? Infinity : 1;
    return came === undefined || came.length > most || came.some((one) => one !== wanted);
  });
}
