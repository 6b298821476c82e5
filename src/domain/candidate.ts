import type { FileBundle, FileChanges } from './bundle.ts';
import type { ModelIdentity } from './model-role.ts';

/** A proposal for a task that could be read and applied to its base; nothing is said of its worth. */
export interface Candidate {
  readonly bundle: FileBundle;
  readonly changes: FileChanges;
  readonly author: ModelIdentity;
}

/** Reads a file as it was before the task, or gives null. */
export type ReadBase = (path: string) => Promise<string | null>;

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
  return {
    files,
    edits: [],
    deletions,
    tests: from.tests,
    commands: from.commands,
    notes: from.notes,
  };
}
