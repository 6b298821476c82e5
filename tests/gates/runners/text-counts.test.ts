import { expect, test } from 'vitest';
import { executedTests } from '../../../src/gates/runners/text-counts.ts';

test.each<[string, number | null]>([
  ['nothing that is known', null],
  ['TAP version 13\n# tests 3\n# pass 3\n', 3],
  ['ℹ tests 0\nℹ pass 0\n', 0],
  ['1..0\n', 0],
  [' Test Files  1 passed (1)\n      Tests  2 failed | 5 passed (7)\n', 7],
  ['Tests:       1 failed, 2 passed, 3 total\n', 3],
  ['No test files found, exiting with code 1\n', 0],
  ['============ 2 passed, 1 skipped in 0.05s ============\n', 2],
  ['1 failed, 2 passed in 0.10s\n', 3],
  ['============ no tests ran in 0.01s ============\n', 0],
  ['Ran 0 tests in 0.000s\n\nOK\n', 0],
  ['?   \texample.com/a\t[no test files]\n', 0],
  ['ok  \texample.com/a\t0.002s [no tests to run]\n', 0],
  [
    'test result: ok. 0 passed; 0 failed; 0 ignored\n\ntest result: ok. 2 passed; 1 failed; 0 ignored\n',
    3,
  ],
  ['  12 passing (30ms)\n  1 failing\n', 12],
  ['OK (4 tests, 9 assertions)\n', 4],
  ['\n  4 tests passed\n', 4],
  ['  1 test failed\n', 1],
  ['\n  Total:     2\n  Passed:    1\n', 2],
  ['3 specs, 0 failures, 1 pending spec\n', 3],
  ['3 examples, 0 failures\n', 3],
])('%j', (output, count) => {
  expect(executedTests(output)).toBe(count);
});
