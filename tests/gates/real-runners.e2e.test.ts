import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isFile, isFolder } from '../../src/files/is-there.ts';
import { hostPackages, packageHomes } from '../../src/gates/host-packages.ts';
import { hostPrograms, strongest } from '../helpers/sandboxes.ts';
import { checkTests } from './checked.ts';
import {
  debianJunit,
  nodeSample,
  pytestSample,
  samples,
  vitestSample,
  type Sample,
} from './languages.ts';

/** This repository's own packages: vitest is one of them. */
const { maven = '' } = packageHomes(process.env);
const repository = hostPackages(join(import.meta.dirname, '../..'), { maven });
const gate = { host: repository };

const there = new Set<string>();
for (const { program } of samples)
  if ((await hostPrograms.find(program)) !== null) there.add(program);

// Maven's sample needs its parts in a repository that the sandbox's user may read.
const parts = join(maven, 'repository/org/apache/maven/surefire/surefire-junit-platform/3.2.5');
const readable = await stat(join(maven, 'repository')).catch(() => null);
if (!(await isFolder(parts)) || ((readable?.mode ?? 0) & 0o005) !== 0o005) there.delete('mvn');
// Gradle's stands on what Debian has of JUnit.
if (!(await isFile(debianJunit))) there.delete('gradle');

describe.each(samples)('$runner ($program)', (sample: Sample) => {
  const { runner, program, right, wrong, tests, failure } = sample;
  test.skipIf(!there.has(program))(`passes the right solution (needs ${program})`, async () => {
    const { result, kept } = await checkTests({ ...right, ...tests }, {}, { gate });
    expect(result).toMatchObject({ status: 'passed', findings: [], isolated: strongest.isolated });
    expect(result.summary).toContain(`${runner}: 1 test passed`);
    expect([...kept.values()].join('')).toContain('# exit code 0');
  });

  test.skipIf(!there.has(program))(
    `fails the wrong one, gives the assertion, and says the same of it each time (needs ${program})`,
    async () => {
      const { result, kept } = await checkTests(wrong, { ...right, ...tests }, { gate });
      expect(result.status).toBe('failed');
      expect(result.findings).toHaveLength(1);
      expect(result.findings[0]).toMatchObject({ category: 'test', severity: 'blocker' });
      expect(result.findings[0]?.evidence).toMatch(failure.words);
      expect(result.findings[0]?.location).toBe(failure.location);
      expect([...kept.values()].join('')).toMatch(/# exit code [1-9]/);
      const again = await checkTests(wrong, { ...right, ...tests }, { gate });
      expect(again.result.findings).toEqual(result.findings);
    },
  );
});

describe('what is no failure of the work', () => {
  test('nothing to run is skipped', async () => {
    const { result } = await checkTests({ 'src/a.js': 'export const a = 1;\n', 'a.py': 'x = 1\n' });
    expect(result).toMatchObject({ status: 'skipped', findings: [] });
  });

  test('tests that are all skipped are no pass', async () => {
    const { result } = await checkTests({
      'package.json': '{ "type": "module" }',
      'test/a.test.js': `import { test } from 'node:test';\ntest.skip('later', () => {});\n`,
    });
    expect(result).toMatchObject({ status: 'errored', findings: [] });
    expect(result.summary).toMatch(
      /none of the project’s tests was executed.*; node --test executed/,
    );
  });

  test('a runner that is not installed is errored, with the way out', async () => {
    const { result } = await checkTests({ ...vitestSample.right, ...vitestSample.tests });
    expect(result).toMatchObject({ status: 'errored', findings: [] });
    expect(result.summary).toMatch(/vitest is not installed.*npm install/);
  });

  test('a package that the project asks for and that is not there is errored', async () => {
    const files = { 'src/add.js': `import 'left-pad';\nexport const add = (a, b) => a + b;\n` };
    const asked = '{ "type": "module", "dependencies": { "left-pad": "1.3.0" } }';
    const errored = await checkTests(files, { ...nodeSample.tests, 'package.json': asked });
    expect(errored.result).toMatchObject({ status: 'errored', findings: [] });
    expect(errored.result.summary).toMatch(/left-pad is not installed.* By hand: node --test /);
    const failed = await checkTests(files, nodeSample.tests);
    expect(failed.result.status).toBe('failed');
    expect(failed.result.findings[0]?.evidence).toContain("Cannot find package 'left-pad'");
  });

  test('no sandbox is errored where there is something to run', async () => {
    const missing = { missing: 'bubblewrap: not on PATH', fix: 'Install bubblewrap' };
    const none = { sandbox: () => Promise.resolve(missing) };
    const run = await checkTests({ ...nodeSample.right, ...nodeSample.tests }, {}, { gate: none });
    expect(run.result).toMatchObject({
      status: 'errored',
      summary: 'not run: bubblewrap: not on PATH. Fix: Install bubblewrap',
    });
    const nothing = await checkTests({ 'a.md': 'x' }, {}, { gate: none });
    expect(nothing.result.status).toBe('skipped');
  });
});

describe('what is one', () => {
  test('tests that do not end', async () => {
    const limits = {
      wallMs: 4_000,
      memoryBytes: 2 ** 30,
      processes: 200,
      outputBytes: 10 ** 6,
      diskBytes: 10 ** 8,
    };
    const files = { 'src/add.js': 'for (;;);\nexport const add = 1;\n' };
    const { result } = await checkTests(files, nodeSample.tests, { gate: { limits } });
    expect(result.status).toBe('failed');
    expect(result.summary).toContain('cut off: it did not end within 4 s');
  });

  test('a file that cannot be loaded', async () => {
    const { result } = await checkTests(
      { 'add.py': 'import nowhere_to_be_found\n' },
      pytestSample.tests,
    );
    expect(result.status).toBe('failed');
    expect(result.findings[0]?.evidence).toContain("No module named 'nowhere_to_be_found'");
  });
});

describe("the user's command", () => {
  test('decides by its exit code, with the output in the finding', async () => {
    const gate = { command: 'cat data.txt && grep -q good data.txt' };
    const passed = await checkTests({ 'data.txt': 'good\n' }, {}, { gate });
    expect(passed.result).toMatchObject({ status: 'passed' });
    const failed = await checkTests({ 'data.txt': 'bad\n' }, {}, { gate });
    expect(failed.result.status).toBe('failed');
    expect(failed.result.findings[0]?.evidence).toMatch(/ended with code 1: bad\nbad$/);
  });

  test('that says that it executed no test is skipped', async () => {
    const gate = { command: 'echo "# tests 0"' };
    expect((await checkTests({ a: 'x' }, {}, { gate })).result.status).toBe('skipped');
  });

  test('that is not there is errored', async () => {
    const gate = { command: 'no-such-runner-anywhere --all' };
    const { result } = await checkTests({ a: 'x' }, {}, { gate });
    expect(result).toMatchObject({ status: 'errored', findings: [] });
    expect(result.summary).toContain('no-such-runner-anywhere');
  });

  test('comes after the step that sets up, whose failure is errored', async () => {
    const gate = { command: 'test -f made', setup: { run: 'touch made', reads: null } };
    expect((await checkTests({ a: 'x' }, {}, { gate })).result.status).toBe('passed');
    const broken = await checkTests(
      { a: 'x' },
      {},
      { gate: { ...gate, setup: { run: 'echo why >&2; exit 3', reads: null } } },
    );
    expect(broken.result.status).toBe('errored');
    expect(broken.result.summary).toMatch(/gates\.setup did not work \(exit code 3: why\)/);
    expect(broken.kept.get('setup.log')).toContain('why');
  });
});
