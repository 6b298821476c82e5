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
  let diagnosis = diagnosisReader();
  for (const line of behindTheirTests(output.split('\n'))) {
    const plan = /^1\.\.(\d+)/.exec(line);
    if (plan !== null) planned = (planned ?? 0) + Number(plan[1]);
    const point = /^( *)(not )?ok\b(?: (\d+))?(?: -)? ?(.*)$/.exec(line);
    if (point === null) {
      if (failure !== null) failure.text += diagnosis(line);
      continue;
    }
    failure = null;
    const [, indent = '', not, , rest = ''] = point;
    const depth = indent.length;
    if (depth === 0) points += 1;
    // How long it took is no part of a name.
    const told = rest.replace(/ # time=[\d.]+m?s\b/, '');
    const [name = '', directive = ''] = told.split(/ # ?(?=skip|todo)/i);
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
    if (outcome !== 'failed') continue;
    failure = test;
    diagnosis = diagnosisReader();
  }
  tests.push(...waiting.map(({ test }) => test));
  return planned === null || tests.length === 0 ? null : { tests, complete: points >= planned };
}

/** The lines with the points of suites behind their tests, where some stand ahead of them and these in braces. */
function behindTheirTests(lines: readonly string[]): string[] {
  const told: string[] = [];
  const open: { readonly depth: number; readonly at: number; readonly point: string }[] = [];
  for (const line of lines) {
    const [, indent = '', sign] = /^( *)(\}(?=\s*$)|(?:not )?ok\b)/.exec(line) ?? [];
    const depth = indent.length;
    const last = open.at(-1);
    if (sign === '}' && last?.depth === depth) {
      open.pop();
      told[last.at] = '';
      told.push(last.point);
      continue;
    }
    if (sign !== undefined && sign !== '}') {
      // A name may end in a brace: then its like follows, and none closes it.
      while ((open.at(-1)?.depth ?? -1) >= depth) open.pop();
      const text = line.trimEnd();
      if (text.endsWith(' {')) open.push({ depth, at: told.length, point: text.slice(0, -2) });
    }
    told.push(line);
  }
  return told;
}

const toldKeys = /^(?:error|message|expected|actual|wanted|found|operator|details|values|diff)$/;

/** Gives what the lines of one diagnosis say of a failure, in YAML; of the others nothing. */
function diagnosisReader(): (line: string) => string {
  /** Of the block's own keys; null before the first. */
  let indent: number | null = null;
  let isTold = false;
  return (line) => {
    const [, space = '', key] = /^(\s+)(?:([\w-]+):|\S)/.exec(line) ?? [];
    if (/^\s+(?:---|\.\.\.)$/.test(line)) isTold = false;
    else if (key !== undefined && space.length <= (indent ?? Infinity)) {
      indent = space.length;
      isTold = toldKeys.test(key) && !/:\s*(?:''|"")$/.test(line);
    }
    return isTold && space !== '' ? `${line.slice(indent ?? 0)}\n` : '';
  };
}

/** A file that could not be loaded is told as a test of its name. */
function nameOf(name: string): string {
  return /^\S+\.[cm]?[jt]sx?$/.test(name) ? `loading ${name}` : name;
}
