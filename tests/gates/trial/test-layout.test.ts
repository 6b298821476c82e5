import { expect, test } from 'vitest';
import { taskSchema } from '../../../src/domain/task.ts';
import { testLayout } from '../../../src/gates/trial/test-layout.ts';
import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { plain } from '../../helpers/sandboxes.ts';
import { testing } from '../checked.ts';
import { gateInput, running } from '../inputs.ts';
import type { Files } from './tried.ts';

/** Every program is there, and none may be run. */
const still: Sandbox = {
  ...plain,
  has: () => Promise.resolve(true),
  run: () => Promise.reject(new Error('nothing is to be run')),
};

function layoutOf(base: Files, files: readonly string[], over: Parameters<typeof testing>[0] = {}) {
  const task = taskSchema.parse({ id: 'T1', title: 'x', type: 'code', files });
  const options = testing({ sandbox: () => Promise.resolve(still), ...over });
  return testLayout({ ...gateInput({}, base), task }, options, running);
}

const nodeTest = "import { test } from 'node:test';\ntest('it', () => {});\n";

test('a project with tests: its runners, and the tests that stand nearest to the task', async () => {
  const base = {
    'package.json': '{ "scripts": { "test": "node --test" } }',
    'test/zed.test.js': nodeTest,
    'test/parse.test.js': nodeTest,
    'test/deep/other.test.js': nodeTest,
    'test/helper.json': '{}',
    'tools/test_it.py': 'def test_it():\n    pass\n',
    ...Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`test/${name}.test.js`, nodeTest])),
  };
  const layout = await layoutOf(base, ['src/parse.js']);
  expect(layout.unavailable).toBeNull();
  expect(layout.runners).toEqual([
    'npm test, by script "test" of package.json',
    'pytest, by what tools/test_it.py is written for',
  ]);
  expect(layout.examples).toHaveLength(5);
  expect(layout.examples[0]).toBe('test/parse.test.js');
  expect((await layoutOf(base, ['tools/more.py'])).examples[0]).toBe('tools/test_it.py');
});

test.each<[string, Files, string[], RegExp]>([
  [
    'plain Node',
    { 'package.json': '{}' },
    ['src/a.js'],
    /^node --test, .*test\/sample\.test\.js:\nimport \{ test \} from 'node:test'/,
  ],
  ['nothing at all', {}, ['a.mjs'], /^node --test, /],
  [
    'vitest',
    { 'package.json': '{ "devDependencies": { "vitest": "4" } }' },
    ['src/a.ts'],
    /^vitest/,
  ],
  [
    'a script',
    { 'package.json': '{ "scripts": { "test": "node --test" } }' },
    ['a.js'],
    /^npm test, by script/,
  ],
  ['Python', {}, ['a.py'], /^unittest, .*tests\/test_sample\.py/],
  [
    'Python with pytest',
    { 'pyproject.toml': '[project]\nname = "a"\ndependencies = ["pytest"]\n' },
    ['a.py'],
    /^pytest, /,
  ],
  ['Go', { 'go.mod': 'module a\n' }, ['pkg/a.go'], /^go test, .*pkg\/sample_test\.go/],
  [
    'Rust',
    { 'Cargo.toml': '[package]\nname = "a"\n' },
    ['src/lib.rs'],
    /^cargo test, .*tests\/sample\.rs/,
  ],
  ['Maven', { 'pom.xml': '<project/>' }, ['src/main/java/A.java'], /^mvn test/],
  ['RSpec', { Gemfile: "gem 'rspec'\n" }, ['lib/a.rb'], /^RSpec/],
])('a project without tests: %s', async (_, base, files, expected) => {
  const { runners, examples, unavailable } = await layoutOf(base, files);
  if (unavailable !== null) expect(unavailable.missing).toMatch(/not installed/);
  expect(runners[0]).toMatch(expected);
  expect(examples).toEqual([]);
});

test('where nothing can be run it says why', async () => {
  const missing = { missing: 'no sandbox', fix: 'Install one.' };
  const none = await layoutOf({}, ['a.js'], { sandbox: () => Promise.resolve(missing) });
  expect(none).toEqual({ runners: [], examples: [], unavailable: missing });
  const open = await layoutOf({ 'README.md': '' }, []);
  expect(open.unavailable).toBeNull();
  expect(open.runners.join(' ')).toMatch(/node --test.*unittest/s);
  const unknown = await layoutOf({ 'a.lua': '' }, ['a.lua']);
  expect(unknown.unavailable?.missing).toBe('no runner of tests is known for this project');
  const gone: Sandbox = { ...still, has: () => Promise.resolve(false) };
  const lacking = await layoutOf({ 'go.mod': 'module a\n' }, ['a.go'], {
    sandbox: () => Promise.resolve(gone),
  });
  expect(lacking.unavailable?.missing).toBe('go test: there is no go in the sandbox');
});
