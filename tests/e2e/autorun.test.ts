import { access, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runHere } from '../helpers/in-process.ts';
import { jsonOf, projects, type CliResult } from '../helpers/run-cli.ts';
import { accepted, fileReply, planned } from './conversation.ts';

const createProject = projects();

interface Entry {
  readonly when: Readonly<Record<string, unknown>>;
  readonly reply: Readonly<Record<string, unknown>>;
  readonly times: null;
}
const always = (stage: string, text: string, task?: string): Entry => ({
  when: { stage, ...(task !== undefined && { task }) },
  reply: { text },
  times: null,
});
const reviews: Entry = { when: { stage: 'review' }, reply: { json: accepted }, times: null };
const scriptOf = (...entries: Entry[]): string =>
  [{ script: 1 }, ...entries].map((entry) => `${JSON.stringify(entry)}\n`).join('');

const hook = '.husky/pre-commit';
const withHook = `${fileReply('add.js', 'one\n')}\n${fileReply(hook, 'npm test\n')}`;

/** A feature with one task that lists these files, and scripted models. */
async function project(files: string[], script: string, more: Record<string, string> = {}) {
  const at = '2026-01-31T12:00:00.000Z';
  const task = {
    ...planned({ id: 'T1', title: 'Write add', type: 'code', files }),
    requirements: [],
  };
  const plan = { specSha256: '', spec: null, refined: false, warnings: [] };
  const times = { createdAt: at, updatedAt: at };
  const list = {
    schemaVersion: 2,
    title: 'Adder',
    ...times,
    plan,
    requirements: [],
    tasks: [task],
  };
  const cwd = await createProject({
    'features/adder/tasks.json': JSON.stringify(list),
    'script.jsonl': script,
    ...more,
  });
  const blueprint = (...args: string[]): Promise<CliResult> =>
    runHere(args, { cwd, env: { BLUEPRINT_SCRIPT: 'script.jsonl' } });
  return { cwd, blueprint };
}
const gates = ['--gates', 'paths'];
const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

describe.concurrent('work that changes what runs by itself', () => {
  test('unasked waits for a person, whose yes is for what they saw', async () => {
    const script = scriptOf(always('execute', withHook), reviews, always('correct', withHook));
    const { cwd, blueprint } = await project(['add.js'], script);

    const run = await blueprint('run', 'adder', ...gates);
    expect(run.exitCode, run.stderr).toBe(3);
    expect(run.stdout).toContain(`nobody asked for it: ${hook}`);
    // A gate refused it, so there was no review that could be repeated.
    expect(run.stdout).not.toContain('blueprint review');
    expect((await blueprint('show', 'adder', 'T1')).stdout).toContain(
      `! 1 change to what runs by itself that nobody asked for: ${hook}: git`,
    );
    const diff = await blueprint('diff', 'adder', 'T1');
    expect(diff.stderr).toContain(`! ${hook}: git`);
    expect(diff.stdout).toMatch(/^(?:diff|---) /);
    expect(jsonOf(await blueprint('diff', 'adder', 'T1', '--json'))).toMatchObject({
      autoruns: [{ path: hook, kind: 'hook', permittedBy: null }],
    });

    for (const args of [['--force'], ['--allow-autorun', '.github/']]) {
      const refused = await blueprint('approve', 'adder', 'T1', ...gates, ...args, '--json');
      expect(refused.exitCode).toBe(3);
      expect(jsonOf(refused)).toMatchObject({
        error: {
          code: 'autorun-not-allowed',
          target: hook,
          fix: expect.stringContaining(`blueprint approve adder T1 --allow-autorun ${hook}`),
        },
      });
    }
    const approve = ['approve', 'adder', 'T1', ...gates, '--json'];
    const approved = await blueprint(...approve, '--allow-autorun', '.husky/**');
    expect(approved.exitCode, approved.stderr).toBe(0);
    expect(jsonOf(approved)).toMatchObject({ autoruns: [{ path: hook, permittedBy: 'config' }] });

    // What was allowed at the approval is not asked again, and is listed.
    const applied = await blueprint('apply', 'adder');
    expect(applied.exitCode, applied.stderr).toBe(0);
    expect(applied.stdout).toContain(`! ${hook}: git`);
    expect(await readFile(join(cwd, hook), 'utf8')).toBe('npm test\n');
  });

  test('asked for passes without a question, and is listed', async () => {
    const workflow = '.github/workflows/ci.yml';
    const script = scriptOf(always('execute', fileReply(workflow, 'on: push\n')), reviews);
    const { blueprint } = await project([workflow], script);
    const run = await blueprint('run', 'adder', ...gates);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.stdout + run.stderr).toContain(
      `autorun before any work: the task list asks for what runs by itself: ${workflow}: `,
    );
    const applied = await blueprint('apply', 'adder', '--json');
    expect(applied.exitCode, applied.stderr).toBe(0);
    expect(jsonOf(applied)).toMatchObject({
      files: [{ path: workflow }],
      autoruns: [{ path: workflow, kind: 'ci', permittedBy: expect.stringMatching(/task|person/) }],
    });
  });

  test('is taken out by its author where the gate tells of it', async () => {
    const without = `DELETE: ${hook}\n`;
    const script = scriptOf(always('execute', withHook), reviews, always('correct', without));
    const { blueprint } = await project(['add.js'], script);
    const run = await blueprint('run', 'adder', ...gates, '--json');
    expect(run.exitCode, run.stderr).toBe(0);
    expect(jsonOf(await blueprint('diff', 'adder', '--json'))).toMatchObject({
      files: ['add.js'],
      autoruns: [],
    });
  });

  test('behind a link in the project is asked about where it is written', async () => {
    const script = scriptOf(always('execute', fileReply('tools/pre.sh', 'x\n')), reviews);
    const { cwd, blueprint } = await project(['tools/pre.sh'], script, { '.husky/keep': '' });
    await symlink('.husky', join(cwd, 'tools'));
    const run = await blueprint('run', 'adder', ...gates);
    expect(run.exitCode, run.stderr).toBe(0);
    const checked = await blueprint('apply', 'adder', '--check');
    expect(checked.stdout).toContain('! .husky/pre.sh');
    const refused = await blueprint('apply', 'adder');
    expect(refused.stderr).toContain('error[autorun-not-allowed]');
    expect(refused.exitCode).toBe(3);
    expect(await isThere(join(cwd, '.husky/pre.sh'))).toBe(false);
    expect((await blueprint('apply', 'adder', '--allow-autorun', '.husky/pre.sh')).exitCode).toBe(
      0,
    );
  });

  test('a config of a clone cannot allow it', async () => {
    const config = JSON.stringify({ gates: { allowAutorun: ['*'] } });
    const script = scriptOf(always('execute', withHook), reviews, always('correct', withHook));
    const { cwd } = await project(['add.js'], script, { 'blueprint.config.json': config });
    const env = { BLUEPRINT_SCRIPT: 'script.jsonl', BLUEPRINT_TRUST: '' };
    const refused = await runHere(['run', 'adder', ...gates], { cwd, env });
    expect(refused.stderr).toContain('gates.allowAutorun');
    expect(refused.exitCode).toBe(2);
  });

  test('an answer that holds it is not written out', async () => {
    const cwd = await createProject({ 'script.jsonl': scriptOf(always('ask', withHook), reviews) });
    const env = { BLUEPRINT_SCRIPT: 'script.jsonl' };
    const asked = ['ask', 'Write add in JavaScript', '--out', 'out', ...gates, '--json'];
    const held = await runHere(asked, { cwd, env });
    expect(held.exitCode, held.stderr).toBe(3);
    expect(jsonOf(held)).toMatchObject({ needsReview: ['autorun_not_allowed'], out: null });
    expect(await isThere(join(cwd, 'out'))).toBe(false);
    const allowed = await runHere([...asked, '--allow-autorun', hook], { cwd, env });
    expect(allowed.exitCode, allowed.stderr).toBe(0);
    expect(await readFile(join(cwd, 'out', hook), 'utf8')).toBe('npm test\n');
  });
});
