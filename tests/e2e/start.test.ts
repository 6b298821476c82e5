import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../state/fixtures.ts';
import { projects, runCli } from '../helpers/run-cli.ts';
import { plannedFiles } from './planned-feature.ts';

const createProject = projects();

/** The parts of the built program, and the packages, that a command loads: V8 lists every script that it ran. */
async function loadedBy(args: readonly string[], cwd: string): Promise<Set<string>> {
  const folder = await temporaryFolder();
  const { exitCode } = await runCli(args, { cwd, env: { NODE_V8_COVERAGE: folder } });
  expect(exitCode).toBe(0);
  const names = new Set<string>();
  for (const name of await readdir(folder)) {
    const { result } = JSON.parse(await readFile(join(folder, name), 'utf8')) as {
      result: { url: string }[];
    };
    for (const { url } of result) {
      const inPackage = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
      if (inPackage !== undefined) names.add(inPackage);
      else if (url.includes('/chunks/')) names.add(basename(url).replace(/-[\w-]{8}\.js$/, ''));
    }
  }
  return names;
}

test('a command that shows loads nothing of what calls, checks and writes', async () => {
  const cwd = await createProject(plannedFiles);
  const heavy = ['run', 'calls', 'workspace', 'autorun', 'yaml', 'openai'];
  for (const args of [['list'], ['show', 'links'], ['show', 'links', 'T1'], ['status']]) {
    const loaded = await loadedBy(args, cwd);
    expect(loaded).toContain('start');
    expect(
      [...loaded].filter((name) => heavy.includes(name)),
      args.join(' '),
    ).toEqual([]);
  }
  expect([...(await loadedBy(['run', 'links', '--dry-run'], cwd))]).toEqual(
    expect.arrayContaining(['start', 'calls', 'run']),
  );
});
