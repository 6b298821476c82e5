import { expect, test } from 'vitest';
import { cargoRuns } from '../../../src/gates/runners/cargo-runs.ts';
import { viewOfFiles } from './view.ts';

const plain = (name: string, more = ''): string =>
  `[package]\nname = "${name}"\nversion = "1.0.0"\n${more}`;

const runsOf = async (files: Record<string, string>, touched: string[] = []): Promise<string[]> =>
  (await cargoRuns(viewOfFiles(files), touched)).map(
    ({ folder, isWorkspace }) => `${folder}${isWorkspace ? ' (workspace)' : ''}`,
  );

test.each<[string, Record<string, string>, string[]]>([
  ['a package', { 'Cargo.toml': plain('a') }, ['']],
  [
    'a workspace with a package at its root',
    {
      'Cargo.toml': `${plain('a')}[workspace]\nmembers = ["crates/*"]\n`,
      'crates/b/Cargo.toml': plain('b'),
    },
    [' (workspace)'],
  ],
  [
    'a workspace that leaves a package out',
    {
      'Cargo.toml': '[workspace]\nmembers = ["a"]\nexclude = ["fuzz"]\n',
      'a/Cargo.toml': plain('a'),
      'fuzz/Cargo.toml': plain('fuzz'),
    },
    [' (workspace)', 'fuzz'],
  ],
  [
    'packages below the root, in no workspace',
    { 'src-tauri/Cargo.toml': plain('app'), 'tools/gen/Cargo.toml': plain('gen') },
    ['src-tauri', 'tools/gen'],
  ],
  [
    'a workspace within a package',
    {
      'Cargo.toml': plain('a'),
      'other/Cargo.toml': '[workspace]\nmembers = ["b"]\n',
      'other/b/Cargo.toml': plain('b'),
    },
    ['', 'other (workspace)'],
  ],
  [
    'a member that names its workspace',
    {
      'root/Cargo.toml': '[workspace]\nmembers = ["../a"]\n',
      'a/Cargo.toml': plain('a', 'workspace = "../root"\n'),
    },
    ['root (workspace)'],
  ],
  ['a manifest that cannot be read', { 'Cargo.toml': '[package' }, ['']],
])('%s', async (_, files, runs) => {
  expect(await runsOf(files)).toEqual(runs);
});

test('of changed files: the innermost package, and those that depend on it by a path', async () => {
  const files = {
    'Cargo.toml': plain('app', '[dependencies]\ncore = { path = "core" }\n'),
    'core/Cargo.toml': plain('core'),
    'core/deep/Cargo.toml': plain('deep'),
    'bench/Cargo.toml': plain('bench', '[dev-dependencies]\napp = { path = "../core/deep/" }\n'),
  };
  expect(await runsOf(files, ['core/src/lib.rs'])).toEqual(['', 'core']);
  expect(await runsOf(files, ['core/deep/src/lib.rs'])).toEqual(['bench', 'core/deep']);
  expect(await runsOf(files, ['README.md'])).toEqual(['']);
  expect(await runsOf(files)).toEqual(['', 'bench', 'core', 'core/deep']);
  const below = { 'a/Cargo.toml': plain('a'), 'b/Cargo.toml': plain('b') };
  expect(await runsOf(below, ['README.md'])).toEqual(['a', 'b']);
});
