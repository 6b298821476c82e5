import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';

const programs = join(import.meta.dirname, '../../.vitest/programs');

/**
 * Builds a module with its packages into one file that node starts in a moment, where a loader would compile
 * each import again in every process. A process of its own does it: the bundler keeps over 100 MB, which every
 * later start of a program from here would have to copy the tables of.
 * @returns its path
 */
export async function childProgram(entry: string, folder = programs): Promise<string> {
  await mkdir(folder, { recursive: true });
  const outfile = join(folder, `${basename(entry, '.ts')}-${process.pid}.mjs`);
  await execa(process.execPath, [join(import.meta.dirname, 'bundle.js'), entry, outfile]);
  return outfile;
}
