import { describe, expect, test } from 'vitest';
import { readCargo } from '../../../src/gates/runners/cargo-report.ts';
import { viewOfFiles } from './view.ts';

const project = viewOfFiles({
  'crates/core/src/lib.rs': '',
  'crates/core/tests/add.rs': '',
  'tests/add.rs': '',
  'crates/ui/tests/ui.rs': '',
});
const read = (output: string, ownHarness = false) =>
  readCargo(output, { project, folder: '', ownHarness });
const outcomes = (output: string, ownHarness = false): string[] | undefined =>
  read(output, ownHarness).tests?.map(({ name, outcome }) => `${outcome}: ${name}`);

/** As cargo 1.95 prints it, shortened. */
const workspace = `    Finished \`test\` profile [unoptimized + debuginfo] target(s) in 12.08s
     Running unittests src/lib.rs (target/debug/deps/acme_core-a863112df34812e1)

running 4 tests
test tests::adds ... ok
test tests::fails ... FAILED
test tests::panics - should panic ... ok
test tests::slow ... ignored, slow

failures:

---- tests::fails stdout ----
printed by the test

thread 'tests::fails' (17638) panicked at crates/core/src/lib.rs:15:40:
assertion \`left == right\` failed: why
  left: 3
 right: 4
note: run with \`RUST_BACKTRACE=1\` environment variable to display a backtrace


failures:
    tests::fails

test result: FAILED. 2 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.97s

error: test failed, to rerun pass \`-p acme-core --lib\`
     Running tests/add.rs (target/debug/deps/add-9cefc17111953e8b)

running 1 test
test adds ... ok

test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s

     Running tests/add.rs (target/debug/deps/add-04173b41b1345793)

running 1 test
test adds ... ok

test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s

     Running tests/ui.rs (target/debug/deps/ui-51abd53bbf5f4384)
custom
   Doc-tests acme_core

running 2 tests
test crates/core/src/lib.rs - add (line 9) ... ok
test crates/core/src/lib.rs - add (line 2) ... ok

test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.13s


running 1 test
test crates/core/src/lib.rs - add (line 12) - compile fail ... ok

test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.77s

error: 1 target failed:
    \`-p acme-core --lib\`
`;

test('each test has its crate before its name, once, and doc tests no line', () => {
  expect(outcomes(workspace, true)).toEqual([
    'passed: acme_core::tests::adds',
    'failed: acme_core::tests::fails',
    'passed: acme_core::tests::panics - should panic',
    'skipped: acme_core::tests::slow',
    'passed: add::adds',
    'passed: add (2)::adds',
    'passed: ui',
    'passed: acme_core doc::crates/core/src/lib.rs - add (2)',
    'passed: acme_core doc::crates/core/src/lib.rs - add',
    'passed: acme_core doc::crates/core/src/lib.rs - add - compile fail',
  ]);
  const report = read(workspace, true);
  expect(report).toMatchObject({ complete: true, passed: 8, failed: 1, skipped: 1, broken: null });
  expect(report.failures).toEqual([
    {
      name: 'acme_core::tests::fails',
      file: 'crates/core/src/lib.rs',
      line: 15,
      text: "assertion `left == right` failed: why\n  left: 3\n right: 4\nthread 'tests::fails' panicked at crates/core/src/lib.rs:15:40:\nprinted by the test",
    },
  ]);
});

test('a file is named where it can be one alone, failed or not', () => {
  const files = read(workspace, true).tests?.map(({ file }) => file);
  expect(files?.slice(0, 7)).toEqual([null, null, null, null, null, null, 'crates/ui/tests/ui.rs']);
});

describe('what is not the whole of it', () => {
  const running =
    '     Running unittests src/lib.rs (target/debug/deps/a-0123)\n\nrunning 2 tests\n';
  const one = 'test a ... ok\n';

  test('a program that ended in the midst of its tests', () => {
    expect(read(running + one).complete).toBe(false);
  });

  test('results of fewer tests than were announced', () => {
    const result = '\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n';
    expect(read(running + one + result).complete).toBe(false);
  });

  test('a program that told nothing, where none has a harness of its own', () => {
    const silent = '     Running tests/ui.rs (target/debug/deps/ui-0123)\n';
    expect(read(silent).complete).toBe(false);
    expect(read(silent, true).complete).toBe(true);
  });

  test('nothing that was run', () => {
    expect(read('    Finished `test` profile\n')).toMatchObject({ complete: false, tests: [] });
  });
});

test('with one thread a test prints between its name and its outcome', () => {
  const output = `     Running unittests src/lib.rs (target/debug/deps/a-0123)

running 3 tests
test a ... from a process
of two lines
ok
test b ... noiseFAILED
test c ... ignored

test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out
`;
  expect(outcomes(output)).toEqual(['passed: a::a', 'failed: a::b', 'skipped: a::c']);
});

test('a harness of its own that fails is one failed test', () => {
  const output = `     Running tests/ui.rs (target/debug/deps/ui-0123)
1 mismatch
error: test failed, to rerun pass \`-p ui --test ui\`
`;
  expect(outcomes(output, true)).toEqual(['failed: ui']);
});

test('code that does not compile', () => {
  const output = `   Compiling core v0.1.0 (crates/core)
error[E0308]: mismatched types
 --> crates/core/src/lib.rs:2:5
  |
2 |     a
  |     ^ expected \`i32\`, found \`String\`

error: could not compile \`core\` (lib) due to 1 previous error
`;
  expect(read(output).failures).toMatchObject([
    { name: 'compiling', file: 'crates/core/src/lib.rs', line: 2 },
  ]);
});

test('a package that is not there says nothing of the work', () => {
  const output = 'error: no matching package named `serde` found\nlocation searched: registry\n';
  expect(read(output).broken).toBe('no matching package named `serde` found');
});
