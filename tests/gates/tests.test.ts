import { describe, expect, test } from 'vitest';
import { nothingToTell } from '../../src/gates/gate.ts';
import { testsGate, type TestsGateOptions } from '../../src/gates/tests.ts';
import { strongest } from '../helpers/sandboxes.ts';
import { checkTests, testing } from './checked.ts';
import { gateInput, running } from './inputs.ts';

const nothingMade = {
  input: { copyTo: () => Promise.reject(new Error('copied')) },
  gate: { sandbox: () => Promise.reject(new Error('asked for a sandbox')) },
};

describe('where no runner knows the project', () => {
  test('nothing is copied and no sandbox is asked for', async () => {
    const { result } = await checkTests({ 'notes/a.txt': 'a' }, { 'b.txt': 'b' }, nothingMade);
    expect(result).toMatchObject({ status: 'skipped', findings: [] });
    expect(result.summary).toBe('no tests that a known runner would run');
  });

  test('what the work does to files of the tests is found all the same', async () => {
    const base = { 'tests/data.txt': 'old' };
    const { result } = await checkTests({ 'tests/data.txt': 'new' }, base, nothingMade);
    expect(result.status).toBe('failed');
    expect(result.findings).toMatchObject([{ category: 'tampering', location: 'tests/data.txt' }]);
  });
});

test.each([
  ['a test of before that the work deletes', { 'a.test.js': null }],
  ['a test that the work brings', { 'b.test.js': "import test from 'node:test';\ntest('b');\n" }],
])('a copy is made for %s', async (_, work) => {
  const base = { 'a.test.js': "import test from 'node:test';\ntest('a');\n" };
  const { input } = nothingMade;
  await expect(checkTests(work, base, { input })).rejects.toThrow('copied');
});

describe('what would keep the tests from running', () => {
  const nowhere = { missing: 'bubblewrap: not installed', fix: 'Install it.' };
  const find = (
    files: Readonly<Record<string, string | null>>,
    over: Partial<TestsGateOptions> = {},
    uncommitted: readonly string[] = [],
  ) => {
    const gate = testsGate(testing({ sandbox: () => Promise.resolve(nowhere), ...over }));
    const there = Object.entries(files).flatMap(([path, text]) =>
      text === null ? [] : [[path, text]],
    );
    const planned = Object.keys(files).filter((path) => files[path] === null);
    const before = {
      ...gateInput({}, Object.fromEntries(there) as Record<string, string>),
      planned,
      uncommitted,
    };
    return gate.outlook?.(before, running);
  };
  const itself = "import test from 'node:test';\ntest('a', () => {});\n";
  const vitest = {
    'package.json': '{"scripts":{"test":"vitest"},"devDependencies":{"vitest":"4"}}',
    'a.test.js': "import { it } from 'vitest';\nit('a', () => {});\n",
  };

  const only = (unavailable: object) => ({ unavailable: [unavailable], found: [] });
  const strong = () => Promise.resolve(strongest);

  test.each<[string, Record<string, string | null>, null?]>([
    ['tests that are there', { 'a.test.js': itself }],
    ['tests that are still to be written', { 'package.json': '{}', 'test/b.test.js': null }],
    ['a package that is installed in its folder', { 'node_modules/a/a.test.js': itself }, null],
    ['no tests', { 'a.js': 'let a;' }, null],
  ])('no sandbox, with %s', async (_, files, none) => {
    expect(await find(files)).toEqual(none === undefined ? only(nowhere) : nothingToTell);
  });

  test('tests that are not committed are named, and nothing else is', async () => {
    const names = [
      'a_tests.py',
      'x.test.py',
      'TestX.py',
      'tests/',
      'y.spec.rb',
      'README.md',
      'latest.py',
    ];
    expect(await find({ 'a.js': 'let a;' }, {}, names)).toEqual({
      unavailable: [],
      found: [
        'not committed, so these tests are not run: a_tests.py, x.test.py, TestX.py, tests/, y.spec.rb',
      ],
    });
    const many = Array.from({ length: 12 }, (_, at) => `${at}.test.js`);
    const some = await find({ 'a.test.js': itself }, {}, many);
    expect(some).toMatchObject({ unavailable: [nowhere] });
    expect(some?.found).toEqual([expect.stringMatching(/4\.test\.js and 7 more$/)]);
  });

  test('no sandbox for a command of the user', async () => {
    expect(await find({ 'a.js': 'let a;' }, { command: 'make test' })).toEqual(only(nowhere));
  });

  test('a runner that is not installed', async () => {
    const found = await find(vitest, { sandbox: strong });
    expect(found).toEqual(
      only({
        missing: "npm test: vitest is not installed in this project's node_modules",
        fix: expect.stringContaining('npm install'),
      }),
    );
  });

  test.each([
    [
      'npm test --ignore-scripts',
      {
        pretest: 'echo it began && echo "fatal: not a git repository" >&2 && exit 1',
        test: 'node --test',
      },
    ],
    ['…', { test: 'echo it began && echo "fatal: not a git repository" >&2 && exit 1' }],
  ])('a script that fails before it runs a test, and what to do: %s', async (command, scripts) => {
    const files = { 'package.json': JSON.stringify({ scripts }), 'a.test.js': itself };
    expect(await find(files, { sandbox: strong })).toEqual(
      only({
        missing:
          'npm test, by script "test" of package.json, fails on the project as it is: fatal: not a git repository',
        fix: expect.stringContaining(`--test-command "${command}". By hand: npm test`),
      }),
    );
  });

  test.each([
    { 'test_a.py': 'import nowhere_to_be_found\n\n\ndef test_a():\n    assert True\n' },
    {
      'conftest.py': 'import nowhere_to_be_found\n',
      'test_a.py': 'def test_a():\n    assert True\n',
    },
  ])('tests that cannot be loaded, and why: %j', async (files) => {
    const found = await find(files, { sandbox: strong });
    expect(found?.unavailable).toEqual([
      {
        missing: expect.stringMatching(
          /^pytest, .*, cannot load its tests on the project as it is: .*No module named 'nowhere_to_be_found'$/,
        ),
        fix: expect.stringContaining('gates.setup'),
      },
    ]);
  });

  test('nothing, where the tests can run: how they come out is told', async () => {
    const found = ['node --test, by the import of node:test in a.test.js: 1 test passed'];
    const told = await find({ 'a.test.js': itself }, { sandbox: strong });
    expect(told).toEqual({ unavailable: [], found });
  });

  test('what else would have fitted is told', async () => {
    const manifest = '{"scripts":{"test":"echo 1 passing"}}';
    const files = { 'package.json': manifest, 'a.test.js': itself };
    const own = 'npm test, by script "test" of package.json (rather than node --test)';
    expect((await find(files, { sandbox: strong }))?.found).toEqual([`${own}: 1 test passed`]);
    const command = 'echo 2 passing';
    const given = 'echo 2 passing, by gates.tests.command (rather than npm test)';
    expect((await find(files, { sandbox: strong, command }))?.found).toEqual([
      `${given}: 2 tests passed`,
    ]);
  });

  test.each<[string, string, Partial<TestsGateOptions>, RegExp, RegExp]>([
    ['is not there', 'no-such-runner --all', {}, /cannot run .*no-such-runner/, /gates\.setup/],
    [
      'does not end',
      'sleep 60',
      { timeoutMs: 300 },
      /within 0.3 s/,
      /^Set gates\.tests\.timeoutMs/,
    ],
    [
      'is not set up',
      'true',
      { setup: { run: 'exit 3', reads: null } },
      /gates\.setup .*code 3/,
      /^$/,
    ],
  ])('a command that %s', async (_, command, over, missing, fix) => {
    const told = await find({ 'a.js': '' }, { sandbox: strong, command, ...over });
    expect(told?.found).toEqual([]);
    expect(told?.unavailable[0]?.missing).toMatch(missing);
    expect(told?.unavailable[0]?.fix).toMatch(fix);
    if (over.setup === undefined)
      expect(told?.unavailable[0]?.fix).toContain(`By hand: ${command}`);
  });
});
