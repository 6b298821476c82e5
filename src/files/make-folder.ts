import { dirname } from 'node:path';
import { mkdir } from './disk.ts';
import { errnoOf } from './file-problem.ts';
import { looked } from './is-there.ts';

/**
 * Makes a folder with all above it, where they are missing.
 * @param mode permission bits; those of `mkdir` by default
 * @throws the file system's error.
 */
export async function makeFolder(path: string, mode?: number): Promise<void> {
  // Most are there already, and to try makes the system wait for whoever works in the one above.
  if (looked(path)?.isDirectory() === true) return;
  try {
    await mkdir(path, { recursive: true, ...(mode !== undefined && { mode }) });
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    // Node says ENOENT for a read-only file system; one folder at a time it says what is the case.
    await makeEach(path, mode);
  }
}

async function makeEach(path: string, mode: number | undefined): Promise<void> {
  const options = mode === undefined ? {} : { mode };
  try {
    await mkdir(path, options);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'EEXIST') return;
    if (errno !== 'ENOENT' || dirname(path) === path) throw error;
    await makeEach(dirname(path), mode);
    await mkdir(path, options);
  }
}
