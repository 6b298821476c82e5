import type { TestOutcome } from './runner.ts';

/**
 * The tests of an output in TAP, nested ones by their names below those of their suites; null where it has none.
 * https://testanything.org/tap-version-14-specification.html
 */
export function readTap(output: string): { tests: TestOutcome[]; complete: boolean } | null {
  const tests: TestOutcome[] = [];
  const waiting: { depth: number; test: TestOutcome }[] = [];
  let planned: number | null = null;
  let points = 0;
  /** The failure whose diagnosis may follow. */
  let failure: { text: string } | null = null;
  for (const line of output.split('\n')) {
    const plan = /^1\.\.(\d+)/.exec(line);
    if (plan !== null) planned = (planned ?? 0) + Number(plan[1]);
    const point = /^( *)(not )?ok\b(?: (\d+))?(?: -)? ?(.*)$/.exec(line);
    if (point === null) {
      const [, told] =
        /^\s+((?:error|message|expected|actual|wanted|found|operator):.*)$/.exec(line) ?? [];
      if (failure !== null && told !== undefined) failure.text += `${told}\n`;
      continue;
    }
    failure = null;
    const [, indent = '', not, , rest = ''] = point;
    const depth = indent.length;
    if (depth === 0) points += 1;
    const [name = '', directive = ''] = rest.split(/ # ?(?=skip|todo)/i);
    const put = (test: TestOutcome): unknown =>
      depth === 0 ? tests.push(test) : waiting.push({ depth, test });
    const below = waiting.filter((other) => other.depth > depth);
    if (below.length > 0) {
      waiting.splice(0, waiting.length, ...waiting.filter((other) => other.depth <= depth));
      for (const { test } of below) put({ ...test, name: `${name.trim()} > ${test.name}` });
      // The point of a suite comes behind its tests, and says nothing more unless the suite itself broke.
      if (not === undefined || below.some(({ test }) => test.outcome === 'failed')) continue;
    }
    const outcome: TestOutcome['outcome'] =
      directive !== '' ? 'skipped' : not === undefined ? 'passed' : 'failed';
    const test = { outcome, name: nameOf(name.trim()), file: null, line: null, text: '' };
    put(test);
    if (outcome === 'failed') failure = test;
  }
  tests.push(...waiting.map(({ test }) => test));
  return planned === null || tests.length === 0 ? null : { tests, complete: points >= planned };
}

/** A file that could not be loaded is told as a test of its name. */
function nameOf(name: string): string {
  return /^\S+\.[cm]?[jt]sx?$/.test(name) ? `loading ${name}` : name;
}
