import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'rolldown';

/**
 * Builds a module into one program that node starts in a moment, where a loader would compile each of its
 * imports again in every process. @returns its path, in this repository, so that packages are found
 */
export async function childProgram(entry: string): Promise<string> {
  const folder = join(import.meta.dirname, '../../.vitest/programs');
  await mkdir(folder, { recursive: true });
  const outfile = join(folder, `${basename(entry, '.ts')}-${process.pid}.mjs`);
  await build({
    input: entry,
    platform: 'node',
    // Packages, beside what the builder itself adds for older versions of node.
    external: /^(?![./]|\0|@oxc-project)/,
    transform: { target: 'node20' },
    output: { file: outfile, format: 'esm', codeSplitting: false },
    logLevel: 'silent',
  });
  return outfile;
}
