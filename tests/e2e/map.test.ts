import { mkdirSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { jsonOf, projects, runCli, startCli, writeFiles } from '../helpers/run-cli.ts';
import { git, makeRepository } from '../workspace/workspaces.ts';

const newProject = projects();

const sources = Object.fromEntries(
  Array.from({ length: 300 }, (_, file) => [
    `src/part${file % 7}/module${file}.ts`,
    `import { name${file + 1} } from '../part${(file + 1) % 7}/module${file + 1}.ts';\n` +
      `export const name${file} = name${file + 1};\n`.repeat(60),
  ]),
);

async function repository(): Promise<string> {
  const root = await newProject(sources);
  await makeRepository(root);
  await git(root, 'add', '-A');
  await git(root, 'commit', '-q', '-m', 'All');
  return root;
}

const asked = ['map', 'module17 name42', '--json'];

describe('the index', () => {
  test('several processes that make it and read it at once say the same', async () => {
    const root = await repository();
    const all = await Promise.all(Array.from({ length: 4 }, () => runCli(asked, { cwd: root })));
    for (const { exitCode, stdout } of all)
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: all[0]?.stdout });
    const again = await runCli(asked, { cwd: root });
    expect(again.stdout).toBe(all[0]?.stdout);
    expect(again.stderr).toBe('');
    expect(await git(root, 'status', '--porcelain')).toBe('');
    expect(await readdir(join(root, '.blueprint/index'))).toEqual(['.gitignore', 'files.bin']);
  });

  test('is made anew after a kill at any time, and leaves nothing for git to see', async () => {
    const root = await repository();
    for (let time = 0; time < 6; time += 1) {
      await writeFiles(root, { 'src/changed.ts': `export const changed = ${time};\n`.repeat(100) });
      const running = startCli(asked, { cwd: root });
      await new Promise((resolve) => setTimeout(resolve, 250 + time * 150));
      running.kill('SIGKILL');
      await running.ended;
      expect(await git(root, 'status', '--porcelain')).toBe('?? src/changed.ts');
    }
    const { exitCode, stdout } = await runCli(asked, { cwd: root });
    expect(exitCode).toBe(0);
    const other = await repository();
    await writeFiles(other, { 'src/changed.ts': `export const changed = 5;\n`.repeat(100) });
    expect(stdout).toBe((await runCli(asked, { cwd: other })).stdout);
  });

  test('Ctrl-C ends the reading of a file that keeps its grammar busy', async () => {
    const root = await newProject({ 'a.swift': `let a = "${'\\("'.repeat(150_000)}` });
    const running = startCli(asked, { cwd: root });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    running.kill('SIGINT');
    const { exitCode, signal } = await running.ended;
    // A machine that is quick has it read by then.
    expect([0, 130]).toContain(exitCode ?? signal);
  });
});

test('a hundred thousand files', async () => {
  const root = await newProject();
  for (let folder = 0; folder < 100; folder += 1) {
    mkdirSync(join(root, `f${folder}`));
    for (let file = 0; file < 1_000; file += 1)
      writeFileSync(join(root, `f${folder}/${file}.ts`), '');
  }
  const result = await runCli(['map', 'f7/7.ts', '--json'], { cwd: root });
  expect(result.exitCode).toBe(0);
  expect(jsonOf(result)).toMatchObject({ files: [{ path: 'f7/7.ts' }], remarks: [] });
});
