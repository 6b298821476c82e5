import { randomBytes } from 'node:crypto';
import { writeFile } from '../files/disk.ts';
import { join } from 'node:path';
import { testLanguage } from './protect/protected-path.ts';
import type { ProjectView } from '../files/project-view.ts';
import type { TestOutcome, TestReport } from './runners/runner.ts';
import { blocker, tampered, type Verdict } from './verdict.ts';

type Outcome = TestOutcome['outcome'];

/** Tests of ours, put behind those of a file for one run, whose outcomes are known beforehand. */
export interface Canary {
  readonly path: string;
  /** The file with them. */
  readonly text: string;
  /** In the name of each; cannot be guessed. */
  readonly mark: string;
  /** By the number in their names, from 1. */
  readonly outcomes: readonly Outcome[];
}

const mostFiles = 12;

/**
 * Canaries for the files of tests in a report. They use the assertions that the tests use: where one of them does
 * not fail as it must, the code under test has changed how tests are run, asserted or told.
 */
export async function canariesFor(
  project: ProjectView,
  { files }: TestReport,
): Promise<readonly Canary[]> {
  const tests = [...(files ?? [])]
    .filter((path) => testLanguage(path) !== null)
    .slice(0, mostFiles);
  const found: Canary[] = [];
  for (const path of tests) {
    const text = await project.read(path);
    const kind = text === null ? null : kindOf(path, text);
    if (text === null || kind === null) continue;
    const mark = `c${randomBytes(6).toString('hex')}`;
    const { head, fails, passes, skips } = kind(mark, text);
    const lines = [...fails, passes, skips].map((line, index) => line(`${mark}_${index + 1}`));
    const outcomes: Outcome[] = [...fails.map((): Outcome => 'failed'), 'passed', 'skipped'];
    found.push({ path, text: [text, head, ...lines, ''].join('\n'), mark, outcomes });
  }
  return found;
}

/** Puts them into a copy, in place of the files that they are made of. */
export async function layCanaries(folder: string, canaries: readonly Canary[]): Promise<void> {
  for (const { path, text } of canaries) await writeFile(join(folder, path), text);
}

/** @returns the failure where a canary came out as it must not; null where none did. */
export function judgeCanaries(
  canaries: readonly Canary[],
  { tests }: TestReport,
  runner: string,
): Verdict | null {
  const wrong = canaries.filter((canary) => isWrong(canary, tests ?? []));
  if (wrong.length === 0) return null;
  const evidence = `${runner}: tests that were made to fail do not fail beside those of this file: the code under test changes how tests are run, asserted or told`;
  const fix = 'Leave the test runner and its assertions as they are.';
  return tampered(wrong.map(({ path }) => blocker('tampering', path, evidence, fix)));
}

/** A file whose canaries the runner leaves out, as it does beside `test.only`, tells nothing. */
function isWrong({ mark, outcomes }: Canary, tests: readonly TestOutcome[]): boolean {
  const told = new Map<number, Outcome[]>();
  for (const { name, outcome } of tests) {
    const number = new RegExp(`${mark}_(\\d+)`).exec(name)?.[1];
    if (number !== undefined)
      told.set(Number(number), [...(told.get(Number(number)) ?? []), outcome]);
  }
  const passing = told.get(outcomes.indexOf('passed') + 1);
  if (passing === undefined || passing.every((outcome) => outcome === 'skipped')) return false;
  return outcomes.some((wanted, index) => {
    const came = told.get(index + 1);
    return came === undefined || came.length !== 1 || came[0] !== wanted;
  });
}

type Line = (name: string) => string;

interface Kind {
  readonly head: string;
  readonly fails: readonly Line[];
  readonly passes: Line;
  readonly skips: Line;
}

/** How canaries are written for a file's runner; null where that is not known. */
function kindOf(path: string, text: string): ((mark: string, text: string) => Kind) | null {
  if (path.endsWith('.py')) return /\bunittest\b/.test(text) ? unittestKind : pytestKind;
  if (!/\.[cm]?[jt]sx?$/.test(path)) return null;
  if (/['"]node:test['"]/.test(text)) return nodeKind;
  return /\b(?:test|it)\s*\(/.test(text) && /\bexpect\s*\(/.test(text) ? expectKind : null;
}

/** A script may look at the files with a linter before it runs them. */
const unlinted = '/* eslint-disable */';

function nodeKind(mark: string, text: string): Kind {
  const [test, loose, strict] = [`${mark}t`, `${mark}a`, `${mark}s`];
  const isModule = /^\s*import\b/m.test(text);
  const head = isModule
    ? `${unlinted}
import { test as ${test} } from 'node:test';
import ${loose} from 'node:assert';
import ${strict} from 'node:assert/strict';`
    : `${unlinted}
const { test: ${test} } = require('node:test');
const ${loose} = require('node:assert');
const ${strict} = require('node:assert/strict');`;
  const line =
    (body: string): Line =>
    (name) =>
      `${test}('${name}', () => { ${body} });`;
  return {
    head,
    fails: [
      `${loose}(false)`,
      `${loose}.ok(false)`,
      `${loose}.equal(1, 2)`,
      `${loose}.strictEqual(1, 2)`,
      `${loose}.deepEqual([1], [2])`,
      `${loose}.deepStrictEqual([1], [2])`,
      `${loose}.throws(() => 1)`,
      `${strict}.equal(1, 2)`,
      `${strict}.deepEqual([1], [2])`,
      `throw new Error('canary')`,
    ].map(line),
    passes: line(`${loose}.equal(1, 1)`),
    skips: (name) => `${test}.skip('${name}', () => {});`,
  };
}

/** vitest and jest, by the names that the file itself uses. */
function expectKind(_mark: string, text: string): Kind {
  const test = /\btest\s*\(/.test(text) ? 'test' : 'it';
  const line =
    (body: string): Line =>
    (name) =>
      `${test}('${name}', () => { ${body}; });`;
  return {
    head: unlinted,
    fails: [
      'expect(1).toBe(2)',
      'expect([1]).toEqual([2])',
      'expect(0).toBeTruthy()',
      'expect(() => 1).toThrow()',
      `throw new Error('canary')`,
    ].map(line),
    passes: line('expect(1).toBe(1)'),
    skips: (name) => `${test}.skip('${name}', () => {});`,
  };
}

function unittestKind(mark: string): Kind {
  const line =
    (body: string): Line =>
    (name) =>
      `    def test_${name}(self):\n        ${body}`;
  return {
    head: `\nimport unittest as ${mark}u\n\n\nclass Test${mark}(${mark}u.TestCase):`,
    fails: [
      'self.assertEqual(1, 2)',
      'self.assertTrue(False)',
      'self.assertIn(1, [])',
      'self.assertIs(1, None)',
      'self.fail("canary")',
      'assert 1 == 2',
      'raise ValueError("canary")',
    ].map(line),
    passes: line('self.assertEqual(1, 1)'),
    skips: (name) => `    @${mark}u.skip("canary")\n${line('pass')(name)}`,
  };
}

function pytestKind(mark: string): Kind {
  const line =
    (body: string): Line =>
    (name) =>
      `\n\ndef test_${name}():\n    ${body}`;
  return {
    head: `\nimport pytest as ${mark}p`,
    fails: [
      'assert 1 == 2',
      'assert not [1]',
      'raise ValueError("canary")',
      `${mark}p.fail("canary")`,
    ].map(line),
    passes: line('assert 1 == 1'),
    skips: (name) => `\n\n@${mark}p.mark.skip\ndef test_${name}():\n    pass`,
  };
}
