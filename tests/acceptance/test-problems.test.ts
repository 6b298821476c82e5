import { describe, expect, it } from 'vitest';
import { baseProblem, failureWords, placeProblem } from '../../src/acceptance/test-problems.ts';
import type { TriedFile, TriedTest } from '../../src/gates/gate.ts';

const path = 'test/r2-1.test.js';
const content = "test('R2.1 refuses -1h', () => {});";
const test = { criterion: 'R2.1', path, content };

function tried(tests: Partial<TriedTest>[], problem: TriedFile['problem'] = null): TriedFile {
  const plain = { file: path, name: 'R2.1 refuses', outcome: 'failed', text: '', differs: false };
  return { path, problem, tests: tests.map((one) => ({ ...plain, ...one }) as TriedTest) };
}

describe('placeProblem', () => {
  it('finds nothing in a file that is new and named after its criterion', () => {
    expect(placeProblem(test, false)).toBeNull();
    expect(placeProblem({ ...test, path: 'tests/test_r2_1.py' }, false)).toBeNull();
  });

  it.each([
    "test('R2.1 it.skip is told', () => {});",
    "test.skipIf(isWindows)('R2.1', () => {});",
    '# R2.1\n@pytest.mark.skipif(windows)\ndef test_r2_1(): ...',
    "test('R2.1', () => {\n  assert.throws(() => process.exit(1));\n});",
  ])('leaves alone what may be run: %s', (text) => {
    expect(placeProblem({ ...test, content: text }, false)).toBeNull();
  });

  it.each([
    [{ ...test, path: '../r2-1.test.js' }, false, 'has a segment'],
    [{ ...test, path: 'test/parse.test.js' }, false, 'does not hold R2.1, as r2-1'],
    [{ ...test, path: 'tests/test_parse.py' }, false, 'does not hold R2.1, as test_r2_1'],
    [{ ...test, path: 'test/r2-10.test.js' }, false, 'does not hold R2.1'],
    [test, true, 'is there already'],
    [{ ...test, content: "test('refuses', () => {});" }, false, 'begins with R2.1'],
    [{ ...test, content: "test.skip('R2.1', () => {});" }, false, 'leaves a test out'],
    [{ ...test, content: "suite('a', () => {\n  it.todo('R2.1');\n});" }, false, '(it.todo()'],
    [{ ...test, content: "process.exit(0);\ntest('R2.1', () => {});" }, false, 'ends the run'],
    [{ ...test, content: '# R2.1\n@pytest.mark.skip\ndef test_r2_1(): ...' }, false, 'leaves'],
    [{ ...test, content: '#[test]\n#[ignore = "slow"]\nfn r2_1() {}' }, false, 'leaves a test'],
  ])('refuses %j', (written, isThere, words) => {
    expect(placeProblem(written, isThere)).toContain(words);
  });
});

describe('baseProblem', () => {
  const task = { files: ['src/duration.js'] };

  it('takes a test that fails, whatever else of it passes', () => {
    expect(baseProblem(tried([{ outcome: 'passed' }, {}]), task, [])).toBeNull();
  });

  it.each([
    ['ERR_MODULE_NOT_FOUND: Cannot find module /copy/src/duration.js', []],
    ["does not provide an export named 'parseDuration'", ['src/time.js exports parseDuration(t)']],
    [
      "ImportError: cannot import name 'parse_duration' from 'time_tools'",
      ['parse_duration(text)'],
    ],
    ['./r2_1_test.go:8:9: undefined: ParseDuration', ['ParseDuration(text string)']],
    ['error[E0432]: unresolved import `crate::duration`', []],
    ['error: cannot find symbol\n  symbol: class Duration', ['class Duration']],
    ["No module named 'acme.adding'", ['src/acme/adding.py: add(a, b)']],
    ["cannot import name 'add' from 'acme.sums'", ['acme.sums.add(a, b) -> int']],
    ["Cannot find module '/copy/app/[slug]/page.tsx'", ['app/[slug]/page.tsx exports Page']],
    ['error[E0425]: cannot find function `add` in crate `m`', ['m::add(a: i32) -> i32']],
  ])('takes one that cannot be loaded for want of what is to be written: %s', (text, uses) => {
    const file = tried([], { kind: 'not_loaded', text });
    expect(baseProblem(file, task, uses)).toBeNull();
  });

  it.each([
    [tried([], { kind: 'not_loaded', text: "Cannot find module 'left-pad'" }), 'cannot be loaded'],
    [tried([], { kind: 'not_loaded', text: 'duration.js: out of memory' }), 'cannot be loaded'],
    [tried([], { kind: 'not_loaded', text: 'Cannot find module /copy/src/times.js' }), 'loaded'],
    [tried([], { kind: 'not_loaded', text: 'Cannot find module ./durations' }), 'loaded'],
    [tried([], { kind: 'not_loaded', text: "'a.js' is not exported: export missing" }), 'loaded'],
    [tried([], { kind: 'syntax', text: 'line 3' }), 'cannot be parsed: line 3'],
    [tried([], { kind: 'no_runner', text: 'vitest takes **/*.test.ts' }), 'no runner'],
    [tried([], { kind: 'endless', text: '' }), 'does not end'],
    [tried([], { kind: 'silent', text: '' }), 'none of its tests was reported'],
    [tried([], { kind: 'writes', text: 'out.txt' }), 'changes files of the project: out.txt'],
    [tried([{ outcome: 'passed' }]), 'passes already'],
    [tried([{ outcome: 'skipped' }]), 'skipped'],
    [tried([]), 'skipped'],
    [
      tried([{ differs: true, name: 'R2.1 now' }]),
      'from run to run, by order, time or chance: R2.1 now',
    ],
    [tried([{ text: 'getaddrinfo ENOTFOUND api.example.com' }]), 'needs a network'],
  ])('refuses %j', (file, words) => {
    expect(baseProblem(file, task, ['src/duration.js exports parse(text)'])).toContain(words);
  });
});

describe('failureWords', () => {
  it('is the first line of the first failure', () => {
    expect(failureWords(tried([{ outcome: 'passed' }, { text: '\n a\nb' }]))).toBe('a');
    expect(failureWords(tried([], { kind: 'not_loaded', text: 'no module' }))).toBe('no module');
  });
});
