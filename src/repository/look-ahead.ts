import { createPause } from '../text/pause.ts';
import type { IndexContent } from './index/index-content.ts';
import { isStale } from './index/refresh.ts';
import { fileAt } from './look-at-files.ts';
import type { ProjectFile } from './project-file.ts';
import { prepareToRead } from './read-entry.ts';

/**
 * Looks at the files that an index knows, up to the first that changed, and starts what will read it: that takes
 * as long as looking at all files, and can happen meanwhile.
 * @returns the files that were looked at, by path
 */
export async function lookAhead(
  root: string,
  known: IndexContent | null,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ProjectFile>> {
  const pause = createPause(signal);
  const seen = new Map<string, ProjectFile>();
  for (const path of known?.stamps.keys() ?? []) {
    const waiting = pause();
    if (waiting !== undefined) await waiting;
    const file = fileAt(root, path);
    if (file === null) continue;
    seen.set(path, file);
    if (known !== null && isStale(known, file) && prepareToRead(path, file.size)) break;
  }
  return seen;
}
