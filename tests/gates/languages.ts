/** One small function in each language, with its test: what the runners are tried on. */
export interface Sample {
  readonly runner: string;
  /** The program that must be on the machine. */
  readonly program: string;
  readonly right: Readonly<Record<string, string>>;
  readonly wrong: Readonly<Record<string, string>>;
  readonly tests: Readonly<Record<string, string>>;
  /** Of the failure that the wrong one gives. */
  readonly failure: { readonly location: string; readonly words: RegExp };
}

const javascript = (operator: string): Record<string, string> => ({
  'src/add.js': `export const add = (a, b) => a ${operator} b;\n`,
});
const python = (path: string, operator: string): Record<string, string> => ({
  [path]: `def add(a, b):\n    return a ${operator} b\n`,
});
const typescript = (operator: string): Record<string, string> => ({
  'src/add.ts': `export const add = (a: number, b: number): number => a ${operator} b;\n`,
});
const rust = (operator: string): Record<string, string> => ({
  'src/lib.rs': `pub fn add(a: i32, b: i32) -> i32 {\n    a ${operator} b\n}\n`,
});
const go = (operator: string): Record<string, string> => ({
  'add.go': `package add\n\nfunc Add(a, b int) int { return a ${operator} b }\n`,
});

export const nodeSample: Sample = {
  runner: 'node --test',
  program: 'node',
  right: javascript('+'),
  wrong: javascript('-'),
  tests: {
    'package.json': '{ "type": "module" }\n',
    'test/add.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add } from '../src/add.js';

test('adds two numbers', () => {
  assert.equal(add(1, 2), 3);
});
`,
  },
  failure: { location: 'test/add.test.js:5', words: /adds two numbers[^]*-1 !== 3/ },
};

export const pytestSample: Sample = {
  runner: 'pytest',
  program: 'pytest',
  right: python('add.py', '+'),
  wrong: python('add.py', '-'),
  tests: {
    'tests/test_add.py': 'from add import add\n\n\ndef test_adds():\n    assert add(1, 2) == 3\n',
  },
  failure: { location: 'tests/test_add.py:5', words: /test_adds: assert -1 == 3/ },
};

export const unittestSample: Sample = {
  runner: 'unittest',
  program: 'python3',
  right: python('calc/add.py', '+'),
  wrong: python('calc/add.py', '-'),
  tests: {
    'tests/test_add.py': `import unittest

from calc.add import add


class AddTest(unittest.TestCase):
    def test_adds(self):
        self.assertEqual(add(1, 2), 3)
`,
  },
  failure: { location: 'tests/test_add.py:8', words: /test_adds: AssertionError: -1 != 3/ },
};

export const vitestSample: Sample = {
  runner: 'vitest',
  program: 'node',
  right: typescript('+'),
  wrong: typescript('-'),
  tests: {
    'tests/add.test.ts': `import { expect, test } from 'vitest';
import { add } from '../src/add.ts';

test('adds two numbers', () => {
  expect(add(1, 2)).toBe(3);
});
`,
  },
  failure: { location: 'tests/add.test.ts:5', words: /adds two numbers: .*expected -1 to be 3/ },
};

export const cargoSample: Sample = {
  runner: 'cargo test',
  program: 'cargo',
  right: rust('+'),
  wrong: rust('-'),
  tests: {
    'Cargo.toml': '[package]\nname = "add"\nversion = "0.1.0"\nedition = "2021"\n',
    'tests/add.rs': '#[test]\nfn adds() {\n    assert_eq!(add::add(1, 2), 3);\n}\n',
  },
  failure: { location: 'tests/add.rs:3', words: /adds: assertion[^]*left: -1\s+right: 3/ },
};

export const goSample: Sample = {
  runner: 'go test',
  program: 'go',
  right: go('+'),
  wrong: go('-'),
  tests: {
    'go.mod': 'module example.com/add\n\ngo 1.18\n',
    'add_test.go': `package add

import "testing"

func TestAdd(t *testing.T) {
	if got := Add(1, 2); got != 3 {
		t.Errorf("Add(1, 2) = %d, want 3", got)
	}
}
`,
  },
  failure: { location: 'add_test.go:7', words: /TestAdd: .*Add\(1, 2\) = -1, want 3/ },
};

export const samples = [
  nodeSample,
  pytestSample,
  unittestSample,
  vitestSample,
  cargoSample,
  goSample,
];
