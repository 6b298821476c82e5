import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { manifestSchema } from '../../src/state/work-folder.ts';
import { runHere as runCli } from '../helpers/in-process.ts';
import { jsonOf, projects, treeOf, writeFiles, type CliOptions } from '../helpers/run-cli.ts';
import { accepted } from './conversation.ts';

const createProject = projects();

const brief = `# Link checker

A command line tool that finds broken links in Markdown files.

## Features
- Read all Markdown files of a folder.
- Report each broken link with file and line.

## Constraints
- Node 20, no dependencies.
`;

/** A project with one planned feature. */
async function planned(files: Record<string, string> = {}): Promise<string> {
  const cwd = await createProject({ 'brief.md': brief, ...files });
  const made = await runCli(['new', 'brief.md', '--name', 'links', '--quiet'], { cwd });
  expect(made).toMatchObject({ exitCode: 0, stderr: '' });
  return cwd;
}

const at = (cwd: string, more: Partial<CliOptions> = {}): CliOptions => ({ cwd, ...more });
const text = (cwd: string, path: string): Promise<string> => readFile(join(cwd, path), 'utf8');

describe.concurrent('without any key', () => {
  test('a brief on stdin becomes a plan, and the run writes scaffolds that wait for a person', async () => {
    const cwd = await createProject();
    const made = await runCli(['new', '-'], at(cwd, { input: brief }));
    expect(made.exitCode).toBe(0);
    expect(made.stdout).toContain('Next: blueprint run link-checker');
    expect(made.stdout).toContain(
      'Set ANTHROPIC_API_KEY or OPENAI_API_KEY or GEMINI_API_KEY to have models',
    );
    expect(await text(cwd, 'features/link-checker/brief.md')).toBe(brief);
    expect(await text(cwd, 'features/link-checker/spec.md')).toContain(
      'Report each broken link with file and line',
    );

    const manifest = manifestSchema.parse(
      JSON.parse(await text(cwd, 'features/link-checker/manifest.json')),
    );
    expect(manifest).toMatchObject({ kind: 'features', version: 1 });

    const run = await runCli(['run', 'link-checker'], at(cwd));
    expect(run.exitCode).toBe(3);
    const lines = run.stdout.split('\n').filter((line) => line.includes('ANTHROPIC_API_KEY'));
    expect(lines).toEqual([
      'No model was reachable, so these are scaffolds made by rules. Set ANTHROPIC_API_KEY or OPENAI_API_KEY or GEMINI_API_KEY to have models write the code.',
    ]);
    const files = Object.keys(await treeOf(join(cwd, 'features/link-checker/partial')));
    expect(files).toContain('T1/1/files/docs/design.md.draft');
    expect(files).toContain('T2/1/files/package.json.draft');
    expect(files.some((file) => /^T3\/1\/files\/src\/.+\.js\.draft$/.test(file))).toBe(true);
    expect(await treeOf(cwd)).not.toHaveProperty('features/link-checker/workspace');

    const again = await runCli(['run', 'link-checker'], at(cwd));
    expect(again.exitCode).toBe(3);
    expect(again.stderr).toBe('');
  });

  test('once a model can be reached, it is said how it writes what rules stood in for', async () => {
    const cwd = await planned();
    expect((await runCli(['run', 'links'], at(cwd))).exitCode).toBe(3);
    const entries = [
      { script: 1 },
      {
        when: { stage: 'execute' },
        reply: { text: 'FILE: docs/design.md\n````\nBy a model.\n````\n' },
        times: null,
      },
      { when: { stage: 'review' }, reply: { json: accepted }, times: null },
    ];
    const script = entries.map((entry) => JSON.stringify(entry)).join('\n');
    await writeFiles(cwd, { 'script.jsonl': script });
    const env = { BLUEPRINT_SCRIPT: 'script.jsonl' };

    const told = await runCli(['run', 'links'], at(cwd, { env }));
    expect(told.stdout).toContain('blueprint run links --replace-scaffolds');
    expect(told.stdout).not.toContain('API_KEY');

    const replace = ['run', 'links', '--task', 'T1', '--replace-scaffolds', '--gates', 'paths'];
    const run = await runCli(replace, at(cwd, { env }));
    expect(run.exitCode, run.stderr).toBe(0);
    expect((await runCli(['diff', 'links', 'T1'], at(cwd))).stdout).toContain('+By a model.');
    const show = await runCli(['show', 'links', 'T2'], at(cwd));
    expect(show.stdout).toContain('needs review');
  });

  test('a brief through a pipe needs no dash', async () => {
    const cwd = await createProject();
    const made = await runCli(['new', '--name', 'piped'], at(cwd, { input: brief }));
    expect(made.exitCode).toBe(0);
    expect(await text(cwd, 'features/piped/brief.md')).toBe(brief);
  });

  test('--spec takes the input as the spec, word by word', async () => {
    const spec =
      '# Tiny\n\n## Requirements\n\n### R1: It prints its version\n\n- `tiny -v` prints it.\n';
    const cwd = await createProject({ 'spec.md': spec });
    const made = await runCli(['new', 'spec.md', '--spec', '--json'], at(cwd));
    expect(made.exitCode).toBe(0);
    expect(await text(cwd, 'features/tiny/spec.md')).toBe(spec);
    expect(jsonOf(made)).toMatchObject({
      feature: 'tiny',
      document: { requirements: [{ id: 'R1', text: 'It prints its version' }] },
    });
  });

  test('--context shows files by glob, and says what it leaves out', async () => {
    const cwd = await createProject({
      'brief.md': brief,
      'src/a.js': 'export const a = 1;\n',
      'src/picture.png': new Uint8Array([137, 80, 78, 71, 0, 1, 2]),
    });
    const made = await runCli(['new', 'brief.md', '--context', 'src/**/*'], at(cwd));
    expect(made.exitCode).toBe(0);
    expect(made.stderr).toMatch(/context: left out src\/picture\.png: .+/);
    expect(made.stderr).not.toContain('left out src/a.js');

    const none = await createProject({ 'brief.md': brief });
    const empty = await runCli(['new', 'brief.md', '--context', 'nothing/**'], at(none));
    expect(empty).toMatchObject({ exitCode: 2 });
    expect(empty.stderr).toContain('nothing/**');
  });

  test('a person edits, approves, rejects, and sees what changes', async () => {
    const cwd = await planned();
    expect((await runCli(['run', 'links', '--quiet'], at(cwd))).exitCode).toBe(3);

    const proposed = await runCli(['diff', 'links', 'T1'], at(cwd));
    expect(proposed).toMatchObject({ exitCode: 0, stderr: '' });
    expect(proposed.stdout).toMatch(
      /^diff --git a\/docs\/design\.md b\/docs\/design\.md\nnew file/,
    );

    const partial = 'features/links/partial/T1/1/files/docs/design.md.draft';
    await writeFiles(cwd, { [partial]: '# The design, by a person\n' });
    const approved = await runCli(['approve', 'links', 'T1'], at(cwd));
    expect(approved.exitCode).toBe(0);
    expect(approved.stdout).toContain('docs/design.md (with your edits)');
    expect(await text(cwd, 'features/links/workspace/docs/design.md.draft')).toBe(
      '# The design, by a person\n',
    );
    const shown = jsonOf(await runCli(['show', 'links', 'T1', '--json'], at(cwd)));
    expect(shown).toMatchObject({
      state: 'done',
      task: { result: { outcome: 'approved', by: 'person' } },
    });
    const all = await runCli(['diff', 'links'], at(cwd));
    expect(all.stdout).toContain('+# The design, by a person');

    const rejected = await runCli(
      ['reject', 'links', 'T2', '--feedback', 'Use pnpm.', '--later'],
      at(cwd),
    );
    expect(rejected.exitCode).toBe(0);
    expect(rejected.stdout).toContain('blueprint run links --task T2');
    const t2 = jsonOf(await runCli(['show', 'links', 'T2', '--json'], at(cwd)));
    expect(t2).toMatchObject({
      state: 'ready',
      task: { status: 'pending', result: { outcome: 'rejected', feedback: 'Use pnpm.' } },
    });
    const prompt = await runCli(['show', 'links', 'T2', '--prompt'], at(cwd));
    expect(prompt.stdout).toContain('Use pnpm.');

    const twice = await runCli(['approve', 'links', 'T1'], at(cwd));
    expect(twice.exitCode).toBe(2);
    expect(twice.stderr).toContain('error[not-in-review] Task T1 is done');
  });

  test('an edit that does not parse is not approved unless forced', async () => {
    const cwd = await planned();
    await runCli(['run', 'links', '--quiet'], at(cwd));
    await writeFiles(cwd, {
      'features/links/partial/T2/1/files/package.json.draft': '{ "name": \n',
    });
    const before = await treeOf(join(cwd, 'features/links/partial'));
    const refused = await runCli(['approve', 'links', 'T2'], at(cwd));
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('error[gates-failed] Task T2 ');
    expect(refused.stderr).toContain('--force');
    expect(await treeOf(join(cwd, 'features/links/partial'))).toEqual(before);
    // What no npm can read may be read by another tool, which would run what stands there.
    const forced = await runCli(['approve', 'links', 'T2', '--force'], at(cwd));
    expect(forced.exitCode).toBe(3);
    expect(forced.stderr).toContain('error[autorun-not-allowed]');
    const allowed = ['--force', '--allow-autorun', 'package.json'];
    expect((await runCli(['approve', 'links', 'T2', ...allowed], at(cwd))).exitCode).toBe(0);
    expect(await text(cwd, 'features/links/workspace/package.json.draft')).toBe('{ "name": \n');
  });

  test('show, next, status and list tell the same story', async () => {
    const cwd = await planned();
    const next = await runCli(['next'], at(cwd));
    expect(next.stdout).toMatch(/^links T1: .+\nready, architecture\nblueprint run links\n$/);
    const status = await runCli(['status', 'links'], at(cwd));
    expect(status.stdout).toContain('0/4 settled · 1 ready · 3 blocked');
    expect(status.stdout).toContain('ready: T1');
    const list = await runCli(['list'], at(cwd));
    expect(list.stdout).toMatch(
      /^feature +settled +waits for you +title\nlinks +0\/4 +0 +Link checker\n$/,
    );
    expect((await runCli(['show', 'links', '--spec'], at(cwd))).stdout).toBe(
      await text(cwd, 'features/links/spec.md'),
    );
    expect((await runCli(['show', 'links', 'T3', '--prompt'], at(cwd))).stdout).toContain(
      'Report each broken link with file and line',
    );

    await runCli(['run', 'links', '--quiet'], at(cwd));
    expect((await runCli(['next', 'links'], at(cwd))).stdout).toContain(
      'waits for your review: Written by rules without a model',
    );
    expect((await runCli(['status'], at(cwd))).stdout).toContain(
      'needs your review: T1, T2, T3, T4',
    );
    expect((await runCli(['list'], at(cwd))).stdout).toMatch(/\nlinks +0\/4 +4 /);
  });

  test('tasks are added, edited, removed, and their status is set by hand', async () => {
    const cwd = await planned();
    const task = async (...args: string[]) => runCli(['task', ...args], at(cwd));
    const added = await task('add', 'links', '--title', 'Write a man page', '--depends-on', 'T3');
    expect(added).toMatchObject({ exitCode: 0, stdout: 'Added T5: Write a man page\n' });
    const edited = await task('edit', 'links', 'T5', '--type', 'boilerplate', '--files', 'man/l.1');
    expect(edited).toMatchObject({ exitCode: 0, stdout: 'Changed T5: Write a man page\n' });
    const set = await task('set-status', 'links', 'T1', 'skipped');
    expect(set.stdout).toBe('T1: pending → skipped, set by hand\n');
    const needed = await task('remove', 'links', 'T3');
    expect(needed.exitCode).toBe(2);
    expect(needed.stderr).toContain('Task T3 is needed by');
    expect((await task('remove', 'links', 'T5')).stdout).toBe('Removed T5: Write a man page\n');
    const document = JSON.parse(await text(cwd, 'features/links/tasks.json')) as {
      tasks: { id: string; status: string; result: unknown }[];
    };
    expect(document.tasks.map(({ id }) => id)).toEqual(['T1', 'T2', 'T3', 'T4']);
    expect(document.tasks[0]).toMatchObject({
      status: 'skipped',
      result: { outcome: 'set_by_hand', by: 'person' },
    });
  });

  test('a run takes only the tasks and types it was asked for', async () => {
    const cwd = await planned();
    const blocked = await runCli(['run', 'links', '--task', 'T3'], at(cwd));
    expect(blocked.exitCode).toBe(2);
    expect(blocked.stderr).toContain('error[task-blocked] Task T3 waits for T1');
    expect(blocked.stderr).toMatch(/fix: .*blueprint run links --task T1 .*--task T3/);
    const one = await runCli(['run', 'links', '--task', 'T1', '--json'], at(cwd));
    expect(one.exitCode).toBe(3);
    expect(jsonOf(one)['settled']).toEqual([{ task: 'T1', status: 'needs_review' }]);
    const typed = await runCli(['run', 'links', '--type', 'boilerplate', '--json'], at(cwd));
    expect(jsonOf(typed)['settled']).toEqual([{ task: 'T2', status: 'needs_review' }]);
  });

  test('--dry-run shows order, routes and sizes, and changes no file', async () => {
    const cwd = await planned();
    const before = await treeOf(cwd);
    const dry = await runCli(['run', 'links', '--dry-run'], at(cwd));
    expect(dry.exitCode).toBe(0);
    expect(dry.stdout).toMatch(/\n1 +T1 +ready +architecture .*offline\/planner +\d+\n/);
    expect(dry.stdout).toContain('Critical path: T1 → ');
    expect(dry.stdout).toContain('No call was made.');
    const json = jsonOf(await runCli(['run', 'links', '--dry-run', '--json'], at(cwd)));
    expect(json).toMatchObject({ feature: 'links', dryRun: true });
    expect(await treeOf(cwd)).toEqual(before);
  });

  test('doctor names what each role would use, and the variables that help', async () => {
    const cwd = await createProject();
    const doctor = await runCli(['doctor'], at(cwd));
    expect(doctor.exitCode).toBe(0);
    expect(doctor.stdout).toContain('no key is set');
    expect(doctor.stdout).toMatch(/anthropic +no +ANTHROPIC_API_KEY is not set/);
    expect(doctor.stdout).toMatch(/coder +offline\/planner/);
    const keyed = await runCli(['doctor'], at(cwd, { env: { OPENAI_API_KEY: 'sk-secret-1234' } }));
    expect(keyed.stdout).toMatch(/openai +yes/);
    expect(keyed.stdout).toMatch(/coder +openai\//);
    expect(keyed.stdout + keyed.stderr).not.toContain('sk-secret-1234');
    expect(await treeOf(cwd)).toEqual({});
  });
});

describe.concurrent('init', () => {
  test('without a terminal and without --yes it shows what it would write, and writes nothing', async () => {
    const cwd = await createProject({ '.gitignore': 'node_modules' });
    const before = await treeOf(cwd);
    const shown = await runCli(['init'], at(cwd));
    expect(shown.exitCode).toBe(3);
    expect(shown.stderr).toContain(join(cwd, '.gitignore'));
    expect(shown.stderr).toContain('  + features/*/journal.jsonl');
    expect(shown.stdout).toContain('--yes');
    expect(await treeOf(cwd)).toEqual(before);
    const json = await runCli(['init', '--json'], at(cwd));
    expect(jsonOf(json)).toMatchObject({ written: [] });
    expect(await treeOf(cwd)).toEqual(before);
  });

  test('--yes adds to the files of the user and keeps every line of them', async () => {
    const cwd = await createProject({ '.gitignore': 'node_modules' });
    const made = await runCli(['init', '--yes'], at(cwd));
    expect(made.exitCode).toBe(0);
    const ignored = await text(cwd, '.gitignore');
    expect(ignored.startsWith('node_modules\n# blueprint')).toBe(true);
    expect(ignored).toContain('\nfeatures/*/calls/\n');
    expect(ignored).toContain('\nfeatures/.archive/*/calls/\n');
    expect(JSON.parse(await text(cwd, 'blueprint.config.json'))).toBeTypeOf('object');
    const before = await treeOf(cwd);
    const again = await runCli(['init', '--yes'], at(cwd));
    expect(again.stdout).toContain('Nothing to write');
    expect(await treeOf(cwd)).toEqual(before);
    expect((await runCli(['doctor'], at(cwd))).exitCode).toBe(0);
  });

  test('a config in TypeScript is read, too', async () => {
    const config = "const folder: string = 'plans';\nexport default { featuresDir: folder };\n";
    const cwd = await createProject({ 'blueprint.config.ts': config, 'sub/brief.md': brief });
    const made = await runCli(['new', 'brief.md', '--name', 'links', '-C', 'sub'], at(cwd));
    expect(made, made.stderr).toMatchObject({ exitCode: 0 });
    expect(await treeOf(cwd)).toHaveProperty(['plans/links/tasks.json']);
  });

  test('a config that is there stays as it is', async () => {
    const cwd = await createProject({ 'blueprint.config.yaml': '# mine\nfeaturesDir: plans\n' });
    expect((await runCli(['init', '--yes'], at(cwd))).exitCode).toBe(0);
    expect(await text(cwd, 'blueprint.config.yaml')).toBe('# mine\nfeaturesDir: plans\n');
    expect(await text(cwd, '.gitignore')).toContain('plans/*/journal.jsonl');
    expect(Object.keys(await treeOf(cwd)).sort()).toEqual(['.gitignore', 'blueprint.config.yaml']);
  });
});
