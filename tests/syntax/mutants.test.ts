import { describe, expect, test } from 'vitest';
import { InterruptedError } from '../../src/domain/errors.ts';
import { checkerFor } from '../../src/syntax/languages.ts';
import { mutantsOf, type Mutant } from '../../src/syntax/mutants.ts';
import { readSyntax } from '../../src/syntax/read-syntax.ts';

const { signal } = new AbortController();

const javascript = `// if (a > 1) {}
import a from './1.js';
/** @returns 1 */
export function f(a, b) {
  if (a > 1 && b) return a - 1;
  while (a < 3) a += 2;
  console.log('seen ' + a, 7);
  if (!b) throw new RangeError('no 8 ' + (a + 9));
  return { 'key': true, word: 'x', long: 'what a person reads there' };
}
`;
const typescript = `import type { T } from './t.ts';
type Kind = 'a' | 'b' | 3;
interface Held { readonly n: 4 }
export const next = (n: number, kind: Kind = 'a'): number => (n === 2 ? n * 5 : n);
export function joined(a: string): string | undefined {
  'use strict';
  return \`\${a}!\` + 'end';
}
`;
const python = `"""It does 1."""
from os import path
@cached(5)
def f(a: int = 3) -> bool:
    """It is > 4."""
    if a > 1 and not path:
        return a // 2 == 0
    logger.info("is %d", a + 9)
    raise ValueError("no " + str(8))
`;
const go = `package m

import "fmt"

func Size(a int, p *int) int {
	if a > 1 && p != nil {
		fmt.Println("size", 7)
		return a + 1
	}
	return 0
}

func Named(a []string) ([]string, error) {
	return a, fmt.Errorf("no %d", 8)
}

func Known(a string) bool { return a == "x" }
`;
const rust = `use std::fmt;
/// Is 1.
pub fn f(a: i32, v: &Vec<i32>) -> Option<i32> {
    if a >= 1 || v.is_empty() {
        println!("is {}", 7);
        return None;
    }
    if let Some(x) = v.first() { return Some(*x); }
    Some(a * 2)
}
#[cfg(test)]
mod tests {
    #[test]
    fn t() { assert_eq!(super::f(1, &vec![]), None); }
}
`;
const java = `import java.util.List;
class A {
  @Size(9) private final List<String> names = List.of("x");
  int f(int a) {
    if (a >= 1) return a - 1;
    for (int i = 0; i < 3; i++) log.info("at " + 7);
    throw new IllegalStateException("no " + 8);
  }
  String g(boolean b) { return b ? "y" : null; }
}
`;

const changes: Readonly<Record<string, readonly [string, string, readonly string[]]>> = {
  JavaScript: [
    'a.js',
    javascript,
    [
      '5: (a > 1 && b) → (!(a > 1 && b))',
      '5: (a > 1 && b) → (true)',
      '5: (a > 1 && b) → (false)',
      '5: > → >=',
      '5: 1 → 2',
      '5: && → ||',
      '5: a - 1 → undefined',
      '5: - → +',
      '5: 1 → 2',
      '6: (a < 3) → (false)',
      '6: < → <=',
      '6: 3 → 4',
      '6: += → -=',
      '6: 2 → 3',
      '8: (!b) → (!(!b))',
      '8: (!b) → (true)',
      '8: (!b) → (false)',
      "9: { 'key': true, word: 'x', long: 'what a person reads there' } → undefined",
      '9: true → false',
      "9: 'x' → ''",
    ],
  ],
  TypeScript: [
    'a.ts',
    typescript,
    [
      "4: 'a' → ''",
      '4: (n === 2 ? n * 5 : n) → undefined as never',
      '4: n === 2 → !(n === 2)',
      '4: n === 2 → true',
      '4: n === 2 → false',
      '4: === → !==',
      '4: 2 → 3',
      '4: * → /',
      '4: 5 → 6',
      "7: `${a}!` + 'end' → undefined as never",
      "7: 'end' → ''",
    ],
  ],
  Python: [
    'a.py',
    python,
    [
      '4: 3 → 4',
      '6: a > 1 and not path → not (a > 1 and not path)',
      '6: a > 1 and not path → False',
      '6: a > 1 and not path → True',
      '6: > → >=',
      '6: 1 → 2',
      '6: and → or',
      '7: a // 2 == 0 → None',
      '7: // → *',
      '7: 2 → 3',
      '7: == → !=',
      '7: 0 → 1',
    ],
  ],
  Go: [
    'a.go',
    go,
    [
      '6: a > 1 && p != nil → !(a > 1 && p != nil)',
      '6: > → >=',
      '6: 1 → 2',
      '6: && → ||',
      '6: != → ==',
      '8: a + 1 → 0',
      '8: + → -',
      '8: 1 → 2',
      '10: 0 → 1',
      '17: a == "x" → false',
      '17: == → !=',
      '17: "x" → ""',
    ],
  ],
  Rust: [
    'a.rs',
    rust,
    [
      '4: a >= 1 || v.is_empty() → !(a >= 1 || v.is_empty())',
      '4: >= → >',
      '4: 1 → 2',
      '4: || → &&',
      '8: Some(*x) → None',
      '9: Some(a * 2) → None',
      '9: * → /',
      '9: 2 → 3',
    ],
  ],
  Java: [
    'a.java',
    java,
    [
      '3: "x" → ""',
      '5: (a >= 1) → (!(a >= 1))',
      '5: >= → >',
      '5: 1 → 2',
      '5: a - 1 → 0',
      '5: - → +',
      '5: 1 → 2',
      '6: 0 → 1',
      '6: < → <=',
      '6: 3 → 4',
      '6: ++ → --',
      '9: b → !(b)',
      '9: b ? "y" : null → ""',
      '9: "y" → ""',
    ],
  ],
};

test.each(Object.entries(changes))(
  'what is changed in %s, and what is nobody’s to test stays',
  async (_, [path, text, expected]) => {
    const mutants = await mutantsOf(path, text, { most: 100 }, signal);
    expect(mutants.map(({ line, from, to }) => `${line}: ${from} → ${to}`)).toEqual(expected);
  },
);

const samples: Readonly<Record<string, string>> = {
  'a.js': javascript,
  'a.ts': typescript,
  'a.tsx':
    'export const A = (p: { n: number }) => (p.n > 1 ? <b className="x">{p.n + 1}</b> : null);\n',
  'a.py': python,
  'a.go': go,
  'a.rs': rust,
  'a.java': java,
  'a.c': 'int f(int a, int *p) { if (a > 1 && *p) return 2; return a + 1; }\n',
  'a.cpp':
    'template <typename T> T f(T a) { if (a > 1) return a; std::vector<int> v; return a + 1; }\n',
  'a.cs': 'class A { int F(int a) { if (a > 1) return 2; return a * 3; } bool G() => true; }\n',
  'a.php': '<?php\nfunction f($a) { if ($a > 1 && true) { return "x"; } return $a . "y"; }\n',
  'a.rb': "require 'x'\ndef f(a)\n  return 2 unless a == 1\n  a + 1\nend\n",
  'a.swift': 'func f(a: Int) -> Int { if a > 1 { return 0 }\n return a + 1 }\n',
  'a.dart': 'int f(int a) { if (a > 1 && true) { return 0; } return a + 1; }\n',
  'a.sol':
    'contract A { function f(uint a) public returns (uint) { if (a > 1) { return 0; } return a + 1; } }\n',
};

describe.each(Object.entries(samples))('mutants of %s', (path, text) => {
  const all = (over: Partial<Parameters<typeof mutantsOf>[2]> = {}): Promise<Mutant[]> =>
    mutantsOf(path, text, { most: 100, ...over }, signal);

  test('there are some, each differs from the text in its place alone, and parses', async () => {
    const checker = checkerFor(path);
    const grammar = checker?.kind === 'code' ? checker.grammars[0] : undefined;
    if (grammar === undefined) throw new Error(`no grammar reads ${path}`);
    const mutants = await all();
    expect(mutants.length).toBeGreaterThan(2);
    for (const mutant of mutants) {
      const lines = text.split('\n');
      expect(mutant.text).not.toBe(text);
      expect(mutant.text.split('\n').filter((line, at) => line !== lines[at])).toHaveLength(1);
      expect(mutant.text.split('\n')[mutant.line - 1]).not.toBe(lines[mutant.line - 1]);
      const job = { kind: 'errors', grammar, text: mutant.text, limitMs: 10_000 } as const;
      expect(await readSyntax(job), mutant.text).toEqual([]);
    }
  });

  test('a few are the same each time, and those of lines are of these', async () => {
    const few = await all({ most: 3 });
    expect(few).toHaveLength(3);
    expect(await all({ most: 3 })).toEqual(few);
    const last = few.at(-1)?.line ?? 0;
    const ofLine = await all({ only: new Set([last]) });
    expect(ofLine.length).toBeGreaterThan(0);
    expect(new Set(ofLine.map(({ line }) => line))).toEqual(new Set([last]));
  });
});

describe('what no mutants are made of', () => {
  test.each([
    ['a.json', '{ "a": 1 }'],
    ['a.css', 'a { width: 1px; }'],
    ['README.md', 'if (a > 1) {}'],
    ['a.js', ''],
    ['a.js', `// ${'x'.repeat(600_000)}\nconst a = 1;`],
    ['a.ts', "import a from './1.ts';\nexport type A = 1 | 2;\nthrow new Error('no');\n"],
  ])('%s', async (path, text) => {
    expect(await mutantsOf(path, text, { most: 9 }, signal)).toEqual([]);
  });

  test('a text that keeps its parser busy for longer than it may', async () => {
    const endless = '%w('.repeat(8_000);
    expect(await mutantsOf('a.rs', endless, { most: 9 }, signal)).toEqual([]);
  }, 60_000);

  test('a place that cannot be read, beside others that can', async () => {
    const text = 'let f = ;\nfunction g(a) {\n  return a > 2;\n}\n';
    const mutants = await mutantsOf('a.js', text, { most: 9 }, signal);
    expect(mutants.map(({ line }) => line)).toContain(3);
  });
});

test('a long text is read in a thread, and whoever is interrupted is told', async () => {
  const long = `${javascript}${'\n'.repeat(4_000)}const last = 1;\n`;
  expect((await mutantsOf('a.js', long, { most: 100 }, signal)).at(-1)?.line).toBe(4_011);
  const ended = new AbortController();
  ended.abort();
  const asked = mutantsOf('a.js', long, { most: 1 }, ended.signal);
  await expect(asked).rejects.toThrow(InterruptedError);
});

test('a few of many lie over the whole file, and are of all kinds', async () => {
  const lines = Array.from({ length: 90 }, (_, n) => `export const f${n} = (a) => a + ${n};`);
  const few = await mutantsOf('a.js', lines.join('\n'), { most: 9 }, signal);
  expect(few.map(({ kind }) => kind).sort()).toEqual(
    ['branch', 'constant', 'operator'].flatMap((kind) => [kind, kind, kind]),
  );
  const thirds = few.map(({ line }) => Math.floor((line - 1) / 30));
  expect(new Set(thirds)).toEqual(new Set([0, 1, 2]));
});
