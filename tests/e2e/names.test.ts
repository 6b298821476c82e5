import { join } from 'node:path';
import { expect, test } from 'vitest';
import { claim } from '../../src/files/claim.ts';
import { currentProcess } from '../../src/files/process-identity.ts';
import { runHere as runCli } from '../helpers/in-process.ts';
import { jsonOf, projects, treeOf, type CliResult } from '../helpers/run-cli.ts';
import { plannedFiles } from './planned-feature.ts';

const createProject = projects();

/** The planned feature `links`, and others beside it. */
async function project(...others: string[]) {
  const files = others.map((name) => [`features/${name}/brief.md`, '# Another\n\nIt is.\n']);
  const cwd = await createProject({ ...plannedFiles, ...Object.fromEntries(files) });
  const blueprint = (...args: string[]): Promise<CliResult> => runCli(args, { cwd });
  return { cwd, blueprint };
}

test('a feature is known by the beginning of its name, a task in any case', async () => {
  const { blueprint } = await project('lists');
  expect(jsonOf(await blueprint('show', 'lin', 't3', '--json'))).toMatchObject({
    feature: 'links',
    task: { id: 'T3' },
  });
  const set = await blueprint('task', 'set-status', 'LINK', 't1', 'skipped');
  expect(set.stdout, set.stderr).toContain('T1: pending → skipped');
  const edit = await blueprint('task', 'edit', 'link', 't3', '--depends-on', 't2', '--json');
  expect(jsonOf(edit)).toMatchObject({ task: { id: 'T3', dependsOn: ['T2'] } });
  const dry = await blueprint('run', 'link', '--task', 't2', '--dry-run', '--json');
  expect(jsonOf(dry)).toMatchObject({ feature: 'links', tasks: [{ task: { id: 'T2' } }] });
  const unclear = await blueprint('status', 'li');
  expect(unclear).toMatchObject({ exitCode: 2, stdout: '' });
  expect(unclear.stderr).toContain('error[feature-ambiguous]');
  expect(unclear.stderr).toContain('links, lists');
});

test('help COMMAND is its page, with examples; statuses are listed', async () => {
  const { blueprint } = await project();
  const page = await blueprint('run', '--help');
  expect(page.stdout).toMatch(/Examples:\n {2}blueprint run links/);
  expect(await blueprint('help', 'run')).toEqual(page);
  expect((await blueprint('help', 'statsu')).stderr).toContain('Did you mean: blueprint status?');
  const task = await blueprint('help', 'task');
  for (const status of ['pending', 'needs_review', 'done', 'failed', 'skipped'])
    expect(task.stdout).toContain(status);
  expect((await blueprint('rum', 'links')).stderr).not.toContain('Did you mean');
});

test('a feature is put aside and taken back, or deleted when that is confirmed', async () => {
  const { cwd, blueprint } = await project('other');
  const before = await treeOf(join(cwd, 'features/links'));
  const put = await blueprint('archive', 'link');
  expect(put.stdout, put.stderr).toContain('links is archived: features/.archive/links');
  expect(put.stdout).toContain('Not settled: T1, T2, T3, T4.');
  expect((await blueprint('list')).stdout).not.toContain('links');
  expect((await blueprint('list', '--archived')).stdout).toMatch(/^links\n[^]*links --restore/);
  expect((await blueprint('archive', 'links', '--restore')).stdout).toContain('links is back');
  expect(await treeOf(join(cwd, 'features/links'))).toEqual(before);
  expect((await blueprint('archive', 'links', '--restore')).stderr).toContain('not-archived');

  const refused = await blueprint('rm', 'links');
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toMatch(/error\[not-confirmed\][^]*Not settled: T1[^]*--yes/);
  expect((await blueprint('rm', 'link', '--yes')).stderr).toContain('error[feature-not-found]');
  expect(await treeOf(join(cwd, 'features/links'))).toEqual(before);
  expect((await blueprint('rm', 'links', '--yes')).stdout).toContain('links is deleted');
  expect(await treeOf(join(cwd, 'features'))).not.toHaveProperty('links');
});

test('what a run works on is not taken from below it', async () => {
  const { cwd, blueprint } = await project();
  await blueprint('task', 'set-status', 'links', 'T1', 'skipped');
  const held = await claim(
    join(cwd, 'features/links/leases/T2.json'),
    { self: currentProcess(), now: () => new Date(), staleMs: 60_000 },
    'run-1',
  );
  expect(held).toHaveProperty('claim');
  for (const args of [
    ['archive', 'links'],
    ['rm', 'links', '--yes'],
  ]) {
    const result = await blueprint(...args);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(/error\[feature-in-use\] .* being worked on by run run-1/);
  }
});
