import { describe, expect, it } from 'vitest';
import type { TriedFile, TriedTest, TrialResult } from '../../../src/gates/gate.ts';
import type { Finding } from '../../../src/domain/review.ts';
import { proofsOf } from '../../../src/supervisor/counting/proving-tests.ts';
import { finding } from '../loop.ts';

const path = 'test/f.test.js';
const withTest = (id: string, more: Partial<NonNullable<Finding['test']>> = {}): Finding =>
  finding({ id, test: { path, content: 'test', ...more } });

/** What tests show that come out so, and which were run. */
async function shown(findings: readonly Finding[], result: TrialResult) {
  const ran: string[] = [];
  const proofs = await proofsOf(findings, {
    changes: new Map([['a.js', 'a\n']]),
    base: async (asked) => (asked === 'test/old.test.js' ? 'old\n' : null),
    signal: new AbortController().signal,
    tryTests: async (tests) => {
      ran.push(...tests.keys());
      return result;
    },
  });
  return { proofs, ran };
}

function file(...tests: (Partial<TriedTest> & { text?: string })[]): TriedFile {
  return {
    path,
    problem: null,
    tests: tests.map((test) => {
      return { file: path, name: 'it', outcome: 'failed', text: '', differs: false, ...test };
    }),
  };
}

describe('the test of a finding', () => {
  it.each<[string, string]>([
    [
      'node --test',
      'AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:\n1 !== 2',
    ],
    ['vitest', 'AssertionError: expected 1 to be 2 // Object.is equality'],
    ['jest', 'Error: expect(received).toBe(expected) // Object.is equality'],
    ['pytest', 'def test_it():\n>       assert one() == 2\nE       assert 1 == 2'],
    ['unittest', 'Traceback (most recent call last):\nAssertionError: 1 != 2'],
    ['go', 'one_test.go:9: got 1, want 2'],
    ['cargo', 'assertion `left == right` failed\n  left: 1\n right: 2'],
    ['JUnit', 'org.opentest4j.AssertionFailedError: expected: <2> but was: <1>'],
    ['PHPUnit', 'Failed asserting that 1 matches expected 2.'],
    ['RSpec', 'expected: 2\n     got: 1'],
  ])('proves it where an assertion fails, in the words of %s', async (_, text) => {
    const { proofs } = await shown([withTest('F1')], { files: [file({ text })] });
    expect(proofs.get('F1')?.shows).toBe('fails');
  });

  it.each<[string, string]>([
    ['calls what is not there', 'TypeError: one.two is not a function'],
    ['speaks for another runner', 'ReferenceError: expect is not defined'],
    [
      'names what is not there',
      "def test():\n>  assert two() == 1\nE  NameError: name 'two' is not defined",
    ],
    ['reads a file that is not there', "Error: ENOENT: no such file or directory, open 'x'"],
    ['does not compile', 'undefined: Two'],
  ])('shows nothing where it %s', async (_, text) => {
    const { proofs } = await shown([withTest('F1')], { files: [file({ text })] });
    expect(proofs.get('F1')?.shows).toBe('nothing');
  });

  it.each<[string, TriedFile, 'fails' | 'passes' | 'nothing']>([
    ['passes', file({ outcome: 'passed' }), 'passes'],
    ['passes and fails', file({ outcome: 'passed' }, { text: 'AssertionError: x' }), 'fails'],
    ['passes and breaks', file({ outcome: 'passed' }, { text: 'TypeError: x' }), 'nothing'],
    ['is skipped', file({ outcome: 'skipped' }), 'nothing'],
    ['has no tests', file(), 'nothing'],
    ['fails by turns', file({ text: 'AssertionError', differs: true }), 'nothing'],
    ['passes by turns', file({ outcome: 'passed', differs: true }), 'nothing'],
    ...(['syntax', 'no_runner', 'not_loaded', 'endless', 'silent', 'writes'] as const).map(
      (kind): [string, TriedFile, 'nothing'] => [
        `is not run (${kind})`,
        { path, problem: { kind, text: 'why' }, tests: [] },
        'nothing',
      ],
    ),
  ])('that %s shows what it should', async (_, tried, shows) => {
    const { proofs } = await shown([withTest('F1')], { files: [tried] });
    expect(proofs.get('F1')?.shows).toBe(shows);
  });

  it('is run with all others at once, in its own place alone', async () => {
    const given = [
      withTest('F1'),
      withTest('F2', { path: `./${path}` }),
      withTest('F3', { content: 'another test' }),
      withTest('F4', { path: 'a.js' }),
      withTest('F5', { path: 'test/old.test.js' }),
      finding({ id: 'F6', test: null }),
    ];
    const { proofs, ran } = await shown(given, { files: [file({ outcome: 'passed' })] });
    expect(ran).toEqual([path]);
    expect([...proofs].map(([id, { shows }]) => [id, shows])).toEqual([
      ['F3', 'nothing'],
      ['F4', 'nothing'],
      ['F5', 'nothing'],
      ['F1', 'passes'],
      ['F2', 'passes'],
    ]);
  });

  it('says nothing where nothing can be run, and is not asked for where there is none', async () => {
    const unavailable = { missing: 'no sandbox', fix: 'Install one.' };
    const { proofs } = await shown([withTest('F1')], { unavailable });
    expect(proofs.get('F1')).toMatchObject({
      shows: 'nothing',
      reason: expect.stringContaining('no sandbox'),
    });
    expect((await shown([finding({ id: 'F1' })], { files: [] })).ran).toEqual([]);
  });
});
