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

const php = (operator: string): Record<string, string> => ({
  'src/add.php': `<?php\nfunction add($a, $b) { return $a ${operator} $b; }\n`,
});
const ruby = (operator: string): Record<string, string> => ({
  'lib/add.rb': `def add(a, b)\n  a ${operator} b\nend\n`,
});

export const phpunitSample: Sample = {
  runner: 'PHPUnit',
  program: 'phpunit',
  right: php('+'),
  wrong: php('-'),
  tests: {
    'phpunit.xml': `<?xml version="1.0"?>
<phpunit bootstrap="src/add.php">
  <testsuites><testsuite name="all"><directory>tests</directory></testsuite></testsuites>
</phpunit>
`,
    'tests/AddTest.php': `<?php
use PHPUnit\\Framework\\TestCase;

final class AddTest extends TestCase
{
    public function testAdds(): void
    {
        $this->assertSame(3, add(1, 2));
    }
}
`,
  },
  failure: {
    location: 'tests/AddTest.php:8',
    words: /AddTest::testAdds: [^]*-1 is identical to 3/,
  },
};

export const rspecSample: Sample = {
  runner: 'RSpec',
  program: 'rspec',
  right: ruby('+'),
  wrong: ruby('-'),
  tests: {
    'spec/add_spec.rb': `require_relative '../lib/add'

RSpec.describe 'add' do
  it 'adds' do
    expect(add(1, 2)).to eq(3)
  end
end
`,
  },
  failure: { location: 'spec/add_spec.rb:5', words: /add adds: expected: 3\s+got: -1/ },
};

const bunTest = `import { expect, test } from 'bun:test';
import { add } from '../src/add.ts';

test('adds two numbers', () => {
  expect(add(1, 2)).toBe(3);
});
`;

export const bunSample: Sample = {
  runner: 'bun test',
  program: 'bun',
  right: typescript('+'),
  wrong: typescript('-'),
  tests: { 'bun.lock': '', 'tests/add.test.ts': bunTest },
  failure: { location: 'tests/add.test.ts:5', words: /adds two numbers: [^]*Received: -1/ },
};

export const bunScriptSample: Sample = {
  runner: 'npm test',
  program: 'bun',
  right: typescript('+'),
  wrong: typescript('-'),
  tests: {
    'package.json': '{ "scripts": { "test": "bun test" } }',
    'tests/add.test.ts': bunTest,
  },
  failure: bunSample.failure,
};

export const denoSample: Sample = {
  runner: 'deno test',
  program: 'deno',
  right: typescript('+'),
  wrong: typescript('-'),
  tests: {
    'deno.json': '{}\n',
    'tests/add_test.ts': `import { add } from '../src/add.ts';

Deno.test('adds two numbers', () => {
  if (add(1, 2) !== 3) throw new Error('wrong');
});
`,
  },
  failure: { location: 'tests/add_test.ts:4', words: /adds two numbers: [^]*wrong/ },
};

const java = (operator: string): Record<string, string> => ({
  'src/main/java/a/Add.java': `package a;

public class Add {
  public static int add(int a, int b) { return a ${operator} b; }
}
`,
});
const plugin = (name: string, version: string): string =>
  `<plugin><artifactId>maven-${name}-plugin</artifactId><version>${version}</version></plugin>`;

/** With versions that CI's machine may have in its repository. */
export const mavenSample: Sample = {
  runner: 'mvn test',
  program: 'mvn',
  right: java('+'),
  wrong: java('-'),
  tests: {
    'pom.xml': `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>a</groupId><artifactId>add</artifactId><version>1</version>
  <properties>
    <maven.compiler.source>17</maven.compiler.source>
    <maven.compiler.target>17</maven.compiler.target>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencies><dependency>
    <groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId>
    <version>5.11.4</version><scope>test</scope>
  </dependency></dependencies>
  <build><plugins>
    ${plugin('surefire', '3.2.5')}
    ${plugin('resources', '3.3.1')}
    ${plugin('compiler', '3.13.0')}
  </plugins></build>
</project>
`,
    'src/test/java/a/AddTest.java': `package a;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AddTest {
  @Test
  void adds() {
    assertEquals(3, Add.add(1, 2));
  }
}
`,
  },
  failure: {
    location: 'src/test/java/a/AddTest.java:10',
    words: /a\.AddTest\.adds: [^]*expected: <3> but was: <-1>/,
  },
};

/** What Debian installs of JUnit 4; no server is asked. */
export const debianJunit = '/usr/share/java/junit4.jar';

export const gradleSample: Sample = {
  runner: 'gradle test',
  program: 'gradle',
  right: java('+'),
  wrong: java('-'),
  tests: {
    'settings.gradle': "rootProject.name = 'add'\n",
    'build.gradle': `apply plugin: 'java'

dependencies {
  testImplementation files('${debianJunit}', '/usr/share/java/hamcrest-core.jar')
}
`,
    'src/test/java/a/AddTest.java': `package a;

import static org.junit.Assert.assertEquals;

import org.junit.Test;

public class AddTest {
  @Test
  public void adds() {
    assertEquals(3, Add.add(1, 2));
  }
}
`,
  },
  failure: {
    location: 'src/test/java/a/AddTest.java:10',
    words: /a\.AddTest\.adds: [^]*expected:<3> but was:<-1>/,
  },
};

export const samples = [
  nodeSample,
  pytestSample,
  unittestSample,
  vitestSample,
  cargoSample,
  goSample,
  phpunitSample,
  rspecSample,
  bunSample,
  bunScriptSample,
  denoSample,
  mavenSample,
  gradleSample,
];
