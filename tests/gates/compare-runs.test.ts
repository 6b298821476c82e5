import { describe, expect, test } from 'vitest';
import { compareRuns, differing, testKey } from '../../src/gates/compare-runs.ts';
import { reportOf, type TestOutcome } from '../../src/gates/runners/runner.ts';

type Short = readonly [name: string, outcome: TestOutcome['outcome'], text?: string];

const outcomes = (tests: readonly Short[], file = 'a.test.js'): TestOutcome[] =>
  tests.map(([name, outcome, text = '']) => ({ name, outcome, file, line: null, text }));
const report = (tests: readonly Short[]) => reportOf(outcomes(tests), { complete: true });
const nobody = { mustPass: () => false, mayChange: () => false, brings: () => false };
const names = (tests: readonly TestOutcome[]): string[] => tests.map(({ name }) => name);

const compare = (
  before: readonly Short[],
  now: readonly Short[],
  over: Partial<typeof nobody> = {},
  flaky: string[] = [],
) => {
  const found = compareRuns(report(before), report(now), { ...nobody, ...over }, new Set(flaky));
  return {
    broken: names(found.broken),
    silenced: names(found.silenced),
    gone: names(found.gone),
    takenOut: names(found.takenOut),
    known: names(found.known),
    mended: names(found.mended),
    ran: found.ranOfBefore,
  };
};
const nothing = {
  broken: [],
  silenced: [],
  gone: [],
  takenOut: [],
  known: [],
  mended: [],
  ran: 1,
};

describe('names that are not the same in two runs', () => {
  test.each([
    ['a (12 ms)', 'a (9 ms)'],
    ['@(a|b) chars=15 ms=5.284225999999762', '@(a|b) chars=15 ms=0.51'],
    ['test/a.js time=5ms', 'test/a.js time=12ms'],
    ['✔ reads a file 0.31s', '✔ reads a file 0.2s'],
    ['listens on 127.0.0.1:40001', 'listens on 127.0.0.1:51234'],
    ['keeps /tmp/tmp.x8Kd93js/a.txt', 'keeps /tmp/tmp.Q2mmA7zz/a.txt'],
    [`at ${new Date().toISOString()}`, `at ${new Date(Date.now() + 5_000).toISOString()}`],
  ])('are those of one test: %s', (was, is) => {
    expect(compare([[was, 'passed']], [[is, 'passed']])).toEqual(nothing);
    expect(compare([[was, 'passed']], [[is, 'failed']])).toEqual({ ...nothing, broken: [is] });
    expect(compare([[was, 'failed']], [[is, 'failed']])).toEqual({ ...nothing, known: [is] });
  });

  test('a test of the very same name comes first', () => {
    const before: Short[] = [
      ['a (1 ms)', 'failed'],
      ['a (2 ms)', 'passed'],
    ];
    const now: Short[] = [
      ['a (2 ms)', 'passed'],
      ['a (1 ms)', 'failed'],
    ];
    expect(compare(before, now)).toEqual({ ...nothing, known: ['a (1 ms)'], ran: 2 });
    expect(compare(before, now.slice(0, 1))).toEqual({ ...nothing, gone: ['a (1 ms)'] });
  });
});

describe('two runs', () => {
  test.each<[string, Short, Short | null, Partial<typeof nothing> | Record<string, unknown>]>([
    ['passes and passed', ['a', 'passed'], ['a', 'passed'], {}],
    ['fails and passed', ['a', 'passed'], ['a', 'failed'], { broken: ['a'] }],
    ['is skipped and passed', ['a', 'passed'], ['a', 'skipped'], { silenced: ['a'], ran: 0 }],
    ['is gone and passed', ['a', 'passed'], null, { gone: ['a'], ran: 0 }],
    ['fails and failed', ['a', 'failed'], ['a', 'failed'], { known: ['a'] }],
    ['passes and failed', ['a', 'failed'], ['a', 'passed'], { mended: ['a'] }],
    ['is skipped and failed', ['a', 'failed'], ['a', 'skipped'], { silenced: ['a'], ran: 0 }],
    ['is gone and failed', ['a', 'failed'], null, { gone: ['a'], ran: 0 }],
    [
      'is called as what could not be loaded, and is gone',
      ['loading says so', 'passed'],
      null,
      { gone: ['loading says so'], ran: 0 },
    ],
    ['could not be loaded and is gone', ['loading the file', 'failed'], null, { ran: 0 }],
    ['fails and was skipped', ['a', 'skipped'], ['a', 'failed'], { broken: ['a'] }],
  ])('where a test %s', (_, before, now, differs) => {
    expect(compare([before], now === null ? [] : [now])).toEqual({ ...nothing, ...differs });
  });

  test('a new test must pass', () => {
    expect(compare([], [['a', 'failed']])).toMatchObject({ broken: ['a'] });
    expect(compareRuns(null, report([['a', 'failed']]), nobody, new Set()).broken).toHaveLength(1);
  });

  test('tests of one name are counted', () => {
    const twice: Short[] = [
      ['a', 'passed'],
      ['a', 'passed'],
    ];
    expect(compare(twice, [['a', 'passed']])).toMatchObject({ gone: ['a'] });
    expect(compare(twice, twice)).toMatchObject({ gone: [], ran: 2 });
    // Told twice, once as it should be and once as it is.
    expect(
      compare(
        [['a', 'passed']],
        [
          ['a', 'passed'],
          ['a', 'failed'],
        ],
      ),
    ).toMatchObject({
      broken: ['a'],
    });
  });

  test('a file that cannot be loaded for another reason than before is blamed', () => {
    const before: Short = ['loading the file', 'failed', "Cannot find module './add.js'"];
    const same: Short = ['loading the file', 'failed', "Cannot find module './add.js'"];
    const other: Short = ['loading the file', 'failed', 'SyntaxError: Unexpected token'];
    expect(compare([before], [same])).toMatchObject({ known: ['loading the file'], broken: [] });
    expect(compare([before], [other])).toMatchObject({ broken: ['loading the file'] });
  });

  test.each([
    ['other words', 'undefined !== 3', '0 !== 3', 'broken'],
    ['other numbers', '1 !== 3', '2 !== 3', 'broken'],
    [
      'the same words at another place',
      'Error: x\n    at f (a.js:3:1)',
      'Error: x\n    at f (a.js:4:1)',
      'known',
    ],
    [
      'another cause behind the same frames',
      "ImportError\na.py:1: in <module>\nE   No module named 'add'",
      "ImportError\na.py:1: in <module>\nE   No module named 'nowhere'",
      'broken',
    ],
    ['the same words after another time', 'took 12 ms', 'took 15 ms', 'known'],
    ['the same words about another line', 'a.py:3 is wrong', 'a.py:5 is wrong', 'known'],
  ])('a failure in %s', (_, before, now, where) => {
    const found = compare([['a', 'failed', before]], [['a', 'failed', now]]);
    expect(found).toMatchObject({ broken: [], known: [], [where]: ['a'] });
  });

  test('what the task is there for must pass, and what it may change may go', () => {
    const failed: Short[] = [['a', 'failed']];
    expect(compare(failed, failed, { mustPass: () => true })).toMatchObject({ broken: ['a'] });
    const found = compare([['a', 'passed']], [], { mayChange: () => true });
    expect(found).toMatchObject({ gone: [], takenOut: ['a'] });
  });

  test('what passes by turns is blamed on nobody', () => {
    const [key = ''] = outcomes([['a', 'passed']]).map(testKey);
    const found = compare([['a', 'passed']], [['a', 'failed']], {}, [key]);
    expect(found).toMatchObject({ broken: [], known: [] });
    expect(differing(report([['a', 'passed']]), report([['a', 'failed']]))).toEqual([key]);
    expect(differing(report([['a', 'passed']]), report([['a', 'passed']]))).toEqual([]);
  });
});
