import type { Kind, KindOf, Line } from './canary-kind.ts';
import { goKind, javaKind, rustKind } from './compiled-canaries.ts';

/** How canaries are written for a file's runner; null where that is not known. */
export function kindOf(path: string, text: string): KindOf | null {
  const compiled = compiledKinds.find(([ending]) => path.endsWith(ending));
  if (compiled !== undefined) return compiled[1](path);
  if (path.endsWith('.py')) return /\bunittest\b/.test(text) ? unittestKind : pytestKind;
  if (!/\.[cm]?[jt]sx?$/.test(path)) return null;
  if (/['"]node:test['"]/.test(text)) return nodeKind;
  if (!/\b(?:test|it)\s*\(/.test(text) || !/(?<![\w$.])expect\s*\(/.test(text)) return null;
  if (chainOfWords.test(text)) return chaiKind;
  return matcher.test(text) ? expectKind : null;
}

/** As chai has it, and what is made after it: `expect(x).to.equal(y)`. */
const chainOfWords = /\)\s*\.(?:not\.)?to\./;
/** As vitest and jest have it. Others call by this name what has neither. */
const matcher =
  /\)\s*\.(?:(?:not|resolves|rejects)\s*\.)*to(?:Be|Contain|Equal|Have|Match|Satisfy|StrictEqual|Throw)|\bexpect\.\w+\s*\(/;

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

/** vitest and jest. */
const expectKind: KindOf = (_mark, text) =>
  expecting(text, 'expect(1).toBe(1)', [
    'expect(1).toBe(2)',
    'expect([1]).toEqual([2])',
    'expect(0).toBeTruthy()',
    'expect(() => 1).toThrow()',
  ]);

/** What chai and its like have in common. */
const chaiKind: KindOf = (_mark, text) =>
  expecting(text, 'expect(1).to.equal(1)', [
    'expect(1).to.equal(2)',
    'expect([1]).to.eql([2])',
    `expect('a').to.contain('b')`,
    'expect(1).not.to.equal(1)',
  ]);

/** By the names that the file itself uses. */
function expecting(text: string, passes: string, fails: readonly string[]): Kind {
  const test = /\btest\s*\(/.test(text) ? 'test' : 'it';
  const line =
    (body: string): Line =>
    (name) =>
      `${test}('${name}', () => { ${body}; });`;
  return {
    head: unlinted,
    fails: [...fails, `throw new Error('canary')`].map(line),
    passes: line(passes),
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

const compiledKinds: readonly (readonly [string, (path: string) => KindOf])[] = [
  ['_test.go', () => goKind],
  ['.rs', () => rustKind],
  ['.java', javaKind],
];
