import { expect, it } from 'vitest';
import { applyBundle, unsafePaths } from '../../src/text/bundle/apply.ts';
import { parseFencedBundle } from '../../src/text/bundle/fenced.ts';
import { renderFencedBundle } from '../../src/text/bundle/render-fenced.ts';
import type { FileBundle } from '../../src/domain/bundle.ts';
import { taskSchema } from '../../src/domain/task.ts';
import { planOf } from '../../src/rules/plan.ts';
import { scaffoldOf } from '../../src/rules/scaffold.ts';
import { syntaxGate } from '../../src/gates/syntax.ts';
import { gateInput, running } from '../gates/inputs.ts';

const hostile = ['ends */ --> ?> """ \'\'\'', 'uses ``` and `x`', 'a\u2028b', '\\u0000 ${x} #{y}'];

function bundleOf(files: readonly string[]): FileBundle {
  const task = taskSchema.parse({
    id: 'T1',
    title: 'Write -- it */',
    type: 'code',
    acceptance: hostile,
    files,
  });
  return scaffoldOf(task, new Set());
}

it.each(
  [
    'package.json tsconfig.json .gitignore src/a.ts src/a.tsx tests/a.test.ts',
    'src/a.js test/a.test.mjs index.html styles/a.css',
    'pyproject.toml src/a.py tests/test_a.py',
    'go.mod internal/a/a.go internal/a/a_test.go 1x/b.go',
    'Cargo.toml src/lib.rs src/a.rs tests/a.rs',
    'src/main/java/app/A.java src/test/java/app/ATest.java pom.xml',
    'App.csproj src/A.cs tests/ATests.cs Gemfile lib/a.rb',
    'composer.json src/A.php bin/a.sh tests/run.sh config/a.yaml Dockerfile schema.sql a.vue',
  ].map((line) => line.split(' ')),
)('scaffolds of %s and others are whole and sound in their language', async (...files) => {
  const bundle = bundleOf(files);
  expect(bundle.files.map(({ path }) => path)).toEqual(files);
  const applied = await applyBundle(bundle, () => Promise.resolve(null));
  if ('faults' in applied) throw new Error(applied.faults.join('\n'));
  const result = await syntaxGate().check(
    { ...gateInput({}), bundle, changes: applied.changes },
    running,
  );
  expect(result).toMatchObject({ status: 'passed', findings: [] });
});

it('names the tests among its files', () => {
  expect(bundleOf(['src/a.ts', 'tests/a.test.ts', 'docs/a.md']).tests).toEqual(['tests/a.test.ts']);
});

it.each([
  'TypeScript',
  'JavaScript for Node',
  'Python',
  'golang',
  'Rust',
  'Java with Maven',
  'C# on .NET',
  'Ruby on Rails',
  'PHP',
  'bash',
  'Elixir',
])('a plan in %s has files that a bundle may hold', (language) => {
  const { tasks } = planOf(`# Tool\n\nThe tool must start.\n\nIt is written in ${language}.\n`);
  for (const planned of tasks.slice(0, -1)) {
    const bundle = scaffoldOf(taskSchema.parse(planned), new Set());
    expect(unsafePaths(bundle)).toEqual([]);
    expect(parseFencedBundle(renderFencedBundle(bundle))).toMatchObject({
      bundle: { files: bundle.files, tests: bundle.tests },
    });
  }
});

it('leaves files alone that are there, and says what it is for in a note of its own', () => {
  const task = taskSchema.parse({
    id: 'T3',
    title: 'Implement the parser',
    type: 'code',
    acceptance: ['`1h` gives 3600', 'ends with ```'],
    files: ['src/parser.ts', 'tests/parser.test.ts', 'package.json'],
  });
  const bundle = scaffoldOf(task, new Set(['package.json']));
  expect(bundle.files.map(({ path }) => path)).toEqual(['src/parser.ts', 'tests/parser.test.ts']);
  expect(bundle.files[0]?.content).toContain('// Scaffold');
  expect(bundle.notes).toContain('no model has written this');
  const none = scaffoldOf({ ...task, files: ['src/parser.ts'] }, new Set(['src/parser.ts']));
  expect(none.files.map(({ path }) => path)).toEqual(['docs/tasks/T3.md']);
});
