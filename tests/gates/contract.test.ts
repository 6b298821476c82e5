import { describe, expect, test } from 'vitest';
import { taskSchema } from '../../src/domain/task.ts';
import { contractGate } from '../../src/gates/contract.ts';
import { gateInput, running } from './inputs.ts';

const check = (
  acceptance: string[],
  files: Record<string, string>,
  base: Record<string, string> = {},
) => {
  const task = taskSchema.parse({ id: 'T1', title: 'x', type: 'code', acceptance });
  return contractGate().check(gateInput(files, base, {}, { task }), running);
};

describe('a declared name that is there', () => {
  test.each([
    [
      '`export function parse(text: string, base?: number): number` exists',
      'a.ts',
      'export const parse = (text: string, base = 10): number => base;',
    ],
    [
      '`export function parse(text)`',
      'a.js',
      'function parse(text) {}\nmodule.exports = { parse };',
    ],
    [
      '`export async function* walk(start)`',
      'a.mjs',
      'async function* walk(start) {}\nexport { walk };',
    ],
    ['`export default function main()`', 'a.js', 'export default function main() {}'],
    [
      '`export interface Shape`; `export type Id = string`',
      'a.ts',
      'export interface Shape {}\nexport type Id = string;',
    ],
    ['`export const limit: number`', 'a.ts', 'export const limit = 3;'],
    [
      '`function each(run: (a: number, b: Map<string, number>) => void, ...rest: string[])`',
      'a.ts',
      'function each(run: () => void, ...rest: string[]) {}',
    ],
    [
      '`def parse(text: str, *, strict: bool = False) -> int`',
      'a.py',
      'def parse(text, strict=True):\n    return 1\n',
    ],
    [
      '`class Reader` with `def read(self, size)`',
      'a.py',
      'class Reader:\n    def read(self, size):\n        pass\n',
    ],
    [
      '`pub fn parse(text: &str) -> Result<u8, Error>`, `pub struct Shape`',
      'a.rs',
      'pub struct Shape;\npub fn parse(text: &str) -> Result<u8, Error> { Ok(1) }',
    ],
    [
      '`func Parse(text string, a, b int) error`; `type Shape struct`',
      'a.go',
      'package a\ntype Shape struct{}\nfunc Parse(text string, a, b int) error { return nil }',
    ],
    ['`class Shape`', 'A.java', 'class Shape {}'],
  ])('%s', async (acceptance, path, text) => {
    expect(await check([acceptance], { [path]: text })).toMatchObject({
      status: 'passed',
      findings: [],
    });
  });

  test('may stand in the project before the work', async () => {
    const base = { 'lib/b.js': 'export function parse(text) {}' };
    const given = ['calls `function parse(text)`'];
    expect((await check(given, { 'a.js': 'export {};' }, base)).status).toBe('passed');
  });
});

describe('what fails', () => {
  test.each([
    [
      'a name that nothing defines',
      '`export function parse(text)`',
      'export const read = 1; parse(2);',
      /nothing defines parse/,
      null,
    ],
    [
      'one that is not exported',
      '`export function parse(text)`',
      '\nfunction parse(text) {}',
      /parse is not exported/,
      'a.ts:2',
    ],
    [
      'one that takes too few',
      '`function parse(text, base)`',
      'function parse(text) {}',
      /takes 1 argument$/,
      'a.ts:1',
    ],
    [
      'one that needs too many',
      '`function parse(text)`',
      'function parse(text, base, end) {}',
      /takes 3 arguments$/,
      'a.ts:1',
    ],
    [
      'a function in the place of a type',
      '`interface Shape`',
      'function Shape() {}',
      /is no type/,
      'a.ts:1',
    ],
  ])('%s', async (_, acceptance, text, evidence, location) => {
    const result = await check([acceptance], { 'a.ts': text });
    expect(result.status).toBe('failed');
    expect(result.findings).toMatchObject([
      { category: 'contract', severity: 'blocker', location },
    ]);
    expect(result.findings[0]?.evidence).toMatch(evidence);
  });

  test('a name that the work takes away', async () => {
    const base = { 'a.ts': 'export function parse(text: string) {}' };
    const result = await check(['`function parse(text)`'], { 'a.ts': 'export {};' }, base);
    expect(result.status).toBe('failed');
  });
});

describe('what declares nothing', () => {
  test.each([
    'plain words on a function parse(text)',
    '`parse("1h")` gives 3600, and `parse` is exported',
    'the old `function parse(text)` is not there',
    'removes `class Shape`',
    '`const seconds = parse("1h")` is 3600',
  ])('%s', async (acceptance) => {
    expect((await check([acceptance], { 'a.ts': 'export {};' })).status).toBe('skipped');
  });

  test('files of no known language', async () => {
    expect((await check(['`class Shape`'], { 'a.md': 'x' })).status).toBe('skipped');
  });
});
