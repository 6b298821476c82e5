import { cp, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { currentProcess } from '../../src/files/process-identity.ts';
import { runHere as runCli } from '../helpers/in-process.ts';
import { jsonOf, projects } from '../helpers/run-cli.ts';

/**
 * A project that version 0.1.0 made, whose `run`, `ask` and `tournament` were each killed: T1 and T2 are done,
 * T3 is written and not reviewed; two answers wait to be merged; two candidates have half their critics. The
 * script holds the replies that were still to come: what was paid for and is asked again is an error.
 */
const fixture = resolve('tests/fixtures/project-0.1.0');
const createProject = projects();

async function oldProject(): Promise<string> {
  const cwd = await createProject();
  await cp(fixture, cwd, { recursive: true });
  // The leases of a process of this machine that is gone.
  const { pid } = spawnSync(process.execPath, ['-e', '0']);
  const dead = { ...currentProcess(), pid, started: '1' };
  for (const path of await readdir(cwd, { recursive: true }))
    if (path.endsWith('.json') && dirname(path).endsWith('leases')) {
      const lease = JSON.parse(await readFile(join(cwd, path), 'utf8')) as object;
      await writeFile(join(cwd, path), JSON.stringify({ ...lease, ...dead }));
    }
  return cwd;
}

const tournament = ['tournament', '--spec', 'clamp.md', '-k', '2', '--critics', 'contracts,tests'];
const ask = ['ask', 'Write a clamp function in JavaScript', '--mode', 'medium'];

describe('a project of version 0.1.0', () => {
  test('is listed, shown and accounted for as it was', async () => {
    const cwd = await oldProject();
    expect(jsonOf(await runCli(['list', '--json'], { cwd }))).toMatchObject({
      features: [{ feature: 'duration', progress: { total: 7, settled: 2 }, problem: null }],
    });
    const shown = await runCli(['show', 'duration'], { cwd });
    expect(shown).toMatchObject({ exitCode: 0, stderr: '' });
    expect(shown.stdout).toMatch(/T1 .*done/);
    const task = await runCli(['show', 'duration', 'T1', '--json'], { cwd });
    expect(JSON.stringify(jsonOf(task))).toContain('"outcome":"approved"');
    expect(jsonOf(await runCli(['cost', 'duration', '--json'], { cwd }))).toMatchObject({
      total: { calls: 8 },
    });
    expect(jsonOf(await runCli(['status', 'duration', '--json'], { cwd }))).toMatchObject({
      features: [{ feature: 'duration', inProgress: ['T3'], ready: ['T4'], work: { files: 6 } }],
    });
  });

  test('is run to its end, and no finished call is asked for again', async () => {
    const cwd = await oldProject();
    // Its reviewer was not asked for what a finding cites.
    const run = await runCli(['run', 'duration', '--json', '--findings', 'any'], { cwd });
    expect(run.exitCode, run.stderr).toBe(0);
    const { tasks } = jsonOf(run) as { tasks: { status: string }[] };
    expect(tasks.map(({ status }) => status)).toEqual(Array(7).fill('done'));
    // Eight before the kill, ten after it.
    expect(jsonOf(await runCli(['cost', 'duration', '--json'], { cwd }))).toMatchObject({
      total: { calls: 18 },
    });
    expect((await runCli(['apply', 'duration'], { cwd })).exitCode).toBe(0);
    expect(await readFile(join(cwd, 'src/parse.js'), 'utf8')).toContain('export function parse');
  });

  test.each([
    ['question', 'asks', ask],
    ['tournament', 'tournaments', tournament],
  ])(
    'has its %s begun anew by prompts that are others now, in the same folder',
    async (_name, folder, command) => {
      const cwd = await oldProject();
      const [name = ''] = await readdir(join(cwd, folder));
      const calls = join(cwd, folder, name, 'calls');
      const kept = (await readdir(calls)).sort();
      await answerAgain(cwd, calls, kept);
      const again = await runCli([...command, '--json'], { cwd });
      expect(again.exitCode, again.stderr).toBe(0);
      expect(jsonOf(again)).toMatchObject({ cost: { avoided: { calls: 0 } } });
      expect(await readdir(join(cwd, folder))).toEqual([name]);
      expect(await readdir(calls)).toEqual(expect.arrayContaining(kept));
    },
  );
});

/** Has the script say once more what calls were answered. */
async function answerAgain(cwd: string, calls: string, kept: readonly string[]): Promise<void> {
  const lines = await Promise.all(
    kept.map(async (file) => {
      const { text } = JSON.parse(await readFile(join(calls, file), 'utf8')) as { text: string };
      const candidate = /^CANDIDATE: (C\d)/.exec(text)?.[1];
      if (candidate !== undefined)
        return { when: { stage: 'execute', task: 'spec', candidate }, reply: { text } };
      if (text.startsWith('FILE: ')) return { when: { stage: 'ask' }, reply: { text } };
      const of = /candidate-\w+/.exec(text)?.[0] ?? '';
      const when = { stage: 'critique', critic: 'contracts', contains: [of] };
      return { when, reply: { json: JSON.parse(text) as unknown } };
    }),
  );
  const script = join(cwd, 'script.jsonl');
  const before = await readFile(script, 'utf8');
  await writeFile(
    script,
    [before.trimEnd(), ...lines.map((line) => JSON.stringify(line)), ''].join('\n'),
  );
}
