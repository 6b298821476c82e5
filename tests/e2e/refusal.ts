import { join } from 'node:path';
import { expect } from 'vitest';
import { runHere } from '../helpers/in-process.ts';
import { runCli, treeOf, type CliOptions, type CliResult } from '../helpers/run-cli.ts';

export interface Refusal {
  readonly code: string;
  /** What the message or its fix must say. */
  readonly says: readonly string[];
  readonly exitCode?: number;
}

/** The command is refused in clear words, and no file is other than before. */
export async function expectRefusal(
  args: readonly string[],
  options: CliOptions,
  { code, says, exitCode = 2 }: Refusal,
): Promise<CliResult> {
  const before = await treeOf(join(options.cwd, '..'));
  // What stdin is, only a process of its own can tell.
  const run = options.stdin === undefined ? runHere : runCli;
  const result = await run(args, options);
  expect(result.stderr).toContain(`error[${code}] `);
  for (const words of says) expect(result.stderr).toContain(words);
  expect(result.stderr).toMatch(/\n {2}fix: \S/);
  expect(result.stderr).not.toMatch(/ {4}at |internal|undefined|\[object/);
  expect(result).toMatchObject({ exitCode, stdout: '' });
  expect(await treeOf(join(options.cwd, '..'))).toEqual(before);
  return result;
}
