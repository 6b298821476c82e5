import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BlueprintError } from '../domain/errors.ts';
import { isOfKnownOwner } from './trust/owner.ts';

export const configNames = [
  'blueprint.config.json',
  'blueprint.config.yaml',
  'blueprint.config.yml',
  'blueprint.config.ts',
] as const;

export interface FoundConfig {
  /** Absolute; null when there is none. */
  readonly file: string | null;
  /** Those above it, the nearest first: what they say holds where it says nothing. */
  readonly outer: readonly string[];
  /** The folder of the repository that the search ended at, or null. */
  readonly gitRoot: string | null;
}

/**
 * The nearest config file at or above `cwd`, and those above it. The search ends with the folder that holds `.git`, with the
 * home folder, or with the root of the file system; and before a folder of another file system or of
 * somebody else, to whose word nobody asked to listen.
 * @throws BlueprintError `config-ambiguous` when one folder has two.
 */
export async function findConfig(cwd: string, home: string): Promise<FoundConfig> {
  const files: string[] = [];
  const ended = (gitRoot: string | null): FoundConfig => {
    const [file = null, ...outer] = files;
    return { file, outer, gitRoot };
  };
  const here = await statOf(cwd);
  const isNear = (found: Stats | null): boolean =>
    found === null || here === null || (found.dev === here.dev && isOfKnownOwner(found, here));
  for (let folder = cwd; ; folder = dirname(folder)) {
    const names = await namesIn(folder);
    const present = configNames.filter((name) => names.includes(name));
    if (present.length > 1)
      throw new BlueprintError({
        code: 'config-ambiguous',
        message: `${folder} holds ${present.length} config files: ${present.join(', ')}`,
        target: join(folder, present[1] ?? ''),
        fix: 'Keep one of them.',
      });
    if (present[0] !== undefined) files.push(join(folder, present[0]));
    if (names.includes('.git') && isNear(await statOf(join(folder, '.git')))) return ended(folder);
    if (folder === home || folder === dirname(folder)) return ended(null);
    if (!isNear(await statOf(dirname(folder)))) return ended(null);
  }
}

async function statOf(path: string): Promise<Stats | null> {
  return stat(path).catch(() => null);
}

// A folder above that may not be listed holds no config for us.
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}
