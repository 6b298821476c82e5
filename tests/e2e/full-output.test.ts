import { existsSync } from 'node:fs';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { program, projects } from '../helpers/run-cli.ts';

const createProject = projects();

test.skipIf(!existsSync('/dev/full'))(
  'output that cannot be written is told, and no success',
  async () => {
    const cwd = await createProject();
    const run = (args: string, to: string) =>
      execa('/bin/sh', ['-c', `exec "$0" "$1" ${args} ${to}`, process.execPath, program], {
        cwd,
        reject: false,
      });
    for (const args of ['list', 'list --json', '--help', '--version']) {
      const { exitCode, stderr } = await run(args, '>/dev/full');
      expect(exitCode, args).toBe(5);
      expect(stderr).toContain('error[output-not-written] The output could not be written');
      expect(stderr).not.toMatch(/^ {4}at /m);
    }
    // A fault keeps its own exit code.
    expect(await run('nonsense --json', '>/dev/full')).toMatchObject({ exitCode: 2 });
    expect(await run('nonsense', '2>/dev/full')).toMatchObject({ exitCode: 2 });
    // A reader that went away is no fault.
    expect(await run('--help', '| true')).toMatchObject({ exitCode: 0, stderr: '' });
  },
);
