import { execa } from 'execa';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chmod, mkdir } from '../../../src/files/disk.ts';
import { makeTemporaryFolder } from '../../../src/files/temporary-folder.ts';
import { goTest } from '../../../src/gates/runners/go-test.ts';
import { npmScripts } from '../../../src/gates/runners/npm-script.ts';
import { phpunit } from '../../../src/gates/runners/phpunit.ts';
import { rspec } from '../../../src/gates/runners/rspec.ts';
import type { Detect } from '../../../src/gates/runners/runner.ts';
import { wasShuffled } from '../../../src/gates/runners/shuffle.ts';
import { writeFiles } from '../inputs.ts';
import { runnerInput } from './view.ts';

const go = { 'go.mod': 'module a\n', 'a_test.go': 'func TestA(t *testing.T) {\n}\n' };
const ruby = { Gemfile: "gem 'rspec'\n", 'spec/a_spec.rb': "it('adds') {}\n" };
const php = {
  'phpunit.xml': '<phpunit/>',
  'tests/AddTest.php':
    '<?php\nuse PHPUnit\\Framework\\TestCase;\nfinal class AddTest extends TestCase {}\n',
};

/** What a program of this name is given by the plan of a run in the order of seed 7, and whether that was said. */
async function given(
  detect: Detect,
  files: Record<string, string>,
  program: string,
  help: string,
): Promise<{ words: string; said: boolean }> {
  await using copy = await makeTemporaryFolder();
  const has = async (name: string) => name !== 'bundle';
  const [plan] = await detect(runnerInput(files, { has }));
  if (plan === undefined || 'missing' in plan) throw new Error('there is no plan');
  const shuffled = plan.shuffled?.(7) ?? plan;
  await writeFiles(copy.path, {
    ...files,
    [`.bin/${program}`]: `#!/bin/sh\ncase " $*" in *help*) echo '${help}'; exit ;; esac\necho "[$*] seed \${BLUEPRINT_SEED-none}"\n`,
    '.bin/phpunit': '',
  });
  await mkdir(join(copy.path, '.tools/reports'), { recursive: true });
  for (const name of [program, 'phpunit']) await chmod(join(copy.path, '.bin', name), 0o755);
  const [command = '', ...words] = shuffled.command;
  const env = { ...shuffled.env, PATH: `${join(copy.path, '.bin')}:${process.env['PATH'] ?? ''}` };
  const run = await execa(command, words, { cwd: copy.path, env });
  expect(run.stdout).toContain('seed none');
  return { words: run.stdout, said: wasShuffled(run, 7) };
}

describe('an option is given to a program that knows it alone', () => {
  test.each([
    ['go', goTest, go, 'go', '-shuffle off,on,N', /-vet=off -shuffle=7 \.\/\.\.\.\] seed none/],
    ['an old go', goTest, go, 'go', '-short', null],
    ['rspec', rspec, ruby, 'rspec', '', /^\[--order rand:7 --no-color/],
    [
      'PHPUnit',
      phpunit,
      php,
      'php',
      '--order-by=<order> --random-order-seed=<N>',
      /--order-by=depends,random --random-order-seed=7\]/,
    ],
    ['an old PHPUnit', phpunit, php, 'php', '--random-order-seed=<N>', null],
  ] as const)('%s', async (_name, detect, files, program, help, expected) => {
    const { words, said } = await given(detect, files, program, help);
    expect(said).toBe(expected !== null);
    if (expected === null) expect(words).not.toMatch(/shuffle|order/);
    else expect(words).toMatch(expected);
  });
});

test.each([
  ['.rspec', rspec, { ...ruby, '.rspec': '--order defined\n' }],
  ['spec_helper.rb', rspec, { ...ruby, 'spec/spec_helper.rb': 'config.order = :defined\n' }],
  ['phpunit.xml', phpunit, { ...php, 'phpunit.xml': '<phpunit executionOrder="default"/>' }],
  [
    'composer.json',
    phpunit,
    { ...php, 'composer.json': '{"scripts":{"test":"phpunit --order-by=defects"}}' },
  ],
  [
    'jest.config.js',
    npmScripts,
    {
      'package.json': '{"scripts":{"test":"jest"}}',
      'jest.config.js': "module.exports = { testSequencer: './own.js' };\n",
    },
  ],
  [
    'package.json',
    npmScripts,
    { 'package.json': '{\n"scripts":{"test":"jest"},\n"jest":{"randomize":false}\n}' },
  ],
  [
    'vite.config.ts',
    npmScripts,
    {
      'package.json': '{"scripts":{"test":"vitest"}}',
      'vite.config.ts':
        'export default {\n  test: {\n    sequence: { shuffle: false },\n  },\n};\n',
    },
  ],
  [
    'a runner that has no such option',
    npmScripts,
    { 'package.json': '{"scripts":{"test":"tape"}}' },
  ],
])('%s: tests keep their order', async (_name, detect, files) => {
  const [plan] = await detect(runnerInput(files));
  expect(plan).toBeDefined();
  expect(plan).not.toHaveProperty('shuffled');
});
