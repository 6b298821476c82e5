import { expect, test } from 'vitest';
import { avaFiles, readAva } from '../../../src/gates/runners/ava-report.ts';
import { viewOfFiles } from './view.ts';

const files = ['test/sum.mjs', 'test/gone.mjs', 'test/two.test.mjs', 'src/deep/__tests__/two.mjs'];
const place = (path: string): string | null => (files.includes(path) ? path : null);
const read = (text: string, only: readonly string[] = []) =>
  readAva(text, files, only, place).tests?.map(({ outcome, name, file }) => [outcome, name, file]);

/** As ava 6 prints it. */
const ofAll = `TAP version 13
ok 1 - test › sum › later # SKIP
not ok 2 - test › sum › adds › at once
  ---
    name: AssertionError
    assertion: t.is()
    details:
      'Difference (- actual, + expected):': |-
        - -1
        + 3
    message: ''
    at: >-
      ExecutionContext.is
      (file:///project/node_modules/ava/lib/assert.js:309:16)
  ...
not ok 3 - Error [ERR_MODULE_NOT_FOUND]: Cannot find module '/project/src/gone.mjs' imported from /project/test/gone.mjs
  ---
    name: Error
    message: >-
      Cannot find module '/project/src/gone.mjs' imported from
      /project/test/gone.mjs
    at: 'finalizeResolution (node:internal/modules/esm/resolve:283:11)'
  ...
ok 4 - src › deep › two › holds
not ok 5 - test/gone.mjs exited with a non-zero exit code: 1
\u001b[32mok\u001b[39m 6 - test › two › holds
not ok 7 - Error: late
not ok 8 - test/two.test.mjs exited with a non-zero exit code: 1

1..6
# tests 6
# pass 2
# skip 1
# fail 5
`;

test('each test has its own title and its file, and a file that could not be loaded is told with why', () => {
  expect(read(ofAll)).toEqual([
    ['skipped', 'later', 'test/sum.mjs'],
    ['failed', 'adds › at once', 'test/sum.mjs'],
    ['passed', 'holds', 'src/deep/__tests__/two.mjs'],
    ['failed', 'loading test/gone.mjs', 'test/gone.mjs'],
    ['passed', 'holds', 'test/two.test.mjs'],
    ['failed', 'Error: late', null],
    ['failed', 'running test/two.test.mjs', 'test/two.test.mjs'],
  ]);
  const { complete, tests } = readAva(ofAll, files, [], place);
  expect(complete).toBe(true);
  expect(tests?.[1]?.text).toBe(
    "details:\n  'Difference (- actual, + expected):': |-\n    - -1\n    + 3\n",
  );
  expect(tests?.[3]?.text).toMatch(
    /^Error \[ERR_MODULE_NOT_FOUND\]: .*\nmessage: >-\n {2}Cannot find/,
  );
});

test('where one file ran, its titles have no name before them', () => {
  const text = 'TAP version 13\nok 1 - adds › at once\n\n1..1\n';
  expect(read(text, ['test/sum.mjs'])).toEqual([['passed', 'adds › at once', 'test/sum.mjs']]);
  expect(read(text)).toEqual([['passed', 'adds › at once', null]]);
});

test('a name that several files have before their titles says nothing of which', () => {
  const two = ['a/one.js', 'b/one.js'];
  const report = readAva('TAP version 13\nok 1 - one › adds\n1..1\n', two, [], () => null);
  expect(report.tests).toMatchObject([{ name: 'one › adds', file: null }]);
});

test.each(['', 'TAP version 13\n1..0\n', 'Couldn’t find any files to test\n'])(
  'a run that told no test is none that came to its end: %j',
  (text) => {
    expect(readAva(text, files, [], place)).toMatchObject({ complete: false, tests: [] });
  },
);

test('its files are those that ask for it, where a manifest names it', async () => {
  const sources = {
    'package.json': '{"devDependencies":{"ava":"6"}}',
    'a/test.js': "import test from 'ava';\n",
    'a/b.cjs': 'const test = require("ava");\n',
    'a/java.js': "import x from 'java';\n",
    'a/test.md': "import test from 'ava';\n",
    'c/test.ts': "import test, { type Macro } from 'ava';\n",
  };
  expect(await avaFiles(viewOfFiles(sources), '')).toEqual(['a/test.js', 'a/b.cjs', 'c/test.ts']);
  expect(await avaFiles(viewOfFiles(sources), 'c')).toEqual(['c/test.ts']);
  const bare = Object.entries(sources).filter(([path]) => path !== 'package.json');
  expect(await avaFiles(viewOfFiles(Object.fromEntries(bare)), '')).toEqual([]);
});
