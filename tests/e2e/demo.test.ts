import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { runHere } from '../helpers/in-process.ts';
import { jsonOf, projects, startCli, textsOf, treeOf } from '../helpers/run-cli.ts';

const createProject = projects();

interface DemoReport {
  readonly tests: { readonly passed: boolean; readonly summary: string };
  readonly tasks: readonly {
    readonly id: string;
    readonly status: string;
    readonly result: { readonly outcome: string; readonly by: string; readonly rounds: number };
  }[];
}

describe.concurrent('the demo', () => {
  test('stopped and started again: all is approved, and the produced code passes its own tests', async ({
    expect,
  }) => {
    const cwd = await createProject();
    const env = { BLUEPRINT_ACCEPTANCE: 'hidden', BLUEPRINT_MUTANTS: '1' };
    const first = startCli(['demo'], { cwd, env });
    const journal = join(cwd, 'blueprint-demo/features/duration/journal.jsonl');
    await expect
      .poll(() => readFile(journal, 'utf8').catch(() => ''), { timeout: 120_000 })
      .toContain('"type":"review-finish"');
    first.kill('SIGINT');
    expect((await first.ended).exitCode).toBe(130);

    const second = await runHere(['demo', '--json'], { cwd, env });
    expect(second, second.stderr).toMatchObject({ exitCode: 0 });
    expect(second.stderr).toContain('they are hand-written');
    // Where a sandbox works, criteria are tests that fail first; where none does, that is said, and a review finds it.
    expect(second.stderr).toMatch(
      /The gate tests runs .*T3 +gate tests: failed.* R2\.1 refuses.*T5 +gate tests: passed|Without the gate tests, as no sandbox works.*T3 +review 1 by .*: revise/s,
    );
    expect(second.stderr).toMatch(/T3 +review 2 by .*: accept/);
    const { tests, tasks } = jsonOf(second) as unknown as DemoReport;
    expect(tests.passed).toBe(true);
    expect(tasks.length).toBeGreaterThan(4);
    for (const { id, status, result } of tasks) {
      expect(status, id).toBe('done');
      expect(result, id).toMatchObject({ outcome: 'approved', by: 'supervisor' });
    }

    const workspace = join(cwd, 'blueprint-demo/features/duration/workspace');
    const demo = join(cwd, 'blueprint-demo');
    expect((await runHere(['apply', 'duration'], { cwd: demo })).exitCode).toBe(0);
    const own = await execa(process.execPath, ['--test'], {
      cwd: demo,
      env: { NODE_TEST_CONTEXT: undefined },
    });
    expect(own.stdout).toMatch(/^(?:#|ℹ) fail 0$/m);
    expect(own.stdout).toMatch(
      new RegExp(`^(?:#|ℹ) pass ${/^\d+/.exec(tests.summary)?.[0]}$`, 'm'),
    );
    expect((await runHere(['undo', 'duration'], { cwd: demo })).exitCode).toBe(0);

    // The worked example in the repository is what the program makes.
    const kept = await textsOf('features/duration/workspace');
    expect(await textsOf(workspace)).toEqual(kept);

    const before = await treeOf(workspace);
    const third = await runHere(['demo'], { cwd, env });
    expect(third.exitCode).toBe(0);
    expect(third.stdout).toMatch(/node --test\): \d+ passed, 0 failed/);
    expect(third.stderr).not.toMatch(/starts:/);
    expect(await treeOf(workspace)).toEqual(before);
  });

  test.for([
    { name: 'a folder with files', files: { 'notes.txt': 'mine' } },
    {
      name: 'a project of its own',
      files: { 'blueprint.config.json': '{}\n', 'features/mine/brief.md': '# Mine\n' },
    },
    {
      name: 'a project with a config',
      files: { 'blueprint.config.json': '{ "executor": { "concurrency": 2 } }\n' },
    },
  ])('leaves $name alone', async ({ files }) => {
    const cwd = await createProject(files);
    const before = await treeOf(cwd);
    const result = await runHere(['demo', '.'], { cwd });
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toContain('error[demo-folder-used]');
    expect(result.stderr).toContain('fix: Give another folder');
    expect(await treeOf(cwd)).toEqual(before);
  });

  test('leaves a file alone that stands in the place of its folder', async () => {
    const cwd = await createProject({ 'blueprint-demo': 'mine' });
    const result = await runHere(['demo'], { cwd });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('is not a folder');
    expect(await readFile(join(cwd, 'blueprint-demo'), 'utf8')).toBe('mine');
  });
});
