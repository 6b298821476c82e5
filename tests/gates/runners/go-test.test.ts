import { describe, expect, test } from 'vitest';
import { goTest } from '../../../src/gates/runners/go-test.ts';
import { runnerInput } from './view.ts';

const tested = (...names: string[]): string =>
  `package x\n\n${names.map((name) => `func ${name}(t *testing.T) {\n}\n`).join('\n')}`;
const module = (name: string, more = ''): string => `module ${name}\n\ngo 1.19\n${more}`;

/** Each run with what it is given and the files whose tests must be in its report. */
async function planned(files: Record<string, string>, touched: string[] = []) {
  const plans = await goTest(runnerInput(files, { touched }));
  return plans.map((plan) =>
    'missing' in plan ? plan : { ...plan, arguments: plan.command.slice(5).join(' ') },
  );
}
const runs = async (files: Record<string, string>, touched: string[] = []) =>
  (await planned(files, touched)).map((plan) =>
    'missing' in plan ? plan.missing : `${plan.runner}: ${plan.arguments}`,
  );

test.each<[string, Record<string, string>, string[]]>([
  ['a module', { 'go.mod': module('a'), 'a_test.go': tested('TestA') }, ['go test: . ./...']],
  [
    'one below the root',
    { 'server/go.mod': module('a'), 'server/x/a_test.go': tested('TestA') },
    ['go test in server: server ./...'],
  ],
  [
    'a workspace, and a module that is not in it',
    {
      'go.work': 'go 1.19\n\nuse (\n\t./server // here\n\t"./lib"\n)\nuse ./more\n',
      'server/go.mod': module('acme/server'),
      'server/a_test.go': tested('TestA'),
      'lib/go.mod': module('acme/lib'),
      'more/go.mod': module('acme/more'),
      'tools/go.mod': module('tools'),
      'tools/t_test.go': tested('TestT'),
    },
    ['go test: . ./server/... ./lib/... ./more/...', 'go test in tools: tools ./...'],
  ],
  [
    'what go takes no notice of',
    { 'testdata/go.mod': module('a'), 'testdata/a_test.go': tested('TestA') },
    [],
  ],
  ['a module without tests', { 'go.mod': module('a'), 'a_test.go': 'package a\n' }, []],
])('%s', async (_, files, expected) => {
  expect(await runs(files)).toEqual(expected);
});

test('of changed files: the innermost module, and those that stand on it', async () => {
  const files = {
    'go.mod': module('root'),
    'a_test.go': tested('TestA'),
    'lib/go.mod': module('lib'),
    'lib/l_test.go': tested('TestL'),
    'app/go.mod': module('app', '\nreplace lib => ../lib\n'),
    'app/p_test.go': tested('TestP'),
  };
  const changed = async (path: string) =>
    (await planned(files, [path])).map(({ runner }) => runner);
  expect(await changed('lib/x.go')).toEqual(['go test in app', 'go test in lib']);
  expect(await changed('app/x.go')).toEqual(['go test in app']);
  expect(await changed('x.go')).toEqual(['go test']);
});

test('files that may be left out on this system are not expected', async () => {
  const [plan] = await planned({
    'go.mod': module('a'),
    'a_test.go': tested('TestA'),
    'b_windows_test.go': tested('TestB'),
    'c_test.go': `//go:build integration\n\n${tested('TestC')}`,
    'd_test.go': 'package x\n\nfunc ExampleD() {\n}\n',
  });
  expect(plan).toMatchObject({ expected: ['a_test.go'] });
});

test('packages that stand in the module are used', async () => {
  const files = { 'go.mod': module('a'), 'a_test.go': tested('TestA') };
  expect(await planned(files)).toMatchObject([{ env: { GOFLAGS: '-mod=mod', GOWORK: 'off' } }]);
  const [vendored] = await planned({ ...files, 'vendor/modules.txt': '' });
  expect(vendored).not.toHaveProperty('env.GOFLAGS');
});

describe('the report', () => {
  const files = {
    'go.work': 'use ./server\nuse ./lib\n',
    'server/go.mod': module('acme/server'),
    'server/add_test.go': tested('TestAdd', 'TestSkip'),
    'server/inner/a_test.go': tested('TestA', 'TestPanics', 'TestZ'),
    'lib/go.mod': module('acme/lib'),
    'lib/l_test.go': tested('TestAdd'),
  };
  /** As go 1.19 prints it, without times. */
  const event = (action: string, of: string, test?: string, output?: string): string =>
    JSON.stringify({ Action: action, Package: of, Test: test, Output: output });
  const stdout = [
    event('run', 'acme/server', 'TestAdd'),
    event('output', 'acme/server', 'TestAdd', '=== RUN   TestAdd\n'),
    event('run', 'acme/server', 'TestAdd/case'),
    event('output', 'acme/server', 'TestAdd/case', '    add_test.go:4: wrong 2\n'),
    event('output', 'acme/server', 'TestAdd', '--- FAIL: TestAdd (0.00s)\n'),
    event('fail', 'acme/server', 'TestAdd/case'),
    event('fail', 'acme/server', 'TestAdd'),
    event('skip', 'acme/server', 'TestSkip'),
    event('fail', 'acme/server'),
    event('pass', 'acme/server/inner', 'TestA'),
    event('run', 'acme/server/inner', 'TestPanics'),
    event('output', 'acme/server/inner', 'TestPanics', 'panic: nil map\n'),
    event('fail', 'acme/server/inner'),
    'FAIL\tacme/lib [build failed]',
  ].join('\n');
  const stderr = '# acme/lib [acme/lib.test]\nlib/l_test.go:5:33: undefined: x\n';
  const read = async (run: { stdout: string; stderr: string }) => {
    const [plan] = await planned(files);
    if (plan === undefined || 'missing' in plan) throw new Error('no plan');
    return plan.read({ ...run, end: { kind: 'exited', code: 1 }, durationMs: 1 }, []);
  };

  test('names each test by its package, subtests too', async () => {
    const { tests, complete } = await read({ stdout, stderr });
    expect(tests?.map(({ name, outcome, file }) => `${outcome}: ${name} of ${file}`)).toEqual([
      'failed: acme/server.TestAdd of server/add_test.go',
      'failed: acme/server.TestAdd/case of server/add_test.go',
      'skipped: acme/server.TestSkip of server/add_test.go',
      'passed: acme/server/inner.TestA of server/inner/a_test.go',
      'failed: acme/server/inner.TestPanics of server/inner/a_test.go',
      'failed: compiling acme/lib [acme/lib.test] of lib/l_test.go',
    ]);
    expect(complete).toBe(true);
  });

  test('tells what failed where, and not twice for a subtest', async () => {
    const { failures } = await read({ stdout, stderr });
    expect(failures).toMatchObject([
      { name: 'acme/server.TestAdd/case', file: 'server/add_test.go', line: 4 },
      { name: 'acme/server/inner.TestPanics', text: 'panic: nil map' },
      { name: 'compiling acme/lib [acme/lib.test]', file: 'lib/l_test.go', line: 5 },
    ]);
  });

  test('is of a file where all of its tests are in it', async () => {
    expect([...((await read({ stdout, stderr })).files ?? [])]).toEqual(['server/add_test.go']);
  });

  test('has what newer compilers say in their events', async () => {
    const built = JSON.stringify({
      ImportPath: 'acme/lib',
      Action: 'build-output',
      Output: stderr,
    });
    const { failures } = await read({ stdout: `${built}\n${stdout}`, stderr: '' });
    expect(failures.at(-1)).toMatchObject({ file: 'lib/l_test.go', line: 5 });
  });

  test.each([
    'go: go.mod requires go >= 1.24 (running go 1.19; GOTOOLCHAIN=local)',
    "go: errors parsing go.mod:\ngo.mod:3: invalid go version '1.24.0': must match format 1.23",
    'a.go:3:8: no required module provides x: module lookup disabled by GOPROXY=off',
  ])('that tells of the environment is no word on the work: %s', async (stderr) => {
    expect((await read({ stdout: '', stderr })).broken).not.toBeNull();
  });
});
