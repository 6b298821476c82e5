import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { Diagnostic } from '../domain/errors.ts';

/** The absolute features folder, or why it may not be there: it must lie inside the root, links followed. */
export async function resolveFeaturesDir(
  root: string,
  written: string,
  place: string,
): Promise<{ featuresDir: string; problem: Diagnostic | null }> {
  const featuresDir = resolve(root, written);
  if (!isBelow(root, featuresDir)) {
    const problem = {
      code: 'config-features-dir-outside',
      message: `featuresDir must be a folder inside ${root}`,
      target: place,
      fix: 'Write a relative path, as "features".',
    };
    return { featuresDir, problem };
  }
  if (isBelow(await real(root), await real(featuresDir))) return { featuresDir, problem: null };
  const problem = {
    code: 'config-features-dir-outside',
    message: `The features folder ${featuresDir} leads out of ${root} by a symbolic link`,
    target: featuresDir,
    fix: 'Put a folder in the link’s place, or set featuresDir to another one in the config.',
  };
  return { featuresDir, problem };
}

function isBelow(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

// What does not exist yet is where its nearest existing parent really is.
async function real(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return dirname(path) === path
      ? path
      : resolve(await real(dirname(path)), relative(dirname(path), path));
  }
}
