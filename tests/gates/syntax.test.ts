import { describe, expect, test } from 'vitest';
import { InterruptedError } from '../../src/domain/errors.ts';
import type { Verdict } from '../../src/gates/verdict.ts';
import { syntaxGate } from '../../src/gates/syntax.ts';
import { gateInput, running } from './inputs.ts';
import { modernSnippets } from './modern-snippets.ts';

function check(
  files: Readonly<Record<string, string | null>>,
  base: Readonly<Record<string, string>> = {},
): Promise<Verdict> {
  return syntaxGate().check(gateInput(files, base), running);
}

describe('valid modern code passes', () => {
  test.each(modernSnippets)('%s', async (path, text) => {
    const result = await check({ [path]: text });
    expect(result.findings.filter(({ severity }) => severity !== 'minor')).toEqual([]);
    expect(result.status).toBe('passed');
  });
});

describe('what does not parse fails, with file, line and the line itself', () => {
  test.each([
    ['a.js', 'const a = 1;\nconst b = ;\n', 2, 'const b = ;'],
    ['a.mjs', 'export const a = 1;\nfunction f( {\n', 2, 'function f( {'],
    ['a.cjs', 'const a = 1;\nmodule.exports = {;\n', 2, 'module.exports = {;'],
    ['a.jsx', 'const a = (\n  <div>\n);\n', 1, 'const a = ('],
    ['a.ts', 'const a: number = 1;\nfunction f() {\n  return 1;\n', 2, 'function f() {'],
    ['a.ts', 'interface A {\n  b: ;\n}\n', 2, 'b: ;'],
    ['a.tsx', 'const a = <div>{b</div>;\n', 1, 'const a'],
    ['a.py', 'x = 1\ndef f(:\n    pass\n', 2, 'def f(:'],
    ['a.go', 'package main\n\nfunc main() {\n\tx :=\n}\n', 4, 'x :='],
    ['a.rs', 'fn main() {\n    let x = ;\n}\n', 2, 'let x = ;'],
    ['a.java', 'class A {\n  void f() { int x = ; }\n}\n', 2, 'int x = ;'],
    ['a.rb', 'def f(a\n  1\nend\n', 1, 'def f(a'],
    ['a.php', '<?php\n$a = ;\n', 2, '$a = ;'],
    ['a.css', 'a {\n  color: red;\n', 1, 'a {'],
    ['a.c', 'int main(void) {\n  return 0;\n', 1, 'int main'],
    ['a.swift', 'func f() {\n  let x = 1\n', 1, 'func f() {'],
    ['a.json', '{\n  "a": 1\n  "b": 2\n}\n', 3, '"b": 2'],
    ['a.json', '{\n  "a": 1,\n}\n', 3, '}'],
    ['a.json', '', 1, ''],
    ['tsconfig.json', '{\n  // why\n  "a": \n}\n', 4, '}'],
    ['a.yaml', 'a: 1\nb: [1\nc: 2\n', 3, 'c: 2'],
    ['a.yml', 'a: 1\na: 2\n', 2, 'a: 2'],
    ['a.toml', 'a = 1\nb = \n', 2, 'b ='],
  ])('%s: %j', async (path, text, line, shown) => {
    const result = await check({ [path]: text });
    expect(result).toMatchObject({ status: 'failed' });
    const [finding] = result.findings;
    expect(finding).toMatchObject({
      category: 'syntax',
      severity: 'blocker',
      location: `${path}:${line}`,
    });
    expect(finding?.evidence).toContain(shown);
    expect(result.summary).toContain(`${path}:${line}`);
  });
});

describe('what cannot be judged', () => {
  test('no grammar: skipped, never passed', async () => {
    expect(
      await check({ 'a.xyz': '(((', Makefile: '\t)', 'a.sh': 'cat <<EOF\n(\nEOF\n' }),
    ).toMatchObject({
      status: 'skipped',
      findings: [],
      summary: '3 files without a parser',
    });
  });

  test('some judged, some not: passed, and says so', async () => {
    expect(await check({ 'a.json': '{}', 'a.xyz': '(' })).toMatchObject({
      status: 'passed',
      summary: '1 file read; 1 file without a parser',
    });
  });

  test('nothing changed, only deletions, binary content', async () => {
    expect(await check({})).toMatchObject({ status: 'skipped', summary: 'no file to check' });
    expect(await check({ 'a.js': null })).toMatchObject({ status: 'skipped' });
    expect(await check({ 'a.js': 'a\0(' })).toMatchObject({ status: 'skipped' });
  });

  test('a file that is too large is errored, not passed', async () => {
    const gate = syntaxGate({ maxCharacters: 10 });
    expect(await gate.check(gateInput({ 'a.js': 'const a = 12;' }), running)).toMatchObject({
      status: 'errored',
      summary: expect.stringContaining('a.js is larger than 10 characters') as string,
    });
    expect(
      await gate.check(gateInput({ 'a.js': 'const a = 12;', 'b.js': '(' }), running),
    ).toMatchObject({ status: 'failed' });
  });

  test('a file that takes too long is errored, and the parser can be used again', async () => {
    const slow = syntaxGate({ limitMs: 0 });
    const text = 'const a = [1, 2, 3];\n'.repeat(20_000);
    expect(await slow.check(gateInput({ 'a.ts': text }), running)).toMatchObject({
      status: 'errored',
      summary: expect.stringContaining('more than 0 ms') as string,
    });
    expect(await check({ 'a.ts': 'const a = 1;' })).toMatchObject({ status: 'passed' });
    expect(await check({ 'a.ts': 'const a = ;' })).toMatchObject({ status: 'failed' });
  });

  test('an interrupt ends it', async () => {
    await expect(
      syntaxGate().check(gateInput({ 'a.js': '' }), AbortSignal.abort()),
    ).rejects.toThrow(InterruptedError);
  });
});

describe('doubts do not block', () => {
  test('what the parser refused before the task is not its doing', async () => {
    const odd = 'fn main() {\n    odd odd odd;\n}\n';
    const result = await check({ 'a.rs': `${odd}fn f() {}\n` }, { 'a.rs': odd });
    expect(result).toMatchObject({ status: 'passed' });
    expect(result.findings).toMatchObject([
      { severity: 'minor', evidence: expect.stringContaining('before this task') as string },
    ]);
  });

  test('a weak grammar’s complaint on balanced code is minor', async () => {
    const result = await check({
      'a.c': 'BEGIN_DECLS(x) OTHER int f(void) { FOREACH (a, b) { } }\n',
    });
    expect(result.status).toBe('passed');
    expect(result.findings[0]).toMatchObject({ severity: 'minor' });
  });
});

test('hostile text cannot drive a terminal through a finding', async () => {
  const result = await check({ 'a.js': 'const \u001b[2J = ;\n' });
  expect(result.status).toBe('failed');
  expect(JSON.stringify(result)).not.toContain('\\u001b');
});

test('deeply nested text ends', async () => {
  const deep = '['.repeat(50_000);
  const result = await check({ 'a.json': deep, 'a.js': deep, 'a.yaml': deep.slice(0, 2000) });
  expect(['failed', 'errored']).toContain(result.status);
});

// Each would take hours were a pattern to look at the same part again and again.
test.each([
  ['a.ts', `)${' '.repeat(400_000)}global`],
  ['a.ts', `)${'import('.repeat(60_000)}`],
  ['a.ts', `)*${' '.repeat(400_000)}`],
  ['a.ts', `)${'* as a '.repeat(60_000)}`],
  ['a.ts', `)static [${'a'.repeat(400_000)}`],
  ['a.ts', `)${'('.repeat(60_000)}${' '.repeat(400_000)}`],
  ['a.ts', `a ${'…'.repeat(400_000)}`],
  ['a.ts', `'${'…'.repeat(400_000)}'`],
  ['a.py', `)${'def f['.repeat(60_000)}`],
  ['a.py', `)def f[${' '.repeat(400_000)}`],
  ['a.java', `)${'\n'.repeat(400_000)}`],
  ['a.css', `)${'/*'.repeat(200_000)}`],
  ['a.c', `)"${'\\"'.repeat(200_000)}`],
  ['a.c', `)${'\n'.repeat(400_000)}`],
])('hostile text of %s ends', async (path, text) => {
  const result = await check({ [path]: text });
  expect(result.status).not.toBe('skipped');
});
