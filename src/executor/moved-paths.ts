import { BlueprintError } from '../domain/errors.ts';
import type { WorkspaceBase } from '../workspace/workspace.ts';

/** Paths whose files are not what they were, by hash (null: no file); the view remembers all of them. */
export async function movedPaths(
  before: Iterable<readonly [string, string | null]>,
  view: WorkspaceBase,
): Promise<string[]> {
  const moved: string[] = [];
  for (const [path, hash] of before) {
    try {
      await view.read(path);
    } catch (error) {
      // A link that leads out of the folder now stands there.
      if (!(error instanceof BlueprintError)) throw error;
      moved.push(path);
      continue;
    }
    if (view.seen().get(path) !== hash) moved.push(path);
  }
  return moved;
}
