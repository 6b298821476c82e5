import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'rolldown';

/**
 * Builds a module with its packages into one file that node starts in a moment, where a loader would compile
 * each import again in every process. @returns its path
 */
export async function childProgram(entry: string): Promise<string> {
  const folder = join(import.meta.dirname, '../../.vitest/programs');
  await mkdir(folder, { recursive: true });
  const outfile = join(folder, `${basename(entry, '.ts')}-${process.pid}.mjs`);
  await build({
    input: entry,
    platform: 'node',
    resolve: { mainFields: ['module', 'main'] },
    transform: { target: 'node20' },
    output: { file: outfile, format: 'esm', codeSplitting: false },
    logLevel: 'silent',
  });
  return outfile;
}
