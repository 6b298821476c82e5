import { describe, expect, test } from 'vitest';
import { taskSchema } from '../../src/domain/task.ts';
import { commandsGate } from '../../src/gates/commands.ts';
import { strongest } from '../helpers/sandboxes.ts';
import { checking } from './checked.ts';
import { gateInput, running } from './inputs.ts';

const check = async (
  commands: string[],
  files: Record<string, string | null>,
  base: Record<string, string> = {},
  over: Parameters<typeof gateInput>[3] = {},
) => {
  const gate = commandsGate({ ...checking(), commands });
  return gate.check(gateInput(files, base, {}, over), running);
};

test('passes where all end with exit code 0, in a copy of the project with the work in it', async () => {
  const kept = new Map<string, string>();
  const keep = (name: string, text: string): Promise<void> =>
    Promise.resolve(void kept.set(name, text));
  const result = await check(
    ['cat old new', 'test ! -e gone'],
    { new: 'b\n', gone: null },
    { old: 'a\n', gone: 'c' },
    { keep },
  );
  expect(result).toMatchObject({ status: 'passed', findings: [], isolated: strongest.isolated });
  expect(kept.get('command-1.log')).toContain('# exit code 0\n# stdout\na\nb\n');
});

test('every command that fails is a finding, with its place and what it printed', async () => {
  const result = await check(['echo "src/a.js:3: no semicolon"; exit 2', 'false', 'true'], {
    a: 'x',
  });
  expect(result.status).toBe('failed');
  expect(result.findings).toMatchObject([
    { category: 'command', severity: 'blocker', location: 'src/a.js:3' },
    { category: 'command', evidence: 'false: exit code 1', location: null },
  ]);
  expect(result.findings[0]?.evidence).toMatch(/exit code 2\nsrc\/a\.js:3: no semicolon$/);
});

test('a program that is not there is errored, none is skipped', async () => {
  expect(await check(['no-such-linter .'], { a: 'x' })).toMatchObject({
    status: 'errored',
    findings: [],
  });
  expect((await check([], { a: 'x' })).status).toBe('skipped');
});

describe('settings of what is run', () => {
  const base = {
    'eslint.config.js': 'strict',
    'scripts/lint.sh': 'exit 1',
    'package.json': '{"scripts":{"lint":"exit 1"}}',
  };
  test.each([
    ['eslint.config.js', 'grep -q strict eslint.config.js', 'loose'],
    ['eslint.config.js', 'test -f eslint.config.js', null],
    ['scripts/lint.sh', '! sh scripts/lint.sh', 'exit 0'],
    [
      'package.json',
      'npm run lint; grep -q "exit 1" package.json',
      '{"scripts":{"lint":"exit 0"}}',
    ],
  ])('%s stays as it was: %s', async (path, command, content) => {
    const result = await check([command], { [path]: content }, base);
    // Put back, so that the command itself was content.
    expect(result.findings).toMatchObject([{ category: 'tampering', location: path }]);
  });

  test('may be changed by a task that names them', async () => {
    const task = taskSchema.parse({
      id: 'T1',
      title: 'x',
      type: 'code',
      files: ['eslint.config.js'],
    });
    const result = await check(
      ['grep -q loose eslint.config.js'],
      { 'eslint.config.js': 'loose' },
      base,
      { task },
    );
    expect(result).toMatchObject({ status: 'passed', findings: [] });
  });

  test('tests that the work changed are put back, which the other gate tells', async () => {
    const command = 'grep -q old test/a.test.js';
    const result = await check([command], { 'test/a.test.js': 'new' }, { 'test/a.test.js': 'old' });
    expect(result).toMatchObject({ status: 'passed', findings: [] });
  });
});
