import { describe, expect, test } from 'vitest';
import { safeguard, type ProtectInput } from '../../../src/gates/protect/protect.ts';

const judge = async (
  changes: Record<string, string | null>,
  before: Record<string, string> = {},
  over: Partial<ProtectInput> = {},
): Promise<{ written: Record<string, string | null>; told: (string | null)[] }> => {
  const { changes: kept, findings } = await safeguard({
    changes: new Map(Object.entries(changes)),
    before: new Set(Object.keys(before)),
    base: async (path) => before[path] ?? null,
    declared: [],
    frozen: new Map(),
    check: 'tests',
    commands: [],
    ...over,
  });
  return { written: Object.fromEntries(kept), told: findings.map(({ location }) => location) };
};

describe('a project that had no tests', () => {
  test.each([
    'conftest.py',
    'vitest.config.ts',
    'jest.config.js',
    'package.json',
    'pyproject.toml',
    'build.rs',
    'tests/a.test.js',
  ])('may get %s', async (path) => {
    const changes = { [path]: path === 'package.json' ? '{"scripts":{"test":"jest"}}' : 'x = 1\n' };
    expect(await judge(changes, { 'README.md': '' })).toEqual({ written: changes, told: [] });
  });

  test('may have its settings changed', async () => {
    const changes = { 'vite.config.ts': 'new', 'package.json': '{"jest":{}}' };
    const before = { 'vite.config.ts': 'old', 'package.json': '{}' };
    expect(await judge(changes, before)).toEqual({ written: changes, told: [] });
  });

  test('keeps the test script that it had', async () => {
    const before = { 'package.json': '{"scripts":{"test":"./check"}}' };
    const { told } = await judge({ 'package.json': '{"scripts":{"test":"true"}}' }, before);
    expect(told).toEqual(['package.json']);
  });

  test.each([
    'sitecustomize.py',
    'a/b.pth',
    'pytest.py',
    'src/unittest/x.py',
    'node_modules/a/b.js',
    '.venv/bin/python',
    'vendor/autoload.php',
    'vendor/phpunit/phpunit/phpunit',
    'lib/rspec/core.rb',
    'src/main/java/org/junit/jupiter/api/Assertions.java',
    'src/main/kotlin/org/testng/Assert.kt',
    'src/main/resources/META-INF/services/org.junit.platform.launcher.TestExecutionListener',
  ])('never gets %s, whether its task names it or not', async (path) => {
    const refused = { written: {}, told: [path] };
    expect(await judge({ [path]: 'x' })).toEqual(refused);
    expect(await judge({ [path]: 'x' }, {}, { declared: [path] })).toEqual(refused);
  });
});

describe('a project that had tests', () => {
  const before = {
    'tests/test_a.py': 'x',
    'src/a.py': '',
    'vite.config.ts': 'y',
    'tests/data.json': '{}',
  };

  test('settings of another language decide nothing of them', async () => {
    const changes = { 'jest.config.js': 'x' };
    expect(await judge(changes, before)).toEqual({ written: changes, told: [] });
    expect((await judge({ 'conftest.py': 'x' }, before)).told).toEqual(['conftest.py']);
  });

  test('a manifest of another language may say how its tests are run', async () => {
    const changes = { 'package.json': '{"scripts":{"test":"vitest"}}' };
    expect(await judge(changes, before)).toEqual({ written: changes, told: [] });
    expect(await judge(changes, { ...before, 'package.json': '{}' })).toEqual({
      written: changes,
      told: [],
    });
  });

  test.each([
    ['src/test/java/AddTest.java', '.mvn/jvm.config'],
    ['src/test/java/AddTest.java', 'testng.xml'],
    ['tests/AddTests.cs', 'tests/fast.runsettings'],
    ['tests/AddTest.php', 'phpunit.xml'],
    ['spec/add_spec.rb', '.rspec'],
  ])('beside %s decides %s', async (test, settings) => {
    expect((await judge({ [settings]: 'x' }, { [test]: 'x' })).told).toEqual([settings]);
    const changes = { [settings]: 'x' };
    expect(await judge(changes, { 'src/a.test.js': 'x' })).toEqual({ written: changes, told: [] });
  });

  test('data that tests read stays too', async () => {
    expect(await judge({ 'tests/data.json': '[]' }, before)).toEqual({
      written: {},
      told: ['tests/data.json'],
    });
  });

  test('a file that is written as it was is no change', async () => {
    const changes = { 'tests/test_a.py': 'x', 'vite.config.ts': 'y' };
    expect((await judge(changes, before)).told).toEqual([]);
  });

  test('another spelling of a name that the task gives is that name', async () => {
    const declared = ['Tests/Test_A.py'];
    const changes = { 'tests/test_a.py': 'new' };
    expect(await judge(changes, before, { declared })).toEqual({ written: changes, told: [] });
  });

  test('product code may change', async () => {
    const changes = {
      'src/a.py': 'new',
      'src/spec/b.py': 'x',
      'latest.py': 'x',
      'contest.js': 'x',
      '@types/a.d.ts': 'x',
    };
    expect(await judge(changes, before)).toEqual({ written: changes, told: [] });
  });
});

test('a script that the command runs, and a Makefile for make, stay as they were', async () => {
  const before = { 'scripts/check.sh': 'a', Makefile: 'b', 'src/main.py': 'c' };
  const changes = { 'scripts/check.sh': 'x', Makefile: 'x', 'src/main.py': 'x' };
  const commands = ['./scripts/check.sh src/main.py && make test'];
  const { written, told } = await judge(changes, before, { commands });
  expect(told.sort()).toEqual(['Makefile', 'scripts/check.sh']);
  expect(written).toEqual({ 'src/main.py': 'x' });
});

test('tests that were fixed are written as they were fixed, though nobody touched them', async () => {
  const frozen = new Map([['tests/fixed.test.js', 'fixed']]);
  expect(await judge({}, {}, { frozen })).toEqual({
    written: { 'tests/fixed.test.js': 'fixed' },
    told: [],
  });
});

test('a test of Rust that is gone from its file, or newly ignored, is told; a changed one is not', async () => {
  const rust = (tests: string): string => `pub fn a() {}\n#[cfg(test)]\nmod tests {\n${tests}\n}\n`;
  const before = { 'src/lib.rs': rust('#[test]\nfn one() { a(); }\n#[test]\nfn two() {}') };
  const told = async (tests: string) => (await judge({ 'src/lib.rs': rust(tests) }, before)).told;
  expect(await told('#[test]\nfn one() {}')).toEqual(['src/lib.rs']);
  expect(await told('#[test]\n#[ignore]\nfn one() {}\n#[test]\nfn two() {}')).toEqual([
    'src/lib.rs',
  ]);
  expect(
    await told('#[test]\nfn one() { b(); }\n#[test]\nfn two() {}\n#[test]\nfn three() {}'),
  ).toEqual([]);
});

const script = (test: string, more: Record<string, string> = {}): string =>
  JSON.stringify({ scripts: { test, ...more } });
const node = { 'test/a.test.js': 'x' };

test.each<[string, Record<string, string>, Record<string, string | null>]>([
  [
    'a script that the test script calls',
    { 'package.json': script('npm run unit', { unit: 'node --test' }) },
    { 'package.json': script('npm run unit', { unit: 'true' }) },
  ],
  [
    'what runs before a script that is called by one that is called',
    { 'package.json': script('yarn all', { all: 'run-s lint unit', unit: 'node --test' }) },
    {
      'package.json': script('yarn all', {
        all: 'run-s lint unit',
        unit: 'node --test',
        preunit: 'x',
      }),
    },
  ],
  [
    'the file that the test script runs',
    { 'package.json': script('node --no-warnings ./run.js'), 'run.js': 'a' },
    { 'run.js': 'b' },
  ],
  ['package.json', { 'package.json': script('node --test') }, { 'package.json': null }],
  [
    'package.json, with a byte order mark',
    { 'package.json': script('node --test') },
    { 'package.json': `\ufeff${script('true')}` },
  ],
  [
    'package.json that nobody can read',
    { 'package.json': script('node --test') },
    { 'package.json': '{' },
  ],
  [
    'a Makefile that comes before the other',
    { 'package.json': script('make check'), Makefile: 'check:\n\tnode --test\n' },
    { GNUmakefile: 'check:\n' },
  ],
  [
    'an included makefile',
    {
      'package.json': script('make check'),
      Makefile: '-include more/rules.mk x.inc\n',
      'more/rules.mk': 'a',
      'x.inc': 'b',
    },
    { 'x.inc': 'c' },
  ],
  ['settings of what vite loads', {}, { 'postcss.config.js': 'x' }],
])('%s stays as it was', async (_, before, changes) => {
  const [path = ''] = Object.keys(changes);
  const { written, told } = await judge(changes, { ...before, ...node });
  expect(told).toEqual([path]);
  if (written[path] !== undefined)
    expect(JSON.parse(written[path] ?? '')).toEqual(JSON.parse(before[path] ?? ''));
});

test('other scripts, and files in the place of none of theirs, may change', async () => {
  const before = { 'package.json': script('node --test', { build: 'tsc' }), ...node };
  const changes = { 'package.json': script('node --test', { build: 'tsc -b' }), Makefile: 'x' };
  expect(await judge(changes, before)).toEqual({ written: changes, told: [] });
});

test.each([
  ['below a test that was there', { 'test/a.test.js': null, 'test/a.test.js/notes.md': 'x' }],
  ['in the place of a folder of tests', { 'test/a.test.js': null, test: 'x' }],
])('a file %s is left out', async (_, changes: Record<string, string | null>) => {
  const { written, told } = await judge(changes, node);
  expect(written).toEqual({});
  expect(told).toEqual(Object.keys(changes));
});

test.each([
  ['setup.cfg', '[tool:pytest] # x\naddopts = -k good\n'],
  ['setup.cfg', '[metadata]\nname = a\n[tool:pytest] ; x\n'],
  ['setup.cfg', '[metadata]\nname = a\x0c[tool:pytest]\naddopts = -k good\n'],
  ['setup.cfg', '\ufeff[tool:pytest]\naddopts = -k good\n'],
  ['x-1.0.dist-info/entry_points.txt', '[pytest11]\nx = x\n'],
  ['x.egg-info/entry_points.txt', '[pytest11]\nx = x\n'],
])('%s that is read by pytest is found: %j', async (path, text) => {
  const { told } = await judge({ [path]: text }, { 'tests/test_a.py': 'x' });
  expect(told).toEqual([path]);
});

test('another module is not put in the place of one that tests of Go need', async () => {
  const was = 'module a\n\nrequire b v1.0.0\n';
  const before = { 'a_test.go': 'x', 'go.mod': was };
  const { written, told } = await judge({ 'go.mod': `${was}replace b => ./fake\n` }, before);
  expect({ written, told }).toEqual({ written: { 'go.mod': was }, told: ['go.mod'] });
  const more = { 'go.mod': `${was}require c v1.0.0\n` };
  expect(await judge(more, before)).toEqual({ written: more, told: [] });
});

test.each(['--test-name-pattern=good|x.test.js', '-k good or zz_test.py', '@list.test.js'])(
  'a test named %s is an option to a runner, and left out',
  async (path) => {
    expect(await judge({ [path]: 'x' }, node)).toEqual({ written: {}, told: [path] });
  },
);

test.each([
  ['.gitignore', 'dist\n*.test.js\n', true],
  ['.gitignore', '/test/\n', true],
  ['.gitignore', 'test\n', true],
  ['.gitignore', '**/a.*.js\n', true],
  ['test/.gitignore', 'a.t*\n', true],
  ['.gitignore', `${'*a'.repeat(2_000)}\n`, true],
  ['src/.gitignore', '*.js\n', false],
  ['.gitignore', 'coverage/\n*.log\n!*.test.js\n# test\n', false],
  ['.gitignore', 'old\nnew\n', false],
])('%s with %j may hide tests: %s', async (path, text, hides) => {
  const before = { ...node, '.gitignore': 'old\n' };
  const { written, told } = await judge({ [path]: text }, before);
  expect({ written, told }).toEqual(
    hides ? { written: {}, told: [path] } : { written: { [path]: text }, told: [] },
  );
});

test('Rust’s own assertions are nobody’s to define', async () => {
  const text = '#[macro_use]\nmod m {\n    macro_rules! assert_eq { ($($x:tt)*) => {} }\n}\n';
  expect((await judge({ 'src/lib.rs': text }, { 'src/lib.rs': 'fn a() {}\n' })).told).toEqual([
    'src/lib.rs',
  ]);
  const own = 'macro_rules! assertion { () => {} }\nmacro_rules! my_assert { () => {} }\n';
  expect((await judge({ 'src/b.rs': own }, { 'src/lib.rs': 'fn a() {}\n' })).told).toEqual([]);
});
