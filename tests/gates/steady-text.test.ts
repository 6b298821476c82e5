import { describe, expect, it } from 'vitest';
import { steadyText } from '../../src/gates/steady-text.ts';

const now = Date.parse('2026-11-29T07:03:39.123Z');
const steady = (text: string): string => steadyText(text, now);

describe('what differs from run to run is left out', () => {
  it.each([
    ['vitest', '   Duration  16.37s (transform 3.57s, setup 0ms, tests 22.94s)', ' ✓ adds 12ms'],
    ['jest', '  ✕ adds (5 ms)', 'Time:        0.512 s, estimated 1 s'],
    ['node', '✖ adds (1.203709ms)', 'ℹ duration_ms 60.28'],
    ['node, TAP', '  duration_ms: 0.51', '# duration_ms 61'],
    ['pytest', '==== 1 failed, 2 passed in 0.12s ====', 'ended in 1 m 2 s'],
    ['unittest', 'Ran 3 tests in 0.003s'],
    ['go', '--- FAIL: TestAdd (0.00s)', 'FAIL\texample.com/add\t0.012s'],
    ['cargo', 'test result: FAILED. 0 passed; finished in 0.00s'],
    ['time', 'real\t0m0.123s'],
    ['ports', 'connect ECONNREFUSED 127.0.0.1:43121', 'listens on port 54012, localhost:40001'],
    ['addresses', '<add.Adder object at 0x7f3a5c2b1d90>', 'panic: 0xc000012345'],
    ['processes', '(node:12345) Warning', '==991==ERROR: leak', 'worker pid=4711 died'],
    ['temporary names', "ENOENT '/tmp/app-x1Y2z3/out.txt'", '/var/folders/ab/cd12/T/tmp8f2k/x'],
    ['pytest’s folders', '/tmp/pytest-of-root/pytest-12/test_add0/x'],
    ['seeds', 'Randomized with seed 41233', 'Using --randomly-seed=123'],
    ['times', 'at 2026-11-29T07:03:38.001Z', '2026-11-29 07:03:38,001 INFO', '[07:03:38] x'],
    ['dates', 'Sun Nov 29 2026 07:03:39 GMT+0000', 'today is 2026-11-29', 'now 1795935818001'],
    ['our own folders', 'at .git/blueprint-0123456789abcdef/reporter.js'],
  ])('%s', (_name, ...lines) => {
    for (const line of lines) expect(steady(line)).not.toBe(line);
  });

  it('so that two runs say the same', () => {
    const run = (ms: string, port: string, name: string, time: string): string =>
      `✖ serves (${ms}ms)\n  connect ECONNREFUSED 127.0.0.1:${port} at ${time}\n  in /tmp/app-${name}/log\n1 failed in ${ms}ms`;
    expect(steady(run('12.5', '43121', 'x1Y2z3', '2026-11-29T07:03:38Z'))).toBe(
      steady(run('9', '54001', 'Q9pL0a', '2026-11-29T07:01:00.5Z')),
    );
  });
});

it.each([
  "expected '2026-01-31T12:00:00.000Z' to be '2026-02-01T12:00:00.000Z'",
  'expected "12 ms" to equal "12 min"',
  '-  12 ms\n+  15 ms',
  'Expected: 5\nReceived: 50',
  'listens on port 8080, not on localhost:3000',
  'Test timed out after 5000ms.',
  "ENOENT: no such file '/tmp/out.txt'",
  'src/add.js:12:5: expected 3 to be 4',
  'color #0xff and 0x1f',
  'AssertionError: 1234567890 !== 1234567891',
  '3 failed, 2 passed',
])('what a test compares stays: %s', (text) => {
  expect(steady(text)).toBe(text);
});
