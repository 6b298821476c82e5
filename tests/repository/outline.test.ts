import { expect, test } from 'vitest';
import { estimateTokens } from '../../src/domain/text.ts';
import { outlineOf } from '../../src/repository/outline.ts';
import { readText } from './read-text.ts';

const text = `function hidden() {}
export class Store {
  private own() {}
  read(size: number): string { return ''; }
}
export function open(path: string): Store { return new Store(); }
`;

test('members stand below their owner, with the numbers of their lines', async () => {
  expect(outlineOf(await readText('a.ts', text))).toBe(
    [
      '1: function hidden()',
      '2: class Store',
      '  3: private own()',
      '  4: read(size: number): string',
      '6: function open(path: string): Store',
    ].join('\n'),
  );
});

test('what other files see goes first where not all fits', async () => {
  const entry = await readText('a.ts', text);
  const whole = estimateTokens(outlineOf(entry));
  expect(outlineOf(entry, whole)).not.toContain('more');
  const cut = outlineOf(entry, 30);
  expect(cut).toBe(
    [
      '2: class Store',
      '  4: read(size: number): string',
      '6: function open(path: string): Store',
      '… 2 more',
    ].join('\n'),
  );
});

test.each([1, 5, 10, 15, 20, 25, 30, 40])('an outline of %d tokens has no more', async (tokens) => {
  const outline = outlineOf(await readText('a.ts', text), tokens);
  expect(estimateTokens(outline)).toBeLessThanOrEqual(tokens);
});

test('members that stand elsewhere are below their owner', async () => {
  const go =
    'package a\ntype Store struct{}\nfunc Open() {}\nfunc (s *Store) Close() {}\nfunc (l List) Each() {}\n';
  expect(outlineOf(await readText('a.go', go))).toBe(
    [
      '2: type Store struct',
      '  4: func (s *Store) Close()',
      '3: func Open()',
      'List',
      '  5: func (l List) Each()',
    ].join('\n'),
  );
});

test('a class in a module in a module is indented twice', async () => {
  const ruby = 'module A\n  module B\n    class C\n      def d\n      end\n    end\n  end\nend\n';
  expect(outlineOf(await readText('a.rb', ruby))).toBe(
    ['1: module A', '  2: module B', '    3: class C', '      4: def d'].join('\n'),
  );
});

test('a member with the name of its owner and a file without symbols', async () => {
  const cpp = 'class Store {\n public:\n  Store();\n};\n';
  expect(outlineOf(await readText('a.cpp', cpp))).toBe('1: class Store\n  3: Store()');
  expect(outlineOf(await readText('a.md', '# Title'))).toBe('');
});
