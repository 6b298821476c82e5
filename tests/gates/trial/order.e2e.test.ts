import { describe, expect, test } from 'vitest';
import { hostPrograms } from '../../helpers/sandboxes.ts';
import { packagesFor } from '../own-packages.ts';
import { outcomes, tried, type Files } from './tried.ts';

interface Sample {
  readonly program: string;
  readonly project: Files;
  readonly path: string;
  /** Three tests: of state that another leaves, of the time zone, of neither. */
  readonly text: string;
  readonly names: readonly [string, string, string, string];
}

const javascript = (module: string, expecting: string): string => `${expecting}
let made = 0;
test('makes', () => { made += 1; assert.equal(made, 1); });
test('needs', () => { assert.equal(made, 1); });
test('hour', () => { assert.equal(new Date(0).getHours(), 0, 'at ' + new Date(0).getHours()); });
test('plain', () => { assert.equal(1 + 1, 2); });
`;
const node = javascript(
  'node:test',
  `import assert from 'node:assert/strict';\nimport { test } from 'node:test';`,
);
const vitest = javascript(
  'vitest',
  `import assert from 'node:assert/strict';\nimport { test } from 'vitest';`,
);
const names = ['makes', 'needs', 'hour', 'plain'] as const;

const samples: Readonly<Record<string, Sample>> = {
  'node --test': {
    program: 'node',
    project: { 'package.json': '{ "type": "module" }' },
    path: 'test/r1.test.js',
    text: node,
    names,
  },
  'npm test: node --test': {
    program: 'node',
    project: { 'package.json': '{ "type": "module", "scripts": { "test": "node --test" } }' },
    path: 'test/r1.test.js',
    text: node,
    names,
  },
  vitest: {
    program: 'node',
    project: { 'package.json': '{ "type": "module", "devDependencies": { "vitest": "*" } }' },
    path: 'test/r1.test.js',
    text: vitest,
    names,
  },
  'npm test: vitest': {
    program: 'node',
    project: {
      'package.json':
        '{ "type": "module", "scripts": { "test": "vitest run" }, "devDependencies": { "vitest": "*" } }',
    },
    path: 'test/r1.test.js',
    text: vitest,
    names,
  },
  pytest: {
    program: 'pytest',
    project: { 'pyproject.toml': '[project]\nname = "x"\ndependencies = ["pytest"]\n' },
    path: 'tests/test_r1.py',
    text: `import time
made = []

def test_makes():
    made.append(1)

def test_needs():
    assert made == [1]

def test_hour():
    assert time.localtime(0).tm_hour == 0

def test_plain():
    assert 1 + 1 == 2
`,
    names: ['test_makes', 'test_needs', 'test_hour', 'test_plain'],
  },
  unittest: {
    program: 'python3',
    project: { 'one.py': 'one = 1\n' },
    path: 'tests/test_r1.py',
    text: `import time
import unittest
made = []


class TestR1(unittest.TestCase):
    def test_a(self):
        made.append(1)

    def test_b(self):
        self.assertEqual(made, [1])

    def test_hour(self):
        self.assertEqual(time.localtime(0).tm_hour, 0)

    def test_plain(self):
        self.assertEqual(1 + 1, 2)
`,
    names: [
      'test_r1.TestR1.test_a',
      'test_r1.TestR1.test_b',
      'test_r1.TestR1.test_hour',
      'test_r1.TestR1.test_plain',
    ],
  },
  'go test': {
    program: 'go',
    project: { 'go.mod': 'module example.com/m\n\ngo 1.19\n', 'm.go': 'package m\n' },
    path: 'r1_test.go',
    text: `package m

import (
	"testing"
	"time"
)

var made = 0

func TestMakes(t *testing.T) { made++ }

func TestNeeds(t *testing.T) {
	if made != 1 {
		t.Fatalf("made %d", made)
	}
}

func TestHour(t *testing.T) {
	if got := time.Unix(0, 0).Hour(); got != 0 {
		t.Fatalf("at %d", got)
	}
}

func TestPlain(t *testing.T) {}
`,
    names: [
      'example.com/m.TestMakes',
      'example.com/m.TestNeeds',
      'example.com/m.TestHour',
      'example.com/m.TestPlain',
    ],
  },
  'cargo test': {
    program: 'cargo',
    project: {
      'Cargo.toml': '[package]\nname = "m"\nversion = "0.1.0"\nedition = "2021"\n',
      'src/lib.rs': 'pub fn one() -> i32 { 1 }\n',
    },
    path: 'tests/r1.rs',
    text: `use std::sync::atomic::{AtomicI32, Ordering};
static MADE: AtomicI32 = AtomicI32::new(0);
#[test]
fn makes() { MADE.fetch_add(1, Ordering::SeqCst); }
#[test]
fn needs() {
    for _ in 0..200 {
        if MADE.load(Ordering::SeqCst) == 1 { return; }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("nobody made it");
}
#[test]
fn hour() { assert_ne!(std::env::var("TZ").unwrap_or_default(), "Pacific/Chatham"); }
#[test]
fn plain() { assert_eq!(1 + 1, 2); }
`,
    names: ['r1::makes', 'r1::needs', 'r1::hour', 'r1::plain'],
  },
};
const there = new Set<string>();
for (const { program } of Object.values(samples))
  if ((await hostPrograms.find(program)) !== null) there.add(program);

describe('a test that needs another before it, or an hour of the day, comes out otherwise the second time', () => {
  for (const [name, { program, project, path, text, names: own }] of Object.entries(samples))
    test.skipIf(!there.has(program))(`${name} (needs ${program})`, async () => {
      const files = await tried({ [path]: text }, project, {
        input: { twice: true },
        gate: { host: packagesFor(project) },
      });
      const [makes, needs, hour, plain] = own;
      expect(outcomes(files[path])).toEqual({
        [makes]: 'passed',
        [needs]: 'passed, differs',
        [hour]: 'passed, differs',
        [plain]: 'passed',
      });
      expect(files[path]?.problem).toBeNull();
    });
});
