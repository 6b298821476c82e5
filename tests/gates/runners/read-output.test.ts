import { expect, test } from 'vitest';
import { readOutput } from '../../../src/gates/runners/read-output.ts';

const read = (stdout: string, code = 0) =>
  readOutput({ end: { kind: 'exited', code }, stdout, stderr: '', durationMs: 1 });

test.each([
  [
    'vitest',
    '\u001b[2m Test Files \u001b[22m \u001b[1m\u001b[32m13 passed\u001b[39m\u001b[22m\n\u001b[2m      Tests \u001b[22m \u001b[1m\u001b[32m485 passed\u001b[39m\u001b[22m\u001b[90m (485)\u001b[39m\n',
    485,
  ],
  [
    'jest',
    '\u001b[1mTests:       \u001b[22m\u001b[1m\u001b[32m68 passed\u001b[39m\u001b[22m, 68 total\n',
    68,
  ],
  ['uvu', '\u001b[39m\n  Total:     32\u001b[32m\n  Passed:    32\u001b[39m\n  Skipped:   0\n', 32],
  ['mocha', '\u001b[92m \u001b[0m\u001b[32m 12 passing\u001b[0m\u001b[90m (8ms)\u001b[0m\n', 12],
  ['ava', '\n  \u001b[32m32 tests passed\u001b[39m\n', 32],
  [
    'pytest',
    '\u001b[32m\u001b[32m\u001b[1m198 passed\u001b[0m, \u001b[33m2 skipped\u001b[0m\u001b[32m in 1.82s\u001b[0m\u001b[0m\n',
    198,
  ],
  ['TAP', '\u001b[32mok 1 - adds\u001b[39m\n1..1\n', 1],
])('counts what %s prints in colours', (_name, output, passed) => {
  expect(read(output)).toMatchObject({ counted: true, passed });
});

test('what a failed command printed is kept, without colours', () => {
  const report = read('\u001b[31mError: no\u001b[39m\n', 1);
  expect(report).toMatchObject({ counted: false, failed: 1, tail: 'Error: no' });
});
