import { readdir, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { program, projects } from '../helpers/run-cli.ts';

const createProject = projects();

/** Each file and folder below a folder that somebody else may read, with its mode. */
async function openTo(root: string, ...below: string[]): Promise<string[]> {
  const folder = join(root, ...below);
  const entries = await readdir(folder, { recursive: true });
  const modes = ['.', ...entries].map(async (name) => {
    const path = join(folder, name);
    const mode = (await stat(path)).mode & 0o777;
    return (mode & 0o077) === 0 ? [] : [`${relative(root, path)} ${mode.toString(8)}`];
  });
  expect(entries).not.toEqual([]);
  return (await Promise.all(modes)).flat();
}

const modeOf = async (...path: string[]): Promise<number> =>
  (await stat(join(...path))).mode & 0o777;

test('prompts and replies are for their user alone, though the umask lets all in', async () => {
  const cwd = await createProject();
  const example = resolve('examples/duration');
  const run = (...args: string[]) =>
    execa('/bin/sh', ['-c', 'umask 000; exec "$@"', 'sh', process.execPath, program, ...args], {
      cwd,
      reject: false,
    });
  const script = ['--script', join(example, 'script.jsonl')];
  await run('init', '--yes');
  await run('new', join(example, 'brief.md'), '--name', 'duration', '--no-ask', ...script);
  // Whatever comes of it, its question is kept.
  await run('ask', 'What?', ...script);

  const feature = join(cwd, 'features/duration');
  for (const name of ['partial', 'calls']) expect(await openTo(feature, name)).toEqual([]);
  expect(await modeOf(feature, 'journal.jsonl')).toBe(0o600);
  expect(await openTo(cwd, '.blueprint')).toEqual([]);
  for (const name of ['brief.md', 'spec.md', 'tasks.json'])
    expect(await modeOf(feature, name)).toBe(0o666);
  expect(await modeOf(cwd, 'blueprint.config.json')).toBe(0o644);
});
