import type { Files } from './tried.ts';

/** Test files of one runner, each of its own sort. */
export interface Kind {
  readonly program: string;
  /** With a test of its own. */
  readonly project: Files;
  /** The same without any. */
  readonly bare: Files;
  readonly tests: {
    /** One test that fails before the work, and one that passes. */
    readonly right: readonly [string, string];
    readonly broken: readonly [string, string];
    /** Uses what is still to be written. */
    readonly absent: readonly [string, string];
    readonly silent: readonly [string, string];
    readonly endless: readonly [string, string];
    readonly writes: readonly [string, string];
    readonly network: readonly [string, string];
    readonly foreign: readonly [string, string];
  };
  /** Words for what is absent. */
  readonly missing: RegExp;
}

function javascript(module: 'node:test' | 'vitest'): Kind['tests'] {
  const head = `import assert from 'node:assert/strict';\nimport { test } from '${module}';\n`;
  const one = `${head}import { one } from '../src/one.js';\n`;
  const long = module === 'vitest' ? ', 600_000' : '';
  return {
    right: [
      'test/right.test.js',
      `${one}test('R1.1 is two', () => assert.equal(one, 2));\ntest('R1.2 is one', () => assert.equal(one, 1));\n`,
    ],
    broken: ['test/broken.test.js', `${one}test('R2', () => {\n`],
    absent: [
      'test/absent.test.js',
      `${head}import { two } from '../src/two.js';\ntest('R3', () => assert.equal(two, 2));\n`,
    ],
    silent: ['test/silent.test.js', `${one}export const nothing = one;\n`],
    endless: [
      'test/endless.test.js',
      `${head}test('R4', () => new Promise((go) => setTimeout(go, 600_000))${long});\n`,
    ],
    writes: [
      'test/writes.test.js',
      `${head}import { writeFileSync } from 'node:fs';\ntest('R5', () => writeFileSync('left.txt', 'x'));\n`,
    ],
    network: [
      'test/network.test.js',
      `${head}test('R6', async () => assert.equal((await fetch('http://192.0.2.1/')).status, 200));\n`,
    ],
    foreign: ['test/foreign.test.rb', 'puts 1\n'],
  };
}

const source: Files = { 'src/one.js': 'export const one = 1;\n' };
const script = (words: string, more: Files = {}): Kind['bare'] => ({
  'package.json': `{ "type": "module"${words} }`,
  ...source,
  ...more,
});
const vitest = ', "devDependencies": { "vitest": "*" }';
const ownTest = (module: string): Files => ({
  'test/one.test.js': `import { test } from '${module}';\nimport '../src/one.js';\ntest('it', () => {});\n`,
});

const python: Kind['tests'] = {
  right: [
    'tests/test_right.py',
    'from one import one\n\ndef test_r1_1_is_two():\n    assert one == 2\n\ndef test_r1_2_is_one():\n    assert one == 1\n',
  ],
  broken: ['tests/test_broken.py', 'def test_r2(:\n    pass\n'],
  absent: ['tests/test_absent.py', 'from two import two\n\ndef test_r3():\n    assert two == 2\n'],
  silent: ['tests/test_silent.py', 'from one import one\n'],
  endless: ['tests/test_endless.py', 'import time\n\ndef test_r4():\n    time.sleep(600)\n'],
  writes: ['tests/test_writes.py', "def test_r5():\n    open('left.txt', 'w').write('x')\n"],
  network: [
    'tests/test_network.py',
    "from urllib.request import urlopen\n\ndef test_r6():\n    urlopen('http://192.0.2.1/', timeout=5)\n",
  ],
  foreign: ['tests/foreign.test.rb', 'puts 1\n'],
};

function asUnittest([path, text]: readonly [string, string]): readonly [string, string] {
  const [imports = '', ...bodies] = text.split(/^(?=def )/m);
  const methods = bodies.map((body) =>
    body.trim().replace(/\(\)/, '(self)').replace(/^/gm, '    '),
  );
  if (bodies.length === 0) return [path, text];
  const head = text.startsWith('def ') ? '' : imports;
  const all = text.startsWith('def ')
    ? [imports.trim().replace(/\(\)/, '(self)').replace(/^/gm, '    '), ...methods]
    : methods;
  return [
    path,
    `import unittest\n${head}\n\nclass TestIt(unittest.TestCase):\n${all.join('\n\n')}\n`,
  ];
}

const go = (body: string, imports = '"testing"'): string =>
  `package m\n\nimport (\n\t${imports.split(' ').join('\n\t')}\n)\n\n${body}\n`;
const goBare: Files = {
  'go.mod': 'module example.com/m\n\ngo 1.19\n',
  'one.go': 'package m\n\nconst One = 1\n',
};
const cargoBare: Files = {
  'Cargo.toml': '[package]\nname = "m"\nversion = "0.1.0"\nedition = "2021"\n',
  'src/lib.rs': 'pub const ONE: i32 = 1;\n',
};

export const kinds: Readonly<Record<string, Kind>> = {
  'node --test': {
    program: 'node',
    project: script('', ownTest('node:test')),
    bare: script(''),
    tests: javascript('node:test'),
    missing: /Cannot find module 'src\/two\.js'/,
  },
  'npm test: node --test': {
    program: 'node',
    project: script(', "scripts": { "test": "node --test" }', ownTest('node:test')),
    bare: script(', "scripts": { "test": "node --test" }'),
    tests: javascript('node:test'),
    missing: /Cannot find module 'src\/two\.js'/,
  },
  vitest: {
    program: 'node',
    project: script(vitest, ownTest('vitest')),
    bare: script(vitest),
    tests: javascript('vitest'),
    missing: /Cannot find module '(?:\.\.|\/)?\/?src\/two\.js'|Failed to (?:load|resolve)/,
  },
  'npm test: vitest': {
    program: 'node',
    project: script(`${vitest}, "scripts": { "test": "vitest run" }`, ownTest('vitest')),
    bare: script(`${vitest}, "scripts": { "test": "vitest run" }`),
    tests: javascript('vitest'),
    missing: /Cannot find module '(?:\.\.|\/)?\/?src\/two\.js'|Failed to (?:load|resolve)/,
  },
  pytest: {
    program: 'pytest',
    project: {
      'pyproject.toml': '[project]\nname = "x"\ndependencies = ["pytest"]\n',
      'one.py': 'one = 1\n',
      'tests/test_one.py': 'def test_one():\n    pass\n',
    },
    bare: {
      'pyproject.toml': '[project]\nname = "x"\ndependencies = ["pytest"]\n',
      'one.py': 'one = 1\n',
    },
    tests: python,
    missing: /No module named 'two'/,
  },
  unittest: {
    program: 'python3',
    project: {
      'one.py': 'one = 1\n',
      'tests/test_one.py':
        'import unittest\n\nclass TestOne(unittest.TestCase):\n    def test_one(self):\n        pass\n',
    },
    bare: { 'one.py': 'one = 1\n' },
    tests: {
      right: asUnittest(python.right),
      broken: python.broken,
      absent: asUnittest(python.absent),
      silent: ['tests/test_silent.py', 'import unittest\nfrom one import one\n'],
      endless: asUnittest(python.endless),
      writes: asUnittest(python.writes),
      network: asUnittest(python.network),
      foreign: python.foreign,
    },
    missing: /No module named 'two'/,
  },
  'go test': {
    program: 'go',
    project: { ...goBare, 'one_test.go': go('func TestOne(t *testing.T) {}') },
    bare: goBare,
    tests: {
      right: [
        'right_test.go',
        go(
          'func TestR1_1_Two(t *testing.T) {\n\tif One != 2 {\n\t\tt.Fatal("is not two")\n\t}\n}\n\nfunc TestR1_2_One(t *testing.T) {\n\tif One != 1 {\n\t\tt.Fatal("is not one")\n\t}\n}',
        ),
      ],
      broken: ['broken_test.go', go('func TestR2(t *testing.T) {')],
      absent: [
        'absent_test.go',
        go('func TestR3(t *testing.T) {\n\tif Two != 2 {\n\t\tt.Fatal("is not two")\n\t}\n}'),
      ],
      silent: ['silent_test.go', 'package m\n\nvar nothing = One\n'],
      endless: [
        'endless_test.go',
        go('func TestR4(t *testing.T) {\n\ttime.Sleep(10 * time.Minute)\n}', '"testing" "time"'),
      ],
      writes: [
        'writes_test.go',
        go(
          'func TestR5(t *testing.T) {\n\tif err := os.WriteFile("left.txt", []byte("x"), 0o600); err != nil {\n\t\tt.Fatal(err)\n\t}\n}',
          '"os" "testing"',
        ),
      ],
      network: [
        'network_test.go',
        go(
          'func TestR6(t *testing.T) {\n\tif _, err := net.Dial("tcp", "192.0.2.1:80"); err != nil {\n\t\tt.Fatal(err)\n\t}\n}',
          '"net" "testing"',
        ),
      ],
      foreign: ['foreign_test.rb', 'puts 1\n'],
    },
    missing: /undefined: Two/,
  },
  'cargo test': {
    program: 'cargo',
    project: { ...cargoBare, 'tests/one.rs': '#[test]\nfn one() {}\n' },
    bare: cargoBare,
    tests: {
      right: [
        'tests/right.rs',
        '#[test]\nfn r1_1_two() { assert_eq!(m::ONE, 2); }\n#[test]\nfn r1_2_one() { assert_eq!(m::ONE, 1); }\n',
      ],
      broken: ['tests/broken.rs', '#[test]\nfn r2() {\n'],
      absent: ['tests/absent.rs', '#[test]\nfn r3() { assert_eq!(m::TWO, 2); }\n'],
      silent: ['tests/silent.rs', 'pub const NOTHING: i32 = m::ONE;\n'],
      endless: [
        'tests/endless.rs',
        '#[test]\nfn r4() { std::thread::sleep(std::time::Duration::from_secs(600)); }\n',
      ],
      writes: [
        'tests/writes.rs',
        '#[test]\nfn r5() { std::fs::write("left.txt", "x").unwrap(); }\n',
      ],
      network: [
        'tests/network.rs',
        '#[test]\nfn r6() { std::net::TcpStream::connect("192.0.2.1:80").unwrap(); }\n',
      ],
      foreign: ['tests/foreign.rb', 'puts 1\n'],
    },
    missing: /cannot find value `TWO`/,
  },
};
