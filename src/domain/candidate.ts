import type { FileBundle, FileChanges } from './bundle.ts';
import { BlueprintError, InterruptedError } from './errors.ts';
import type { ModelIdentity } from './model-role.ts';

/** A proposal for a task that could be read and applied to its base; nothing is said of its worth. */
export interface Candidate {
  readonly bundle: FileBundle;
  readonly changes: FileChanges;
  readonly author: ModelIdentity;
}

/**
 * Reads a file as it was before the task, or gives null.
 * @throws BlueprintError for what is there and may not, or cannot, be read as text
 */
export type ReadBase = (path: string) => Promise<string | null>;

/** Whether anything stands at a path of the base, also what cannot be read. */
export async function isThere(path: string, base: ReadBase): Promise<boolean> {
  try {
    return (await base(path)) !== null;
  } catch (error) {
    if (!(error instanceof BlueprintError) || error instanceof InterruptedError) throw error;
    return true;
  }
}

/** The base with a candidate's changes over it: what a correction of that candidate starts from. */
export function overlay(changes: FileChanges, base: ReadBase): ReadBase {
  return async (path) => {
    const changed = changes.get(path);
    return changed === undefined ? base(path) : changed;
  };
}

/** The same proposal written as whole files, so that it stands without its base. */
export function wholeBundle(
  changes: FileChanges,
  from: Pick<FileBundle, 'tests' | 'commands' | 'notes'>,
): FileBundle {
  const files: FileBundle['files'] = [];
  const deletions: string[] = [];
  for (const [path, content] of changes) {
    if (content === null) deletions.push(path);
    else files.push({ path, content });
  }
  const { tests, commands, notes } = from;
  return { files, edits: [], deletions, tests, commands, notes };
}

/**
 * A candidate with a revision of it worked in, against the base: what is as it was before the task is left
 * out. Null when nothing is left of it.
 * @param revision made on the candidate's files over the base.
 */
export async function revised(
  candidate: Candidate,
  revision: Candidate,
  base: ReadBase,
): Promise<Candidate | null> {
  const changes = new Map([...candidate.changes, ...revision.changes]);
  for (const [path, content] of revision.changes)
    if (content === null ? !(await isThere(path, base)) : (await base(path)) === content)
      changes.delete(path);
  if (changes.size === 0) return null;
  const tests = [...candidate.bundle.tests, ...revision.bundle.tests];
  const commands = [...candidate.bundle.commands, ...revision.bundle.commands];
  const bundle = wholeBundle(changes, {
    tests: [...new Set(tests)].filter((path) => changes.get(path) !== null),
    commands: [...new Set(commands)],
    notes: revision.bundle.notes,
  });
  return { bundle, changes, author: revision.author };
}
