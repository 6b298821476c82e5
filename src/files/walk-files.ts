import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { throwIfAborted } from '../domain/errors.ts';
import { isGitFolder } from './contained-path.ts';
import { isMissing, projectTooLarge } from './file-problem.ts';
import { ignoreReader, noRules, rulesIn, type IgnoreRules } from './ignore-rules.ts';

export interface Walk {
  /** Absolute. */
  readonly root: string;
  /** Slash paths that are no part of the project, as the features folder. */
  readonly leftOut: readonly string[];
  readonly maxFiles: number;
  /** What more files would be too much for, as `to copy for its checks`. */
  readonly purpose: string;
  /** The folder to begin in; the root by default. */
  readonly start?: string;
  /** Names of the files that hold rules on what is left out, each kind for itself; `.gitignore` by default. */
  readonly ruleFiles?: readonly string[];
  /** Rules that hold before any of those, of the kind that is named first. */
  readonly outer?: IgnoreRules;
  /** Told of a folder that cannot be read, and then passed over; without it, its error is thrown. */
  readonly onUnreadable?: (folder: string) => void;
}

/**
 * All that stands below a folder and is no folder itself, as slash paths in no order, but what rules leave
 * out, what git keeps, and `node_modules`. Links are named, not followed.
 * @throws BlueprintError `project-too-large`; InterruptedError
 */
export async function walkFiles(walk: Walk, signal: AbortSignal): Promise<string[]> {
  const { root, leftOut, ruleFiles = ['.gitignore'] } = walk;
  const addRules = await ignoreReader();
  const found: string[] = [];
  const visit = async (folder: string, outer: readonly IgnoreRules[]): Promise<void> => {
    throwIfAborted(signal);
    const entries = await entriesOf(folder, walk);
    const here = new Set(entries.flatMap((entry) => (entry.isFile() ? entry.name : [])));
    const rules: IgnoreRules[] = [];
    for (const [index, name] of ruleFiles.entries()) {
      const above = outer[index] ?? noRules;
      const text = here.has(name) ? await rulesIn(root, folder, name) : null;
      rules.push(text === null ? above : addRules(above, folder, text));
    }
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (isGitFolder(entry.name) || entry.name === 'node_modules' || leftOut.includes(path))
        continue;
      const asked = entry.isDirectory() ? `${path}/` : path;
      if (rules.some((leavesOut) => leavesOut(asked))) continue;
      if (entry.isDirectory()) await visit(path, rules);
      else if (found.push(path) % 1000 === 0) refuseTooMany(found.length, walk);
    }
  };
  await visit(walk.start ?? '', walk.outer === undefined ? [] : [walk.outer]);
  refuseTooMany(found.length, walk);
  return found;
}

async function entriesOf(folder: string, { root, onUnreadable }: Walk) {
  try {
    return await readdir(join(root, folder), { withFileTypes: true });
  } catch (error) {
    if (onUnreadable === undefined && !isMissing(error)) throw error;
    onUnreadable?.(folder);
    return [];
  }
}

/** @throws BlueprintError `project-too-large` */
export function refuseTooMany(
  count: number,
  { root, maxFiles, purpose }: Pick<Walk, 'root' | 'maxFiles' | 'purpose'>,
): void {
  if (count > maxFiles) throw projectTooLarge(root, `more than ${maxFiles} files`, purpose);
}
