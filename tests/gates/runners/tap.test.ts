import { expect, test } from 'vitest';
import { readTap } from '../../../src/gates/runners/tap.ts';

const named = (text: string) =>
  readTap(text)?.tests.map(({ name, outcome }) => `${outcome} ${name}`);

test('points, directives and their names', () => {
  const text =
    'TAP version 13\nok 1 - adds\nnot ok 2 - subtracts\nok 3 - later # SKIP no net\nnot ok 4 - soon # TODO\n1..4\n';
  expect(named(text)).toEqual(['passed adds', 'failed subtracts', 'skipped later', 'skipped soon']);
  expect(readTap(text)?.complete).toBe(true);
});

test('tests of suites have the names of these before their own, at any depth', () => {
  const text = `TAP version 13
# Subtest: outer
    # Subtest: inner
        ok 1 - one
        not ok 2 - two
        1..2
    not ok 1 - inner
    ok 2 - three
    1..2
not ok 1 - outer
1..1
`;
  expect(named(text)).toEqual([
    'passed outer > inner > one',
    'failed outer > inner > two',
    'passed outer > three',
  ]);
});

test('a suite that broke by itself is told', () => {
  const text = '    ok 1 - one\n    1..1\nnot ok 1 - hooks\n1..1\n';
  expect(named(text)).toEqual(['passed hooks > one', 'failed hooks']);
});

test('a failure has its diagnosis, and a file that could not be loaded is no test', () => {
  const text = `TAP version 13
not ok 1 - adds
  ---
  duration_ms: 2.97
  error: '-1 == 3'
  expected: 3
  ...
not ok 2 - checks/a.test.mjs
1..2
`;
  expect(readTap(text)?.tests).toMatchObject([
    { name: 'adds', text: "error: '-1 == 3'\nexpected: 3\n" },
    { name: 'loading checks/a.test.mjs', text: '' },
  ]);
});

test('a value of several lines is told whole; places and empty words are not', () => {
  const text = `not ok 1 - adds
  ---
    operator: deepEqual
    expected: |-
      [ 1,
        2 ]
    actual: []
    at: Test.<anonymous> (test.js:4:5)
    stack: |-
      Error: should be deeply equal
          at expected: (x)
    message: ''
  ...
ok 2 - more
    message: of no failure
1..2
`;
  expect(readTap(text)?.tests[0]?.text).toBe(
    'operator: deepEqual\nexpected: |-\n  [ 1,\n    2 ]\nactual: []\n',
  );
});

test('what has fewer points than it planned has not come to its end', () => {
  expect(readTap('1..3\nok 1 - a\n')?.complete).toBe(false);
});

test.each([
  ['nothing', ''],
  ['words', 'ok, that went well\n'],
  ['no plan', 'ok 1 - a\n'],
])('%s is no TAP', (_, text) => {
  expect(readTap(text)).toBeNull();
});

test('how long a test took is no part of its name', () => {
  const text = `TAP version 13
# Subtest: test/add.js
    ok 1 - adds # time=5.454ms
    ok 2 - later # SKIP no net # time=1ms
    1..2
    # time=8.575ms
ok 1 - test/add.js # time=1.2s
not ok 2 - test/more.js # time=7ms
1..2
`;
  expect(named(text)).toEqual([
    'passed test/add.js > adds',
    'skipped test/add.js > later',
    'failed loading test/more.js',
  ]);
});

test('tests of suites that are told in braces have their names too', () => {
  const text = `TAP version 14
ok 1 - test/a.js # time=6.25ms {
    1..2
    ok 1 - inner # time=2ms {
        ok 1 - one
        1..1
    }
    ok 2 - two
}
not ok 2 - test/b.js # time=3ms {
    not ok 1 - three # time=1ms
      ---
      error: '-1 == 3'
      ...
    1..1
}
ok 3 - test/c.js {
}
ok 4 - writes {
ok 5 - writes }
ok 6 - reads {
1..6
`;
  expect(named(text)).toEqual([
    'passed test/a.js > inner > one',
    'passed test/a.js > two',
    'failed test/b.js > three',
    'passed loading test/c.js',
    'passed writes {',
    'passed writes }',
    'passed reads {',
  ]);
  expect(readTap(text)?.complete).toBe(true);
  expect(readTap(text)?.tests[2]?.text).toBe("error: '-1 == 3'\n");
});
