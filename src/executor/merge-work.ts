import type { FileChanges } from '../domain/bundle.ts';
import { BlueprintError } from '../domain/errors.ts';
import { contentHash, movedFileOf } from '../text/moved-file.ts';
import { mergeText } from '../text/merge-text.ts';
import type { Workspace, WorkspaceBase } from '../workspace/workspace.ts';
import type { AttemptOutcome } from './attempt.ts';

/** Work as it stands over the files that are there now. */
export interface RebasedWork {
  readonly changes: FileChanges;
  /** Those of the files that others changed meanwhile, whose changes were merged with the work's own. */
  readonly merged: readonly string[];
  /** Those where that cannot be done: `changes` holds them as they were. */
  readonly conflicts: readonly string[];
  /** What was read for it; a commit is checked against this. */
  readonly view: WorkspaceBase;
}

/** What changes stand on, as an outcome keeps it. Reads nothing that the view has not read. */
export async function baseOfChanges(
  changes: FileChanges,
  view: WorkspaceBase,
): Promise<Pick<AttemptOutcome, 'seen' | 'base'>> {
  const seen = [...view.seen()].filter(([path]) => changes.has(path));
  const base: [string, string][] = [];
  for (const [path] of seen) {
    const text = await textNow(view, path);
    if (typeof text === 'string') base.push([path, text]);
  }
  return { seen, base };
}

/** Brings work over to the files as they are now, file by file, three-way. Commits nothing. */
export async function rebaseWork(
  changes: FileChanges,
  { seen, base }: Pick<AttemptOutcome, 'seen' | 'base'>,
  workspace: Pick<Workspace, 'base'>,
  view = workspace.base(),
): Promise<RebasedWork> {
  const before = new Map(seen);
  const texts = new Map(base);
  const rebased = new Map(changes);
  const merged: string[] = [];
  const conflicts: string[] = [];
  for (const [path, content] of changes) {
    const hash = await hashNow(view, path);
    const expected = before.get(path);
    if (hash !== undefined && (expected === undefined || hash === expected)) continue;
    const current = await textNow(view, path);
    // Somebody else did the same, or this very commit was cut short after it was done.
    if (hash !== undefined && (content === current || isWritten(content, hash))) continue;
    const text = texts.get(path);
    const both =
      content === null ||
      movedFileOf(content) !== null ||
      typeof current !== 'string' ||
      text === undefined
        ? null
        : mergeText(text, current, content);
    if (both === null) conflicts.push(path);
    else {
      rebased.set(path, both);
      merged.push(path);
    }
  }
  return { changes: rebased, merged, conflicts: conflicts.sort(), view };
}

function isWritten(content: string | null, hash: string | null): boolean {
  return content !== null && hash === contentHash(content);
}

/** Paths whose files are not what they were, by hash (null: no file); the view remembers all of them. */
export async function movedPaths(
  before: Iterable<readonly [string, string | null]>,
  view: WorkspaceBase,
): Promise<string[]> {
  const moved: string[] = [];
  for (const [path, hash] of before) if ((await hashNow(view, path)) !== hash) moved.push(path);
  return moved;
}

/** Undefined where a link that leads out of the folder now stands. */
function hashNow(view: WorkspaceBase, path: string): Promise<string | null | undefined> {
  return view.hash(path).catch(unlessRefused);
}

/** Undefined also for a file that is no text. */
function textNow(view: WorkspaceBase, path: string): Promise<string | null | undefined> {
  return view.read(path).catch(unlessRefused);
}

function unlessRefused(error: unknown): undefined {
  if (error instanceof BlueprintError) return undefined;
  throw error;
}
