import { resolve } from 'node:path';
import type { Diagnostic } from '../domain/errors.ts';
import { isWithin, realPathOf } from '../files/contained-path.ts';

/** The absolute features folder, or why it may not be there: it must lie inside the root, links followed. */
export async function resolveFeaturesDir(
  root: string,
  written: string,
  place: string,
): Promise<{ featuresDir: string; problem: Diagnostic | null }> {
  const featuresDir = resolve(root, written);
  const code = 'config-features-dir-outside';
  if (!isBelow(root, featuresDir)) {
    const message = `featuresDir must be a folder inside ${root}`;
    const fix = 'Write a relative path, as "features".';
    return { featuresDir, problem: { code, message, target: place, fix } };
  }
  if (isBelow(await realPathOf(root), await realPathOf(featuresDir)))
    return { featuresDir, problem: null };
  const problem = {
    code,
    message: `The features folder ${featuresDir} leads out of ${root} by a symbolic link`,
    target: featuresDir,
    fix: 'Put a folder in the link’s place, or set featuresDir to another one in the config.',
  };
  return { featuresDir, problem };
}

function isBelow(root: string, path: string): boolean {
  return path !== root && isWithin(root, path);
}
