import { describe, expect, test } from 'vitest';
import { detectRunners } from '../../../src/gates/runners/detect.ts';
import { readRspec } from '../../../src/gates/runners/rspec.ts';
import { testTarget } from '../../../src/gates/runners/make.ts';
import { runnerInput } from './view.ts';

const found = async (files: Record<string, string>, over: Parameters<typeof runnerInput>[1] = {}) =>
  detectRunners(runnerInput(files, over));
const names = async (files: Record<string, string>, touched: string[] = []): Promise<string[]> =>
  (await found(files, { touched })).map(({ runner }) => runner);

const junit =
  'import org.junit.jupiter.api.Test;\n\nclass AddTest {\n  @Test\n  void adds() {}\n}\n';
const xunit =
  'using Xunit;\nnamespace Acme.Tests;\n\npublic class AddTests\n{\n    [Fact]\n    public void Adds() {}\n}\n';
const phpTest =
  '<?php\nuse PHPUnit\\Framework\\TestCase;\n\nfinal class AddTest extends TestCase {}\n';
const spec = "RSpec.describe 'add' do\n  it('adds') {}\nend\n";
const denoTest = "Deno.test('adds', () => {});\n";
const bunTest = "import { test } from 'bun:test';\ntest('adds', () => {});\n";
const javaTest = 'src/test/java/a/AddTest.java';

describe('who runs the tests', () => {
  test.each<[string, Record<string, string>, string[]]>([
    [
      'Maven, with all modules of a build',
      { 'pom.xml': '', 'core/pom.xml': '', [`core/${javaTest}`]: junit },
      ['mvn test'],
    ],
    [
      'Maven below the root',
      { 'server/pom.xml': '', [`server/${javaTest}`]: junit },
      ['mvn test in server'],
    ],
    ['Gradle', { 'build.gradle.kts': '', [javaTest]: junit }, ['gradle test']],
    [
      'Gradle, with all projects of a build',
      { 'settings.gradle': '', 'a/build.gradle': '', [`a/${javaTest}`]: junit },
      ['gradle test'],
    ],
    [
      'dotnet, by its solution',
      { 'Acme.sln': '', 'tests/T.csproj': '', 'tests/AddTests.cs': xunit },
      ['dotnet test'],
    ],
    [
      'dotnet, by a project',
      { 'tests/T.csproj': '', 'tests/AddTests.cs': xunit, 'src/A.csproj': '' },
      ['dotnet test in tests'],
    ],
    [
      'PHPUnit, by its settings',
      { 'phpunit.xml.dist': '<phpunit/>', 'tests/AddTest.php': phpTest },
      ['PHPUnit'],
    ],
    [
      'PHPUnit, by the manifest',
      { 'composer.json': '{"require-dev":{"phpunit/phpunit":"^9"}}', 'tests/AddTest.php': phpTest },
      ['PHPUnit'],
    ],
    [
      'Pest',
      {
        'composer.json': '{"require-dev":{"pestphp/pest":"^2"}}',
        'tests/Feature/AddTest.php': "<?php\nit('adds', fn () => true);\n",
      },
      ['Pest'],
    ],
    ['RSpec, by its settings', { '.rspec': '', 'spec/add_spec.rb': spec }, ['RSpec']],
    [
      'RSpec, by the bundle',
      { Gemfile: "gem 'rspec'\n", 'spec/add_spec.rb': "describe 'x' do\nend\n" },
      ['RSpec'],
    ],
    ['RSpec, by the tests', { 'spec/add_spec.rb': spec }, ['RSpec']],
    ['Deno', { 'deno.json': '{}', 'add_test.ts': denoTest }, ['deno test']],
    ['Bun', { 'bun.lock': '', 'add.test.ts': bunTest }, ['bun test']],
    [
      'Bun, by the manifest',
      { 'package.json': '{"packageManager":"bun@1.4.5"}', 'a.test.ts': bunTest },
      ['bun test'],
    ],
    [
      'a script that runs Bun',
      { 'package.json': '{"scripts":{"test":"bun test"}}', 'a.test.ts': bunTest },
      ['npm test'],
    ],
    [
      'the Makefile, where nothing else is known',
      { Makefile: 'test: build\n\t./run-tests\n', 'tests/a.lua': '' },
      ['make test'],
    ],
    [
      'no Makefile beside a runner',
      {
        Makefile: 'test:\n\tgo test ./...\n',
        'go.mod': 'module a\n',
        'a_test.go': 'package a\n\nfunc TestA(t *testing.T) {}\n',
      },
      ['go test'],
    ],
    [
      'nobody: a manifest without tests',
      { 'pom.xml': '', 'build.gradle': '', 'a.csproj': '', 'deno.json': '{}', '.rspec': '' },
      [],
    ],
    [
      'nobody: tests without a manifest',
      { [javaTest]: junit, 'add_test.ts': denoTest, 'AddTests.cs': xunit },
      [],
    ],
    [
      'nobody: words in comments and texts',
      {
        'pom.xml': '<!-- @Test -->',
        [javaTest]: '// as with @Test\nclass AddTest { String a = "@Test"; }\n',
        'T.csproj': '',
        'A.cs': '// [Fact]\nvar a = "[Fact]";\n',
        Gemfile: "# gem 'rspec'\n",
        'a_spec.rb': "# describe 'x'\n",
        'tests/AddTest.php': '<?php\n// class AddTest extends TestCase\n',
        'phpunit.xml': '<phpunit/>',
        Makefile: '# test: this\nx = test:\n',
        'deno.json': '{}',
        'a_test.ts': '// Deno.test(\n',
      },
      [],
    ],
  ])('%s', async (_what, files, runners) => {
    expect(await names(files)).toEqual(runners);
  });

  test('of several builds that which the work touches', async () => {
    const files = {
      'a/pom.xml': '',
      [`a/${javaTest}`]: junit,
      'b/pom.xml': '',
      [`b/${javaTest}`]: junit,
    };
    expect(await names(files)).toEqual(['mvn test in a', 'mvn test in b']);
    expect(await names(files, ['b/src/main/java/a/Add.java'])).toEqual(['mvn test in b']);
  });

  test.each<[string, Record<string, string>]>([
    ['mvn', { 'pom.xml': '', [javaTest]: junit }],
    ['gradle', { 'build.gradle': '', [javaTest]: junit }],
    ['dotnet', { 'T.csproj': '', 'AddTests.cs': xunit }],
    ['php', { 'phpunit.xml': '', 'tests/AddTest.php': phpTest }],
    ['ruby', { '.rspec': '', 'spec/add_spec.rb': spec }],
    ['deno', { 'deno.json': '', 'add_test.ts': denoTest }],
    ['bun', { 'bun.lock': '', 'a.test.ts': bunTest }],
    ['make', { Makefile: 'test:\n\t./t\n' }],
  ])('a program that is not there is told: %s', async (program, files) => {
    const plans = await found(files, { has: async (name) => name !== program });
    expect(plans).toMatchObject([{ missing: `there is no ${program} in the sandbox` }]);
  });
});

describe('what is run', () => {
  const plan = async (files: Record<string, string>, over = {}) => {
    const [first] = await found(files, over);
    if (first === undefined || 'missing' in first) throw new Error('no plan');
    return first;
  };

  test('the options that the project gives, without those that tell or end early', async () => {
    const task =
      '{ /* tests */ "tasks": { "test": "deno test -P=ci --fail-fast --allow-read tests/" } }';
    const deno = await plan({ 'deno.jsonc': task, 'tests/add_test.ts': denoTest });
    expect(deno.command.slice(-3)).toEqual(['-P=ci', '--allow-read', 'tests/']);
    const composer = JSON.stringify({
      'require-dev': { 'phpunit/phpunit': '^10' },
      scripts: { test: ['@php vendor/bin/phpunit --testsuite "unit tests" --colors=always'] },
    });
    const config = { 'phpunit.xml': '<phpunit/>', 'tests/AddTest.php': phpTest };
    const php = await plan({ 'composer.json': composer, ...config });
    expect(php.command.slice(-2)).toEqual(['--testsuite', 'unit tests']);
  });

  test('tests that must be in the report', async () => {
    const abstract = junit.replace('class', 'abstract class');
    const maven = await plan({
      'pom.xml': '',
      [javaTest]: junit,
      'src/test/java/a/BaseTest.java': abstract,
    });
    expect(maven.expected).toEqual([javaTest]);
    const suites =
      '<phpunit><testsuites><testsuite name="a"><directory>tests/unit</directory></testsuite></testsuites></phpunit>';
    const tests = { 'tests/unit/AddTest.php': phpTest, 'tests/slow/SubTest.php': phpTest };
    expect((await plan({ 'phpunit.xml': suites, ...tests })).expected).toEqual([
      'tests/unit/AddTest.php',
    ]);
    const listed = await plan(tests);
    expect(listed.expected).toEqual(['tests/slow/SubTest.php', 'tests/unit/AddTest.php']);
    expect(listed.files.get('.tools/phpunit.xml')).toContain(
      '<file>../tests/slow/SubTest.php</file>',
    );
    const dotnet = await plan({ 'T.csproj': '', 'AddTests.cs': xunit });
    expect(dotnet.expected).toEqual(['AddTests.cs']);
  });

  test('a recipe that the work brings proves nothing', async () => {
    const ended = {
      end: { kind: 'exited', code: 0 },
      stdout: '9 passing\n',
      stderr: '',
      durationMs: 1,
    } as const;
    const files = { Makefile: 'check:\n\t./t\n' };
    expect((await plan(files)).read(ended, [])).toMatchObject({ passed: 9, counted: true });
    const own = await plan(files, { touched: ['Makefile'] });
    expect(own.read(ended, [])).toMatchObject({ passed: 0, counted: true });
  });

  test('caches of this machine are there, and nothing where there is none', async () => {
    const host = { ...runnerInput({}).host, cache: async (of: string) => `/home/${of}` };
    const files = { 'pom.xml': '', '.mvn/wrapper/maven-wrapper.properties': '', [javaTest]: junit };
    expect((await plan(files, { host })).mounts).toEqual([
      { from: '/home/maven', to: '.tools/maven/repository' },
      { from: '/home/mavenWrapper', to: '.tools/maven/dists' },
    ]);
    expect((await plan(files)).mounts).toEqual([]);
  });
});

test.each<[string, string | null]>([
  ['test:\n\tpytest\n', 'test'],
  ['.PHONY: test\nall:\n\tcc\n', null],
  ['build test: deps\n', 'test'],
  ['test:\n', null],
  ['test := a\ncheck: test\n\tx\n', 'check'],
  ['check:\n\t# nothing\ntest: \\\n  a\n', 'test'],
])('the target of %j is %j', (makefile, target) => {
  expect(testTarget(makefile)).toBe(target);
});

test('RSpec: outcomes, lines of the failures, files that cannot be loaded', () => {
  const examples = [
    {
      full_description: 'add adds',
      status: 'failed',
      file_path: './spec/add_spec.rb',
      line_number: 3,
      exception: {
        class: 'RSpec::Expectations::ExpectationNotMetError',
        message: '\nexpected: 3\n     got: -1\n',
        backtrace: ["/usr/lib/ruby/rspec.rb:102:in `x'", "/work/spec/add_spec.rb:5:in `y'"],
      },
    },
    {
      full_description: 'add raises',
      status: 'failed',
      file_path: './spec/add_spec.rb',
      line_number: 7,
      exception: { class: 'RuntimeError', message: 'odd', backtrace: null },
    },
    {
      full_description: 'add later',
      status: 'pending',
      file_path: './spec/add_spec.rb',
      line_number: 9,
    },
  ];
  const messages = [
    "\nAn error occurred while loading ./spec/b_spec.rb.\nFailure/Error: require 'nowhere'\n",
  ];
  const summary = { errors_outside_of_examples_count: 1 };
  const place = (path: string) => (/spec\/\w+_spec\.rb$/.exec(path) ?? [null])[0];
  const report = readRspec(JSON.stringify({ examples, messages, summary }), place);
  expect(report.tests).toMatchObject([
    {
      name: 'add adds',
      outcome: 'failed',
      file: 'spec/add_spec.rb',
      line: 5,
      text: expect.stringMatching(/^expected: 3\n {5}got: -1\n {2}at .*add_spec/),
    },
    { name: 'add raises', line: 7, text: 'RuntimeError: odd' },
    { name: 'add later', outcome: 'skipped' },
    { name: 'loading the file', outcome: 'failed', file: 'spec/b_spec.rb' },
  ]);
  expect(readRspec('{"examples":[', place).complete).toBe(false);
  expect(readRspec(null, place).complete).toBe(false);
});
