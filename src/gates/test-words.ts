import { toSingleLine, withoutColours } from '../domain/text.ts';
import type { TestOutcome, TestReport } from './runners/runner.ts';
import { counted } from './verdict.ts';

const mostNames = 3;

/** As `a.test.js › adds, b.test.js › subtracts and 4 more`. */
export function namesOf(tests: readonly TestOutcome[]): string {
  const named = tests.slice(0, mostNames).map(({ file, name }) => {
    const words = toSingleLine(name, 80);
    return file === null ? words : `${file} › ${words}`;
  });
  const more = tests.length - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** As `12 tests passed, 2 failed, 1 skipped`. */
export function outcomeWords({ passed, failed, skipped }: TestReport): string {
  const parts = [`${counted(passed, 'test')} passed`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (skipped > 0) parts.push(`${skipped} skipped`);
  return parts.join(', ');
}

const tellsOfFailure = /error|fail|fatal|cannot|could not|not found|unable|denied|no such/i;

/** As `1 error`, which linters end with. */
const isCount = /^\W*\d+ \w+\W*$/;

/** The line of an output that tells most of why it failed: the last that sounds so, else the last. */
export function failureIn(output: string): string {
  const lines = withoutColours(output).split('\n');
  const told = lines.filter((line) => line.trim() !== '' && !isCount.test(line));
  const telling = told.findLast((line) => tellsOfFailure.test(line)) ?? told.at(-1);
  return telling === undefined ? 'it does not say why' : toSingleLine(telling, 160);
}
