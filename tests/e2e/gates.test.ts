import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { featureDocumentSchema } from '../../src/domain/task.ts';
import { runHere as runCli } from '../helpers/in-process.ts';
import { jsonOf, projects, textsOf, type CliResult } from '../helpers/run-cli.ts';
import { hostPrograms } from '../helpers/sandboxes.ts';
import { accepted } from './conversation.ts';

const createProject = projects();
const sandboxed = (await hostPrograms.find('bwrap')) !== null;
// Without a sandbox the same is tried as plain processes.
const where = sandboxed ? [] : ['--unsafe-no-sandbox'];

const at = '2026-01-31T12:00:00.000Z';
const tests = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add } from '../src/add.js';

test('adds two numbers', () => {
  assert.equal(add(1, 2), 3);
});
`;
const file = (path: string, text: string): string => `FILE: ${path}\n\`\`\`\`\n${text}\n\`\`\`\`\n`;
const add = (operator: string): string =>
  file('src/add.js', `export const add = (a, b) => a ${operator} b;`);

interface Entry {
  readonly when: Readonly<Record<string, unknown>>;
  readonly reply: Readonly<Record<string, unknown>>;
  readonly times?: number | null;
}
const says = (stage: string, text: string, contains: string[] = []): Entry => ({
  when: { stage, ...(contains.length > 0 && { contains }) },
  reply: { text },
});
const reviews: Entry = { when: { stage: 'review' }, reply: { json: accepted }, times: null };

/** A project with one task and its test, and a script for its models. */
async function project(
  entries: readonly Entry[],
  more: { task?: Record<string, unknown>; files?: Record<string, string> } = {},
): Promise<string> {
  const document = featureDocumentSchema.parse({
    schemaVersion: 2,
    title: 'Adder',
    createdAt: at,
    updatedAt: at,
    plan: { specSha256: '', spec: null, refined: false, warnings: [] },
    requirements: [{ id: 'R1', text: 'It adds.' }],
    tasks: [
      {
        id: 'T1',
        title: 'Write add',
        type: 'code',
        requirements: ['R1'],
        files: ['src/add.js'],
        ...more.task,
      },
    ],
  });
  const script = [{ script: 1 }, ...entries].map((line) => JSON.stringify(line)).join('\n');
  return createProject({
    'package.json': '{ "type": "module" }\n',
    'test/add.test.js': tests,
    'features/adder/spec.md': '# Adder\n\n## Requirements\n\n### R1: It adds.\n',
    'features/adder/tasks.json': JSON.stringify(document, null, 2),
    '.script.jsonl': script,
    ...more.files,
  });
}

const run = (cwd: string, ...args: string[]): Promise<CliResult> =>
  runCli(['run', 'adder', '--script', '.script.jsonl', ...where, ...args], { cwd });

const below = (cwd: string, path: string): Promise<string> =>
  readFile(join(cwd, 'features/adder/partial/T1/1', path), 'utf8');

describe('a run', () => {
  test('has wrong work corrected by the failing assertion, and approves what passes', async () => {
    // The corrector is answered only if it is shown the assertion and its place.
    const corrects = says('correct', add('+'), ['-1 !== 3', 'test/add.test.js:5']);
    const cwd = await project([says('execute', add('-')), corrects, reviews]);
    const result = await run(cwd, '--json');
    expect(result.stderr).toContain(
      'gate tests: failed (node --test: 1 failed, 0 passed; test/add.test.js:5',
    );
    expect(result.stderr).toContain('gate tests: passed (node --test: 1 test passed)');
    expect(result.exitCode).toBe(0);
    expect(jsonOf(result)).toMatchObject({
      tasks: [
        {
          status: 'done',
          result: {
            rounds: 2,
            gates: [{ gate: 'paths' }, { gate: 'syntax' }, { gate: 'tests', status: 'passed' }],
          },
        },
      ],
    });
    expect(await below(cwd, 'round-1/tests-node-test.log')).toMatch(/# exit code 1\n[^]*-1 !== 3/);
    expect(await below(cwd, 'round-2/tests-node-test.log')).toMatch(/passed: adds two numbers/);
    const journal = await readFile(join(cwd, 'features/adder/journal.jsonl'), 'utf8');
    const isolated = journal
      .split('\n')
      .filter((line) => line.includes('"status":') && line.includes('"gate":"tests"'));
    expect(isolated.every((line) => line.includes(`"isolated":${sandboxed}`))).toBe(true);
    const shown = await runCli(['show', 'adder', 'T1'], { cwd });
    expect(shown.stdout).toContain('- tests passed: node --test: 1 test passed');
  });

  test('does not approve what a reviewer praises and the tests refute', async () => {
    const stubborn = { when: { stage: 'correct' }, reply: { text: add('*') }, times: null };
    const cwd = await project([says('execute', add('-')), stubborn, reviews]);
    const result = await run(cwd);
    expect(result.exitCode).toBe(3);
    expect(result.stderr).toContain('needs review');
    const approve = await runCli(['approve', 'adder', 'T1', ...where], { cwd });
    expect(approve.exitCode).toBe(2);
    expect(approve.stderr).toMatch(/error\[gates-failed\].*tests failed/);
    expect(await below(cwd, 'approval/tests-node-test.log')).toContain('# exit code 1');
    // A person's own edit is checked in the same way.
    await writeFile(
      join(cwd, 'features/adder/partial/T1/1/files/src/add.js.draft'),
      'export const add = (a, b) => a + b;\n',
    );
    const edited = await runCli(['approve', 'adder', 'T1', ...where], { cwd });
    expect(edited).toMatchObject({ exitCode: 0 });
  });

  test('tells work that changes a test, and runs the test as it was', async () => {
    const edit = (from: string, to: string): string =>
      `EDIT: test/add.test.js\n<<<<<<< SEARCH\n${from}\n=======\n${to}\n>>>>>>> REPLACE\n`;
    const [right, weak] = ['  assert.equal(add(1, 2), 3);', '  assert.ok(add);'];
    const corrects = says('correct', edit(weak, right) + add('+'), ['tampering']);
    const cwd = await project([says('execute', add('-') + edit(right, weak)), corrects, reviews]);
    const result = await run(cwd);
    expect(result.stderr).toMatch(/gate tests: failed \(tampering: test\/add\.test\.js: /);
    expect(result.exitCode).toBe(0);
  });

  test('takes the command that it is given', async () => {
    const cwd = await project([says('execute', add('-')), reviews]);
    const result = await run(cwd, '--test-command', 'grep -q "a - b" src/add.js');
    expect(result.stderr).toMatch(
      /gate tests: passed \(grep .*how many tests it executed is not known/,
    );
    expect(result.exitCode).toBe(0);
  });

  test('runs the gates that it is given, in that order', async () => {
    const cwd = await project([says('execute', add('-')), reviews]);
    const result = await run(cwd, '--gates', 'syntax,paths');
    const gates = [...result.stderr.matchAll(/gate (\w+):/g)].map(([, name]) => name);
    expect(gates).toEqual(['syntax', 'paths']);
    expect(result.exitCode).toBe(0);
  });

  test('runs commands of the config after its step that sets up', async () => {
    const config = {
      gates: { run: ['commands'], commands: ['test -f made', 'false'], setup: 'touch made' },
    };
    const cwd = await project(
      [
        says('execute', add('+')),
        reviews,
        { when: { stage: 'correct' }, reply: { text: add('+') } },
      ],
      {
        files: { 'blueprint.config.json': JSON.stringify(config) },
      },
    );
    const result = await run(cwd);
    expect(result.stderr).toContain('gate commands: failed (false: exit code 1');
    expect(result.exitCode).toBe(3);
    const kept = Object.keys(await textsOf(join(cwd, 'features/adder/partial/T1/1/round-1')));
    expect(kept.sort()).toEqual([
      'candidate.md',
      'command-1.log',
      'command-2.log',
      'gates.json',
      'setup.log',
    ]);
  });

  test('leaves the project as it was', async () => {
    const cwd = await project(
      [
        says(
          'execute',
          `${add('+')}${file('test/more.test.js', "import { writeFileSync } from 'node:fs';\nimport { test } from 'node:test';\ntest('writes', () => writeFileSync('notes.txt', 'x'));")}`,
        ),
        reviews,
      ],
      { files: { 'notes.txt': 'mine' } },
    );
    expect((await run(cwd)).exitCode).toBe(0);
    expect(await readFile(join(cwd, 'notes.txt'), 'utf8')).toBe('mine');
    const own = Object.keys(await textsOf(cwd)).filter((path) => path.startsWith('.blueprint'));
    expect(own).toEqual(['.blueprint/index/.gitignore', '.blueprint/index/files.bin']);
  });
});

describe('the project before the work', () => {
  const right = { 'src/add.js': 'export const add = (a, b) => a + b;\n' };
  const broken =
    "import { test } from 'node:test';\ntest('old', () => { throw new Error('since May'); });\n";

  test('is run before a model is asked, and its failures are blamed on nobody', async () => {
    const cwd = await project([says('execute', `${add('+')}`), reviews], {
      files: { 'test/old.test.js': broken },
    });
    const result = await run(cwd);
    expect(result.exitCode, result.stderr).toBe(0);
    const told =
      'tests before any work: node --test, by the import of node:test in test/add.test.js: 0 tests passed, 2 failed: ';
    const before = result.stderr.indexOf(told);
    expect(before).toBeGreaterThan(-1);
    expect(before).toBeLessThan(result.stderr.indexOf('proposes'));
    expect(result.stderr).toContain('failed before this task too: test/old.test.js › old');
  });

  test('is what silenced tests are found by', async () => {
    const silenced = `${add('+')}${file('src/flag.js', 'export const ready = false;')}`;
    const files = {
      ...right,
      'src/flag.js': 'export const ready = true;\n',
      'test/flag.test.js':
        "import { test } from 'node:test';\nimport { ready } from '../src/flag.js';\ntest('flag', { skip: !ready }, () => {});\n",
    };
    const stubborn = { when: { stage: 'correct' }, reply: { text: silenced }, times: null };
    const cwd = await project([says('execute', silenced), stubborn, reviews], {
      task: { files: ['src/add.js', 'src/flag.js'] },
      files,
    });
    const result = await run(cwd);
    expect(result.exitCode).toBe(3);
    expect(result.stderr).toMatch(
      /gate tests: failed .*skipped by node --test, though executed before this task: flag/,
    );
  });

  test('without any test leaves code to a person, unless the config accepts it', async () => {
    const bare = { 'test/add.test.js': '', 'notes.md': 'x\n' };
    const cwd = await project([says('execute', add('+')), reviews], { files: bare });
    const result = await run(cwd, '--gates', 'tests');
    expect(result).toMatchObject({ exitCode: 0 });
    const asked = await project([says('execute', add('+')), reviews], { files: bare });
    const args = ['run', 'adder', '--script', '.script.jsonl', ...where];
    const waits = await runCli(args, { cwd: asked, env: { BLUEPRINT_TESTS_WHEN_NONE: 'review' } });
    expect(waits.exitCode).toBe(3);
    expect(waits.stderr).toMatch(/the project has no tests .*so nothing shows that the code works/);
  });
});

describe('a name that the task declares', () => {
  test('and that the work lacks goes to the corrector', async () => {
    const acceptance = ['`export function add(a, b)` gives the sum'];
    const right = file('src/add.js', 'export function add(a, b) {\n  return a + b;\n}');
    const cwd = await project(
      [
        says('execute', file('src/add.js', 'export const sum = (a, b) => a + b;')),
        says('correct', right, ['nothing defines add']),
        reviews,
      ],
      { task: { acceptance } },
    );
    const result = await run(cwd);
    expect(result.stderr).toContain('gate contract: failed');
    expect(result.stderr).toContain('gate contract: passed (1 declared name found)');
    expect(result.exitCode).toBe(0);
  });
});

describe('without a sandbox that works', () => {
  /** A PATH with node and git, and no bubblewrap. */
  async function bare(cwd: string): Promise<Record<string, string>> {
    const bin = join(dirname(cwd), 'bin');
    await mkdir(bin);
    for (const name of ['node', 'git', 'sh'])
      await symlink((await hostPrograms.find(name)) ?? '/bin/false', join(bin, name));
    return { PATH: bin };
  }

  test('work with tests waits for a person, with reason and way out, and no correction is tried', async () => {
    const cwd = await project([says('execute', add('+')), reviews]);
    const env = await bare(cwd);
    const result = await runCli(['run', 'adder', '--script', '.script.jsonl'], { cwd, env });
    expect(result.exitCode).toBe(3);
    expect(result.stderr).toMatch(
      /gate tests: errored \(not run: bubblewrap: .*--unsafe-no-sandbox/,
    );
    expect(result.stderr).toMatch(
      /needs review: A gate could not be run.*tests: not run: bubblewrap/,
    );
    expect(result.stderr).not.toContain('correction');
    const approve = await runCli(['approve', 'adder', 'T1'], { cwd, env });
    expect(approve.stderr).toMatch(/error\[gates-failed\].*tests errored/);
  });

  test('plain processes are used when that is asked for, and every result says so', async () => {
    const cwd = await project([says('execute', add('+')), reviews]);
    const env = await bare(cwd);
    const args = ['run', 'adder', '--script', '.script.jsonl', '--unsafe-no-sandbox', '--json'];
    const result = await runCli(args, { cwd, env });
    expect(result.exitCode).toBe(0);
    expect(result.stderr).toContain(
      'gate tests: passed (node --test: 1 test passed (not isolated))',
    );
    expect(JSON.stringify(jsonOf(result))).toContain('1 test passed (not isolated)');
  });

  test('gates that run no code do without', async () => {
    const cwd = await project([says('execute', add('-')), reviews]);
    const env = await bare(cwd);
    const args = ['run', 'adder', '--script', '.script.jsonl', '--gates', 'paths,syntax,contract'];
    expect((await runCli(args, { cwd, env })).exitCode).toBe(0);
  });
});

describe('what is asked wrongly', () => {
  test.each([
    [
      ['--gates', 'paths,tets'],
      /error\[config-unknown-value\] --gates cannot be «tets»[^]*«tests»/,
    ],
    [['--test-command', '  '], /error\[config-invalid\].*is empty/],
    [['--sandbox', 'bubblwrap'], /error\[config-unknown-value\].*«bubblwrap»[^]*«bubblewrap»/],
  ])('%s', async (args, words) => {
    const cwd = await project([]);
    const result = await run(cwd, ...args);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(words);
  });
});
