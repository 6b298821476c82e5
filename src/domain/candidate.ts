import type { FileBundle, FileChanges } from './bundle.ts';
import { BlueprintError, InterruptedError, type Diagnostic } from './errors.ts';
import { formatModelRef, type ModelIdentity } from './model-role.ts';

/** A proposal for a task that could be read and applied to its base; nothing is said of its worth. */
export interface Candidate {
  readonly bundle: FileBundle;
  readonly changes: FileChanges;
  /** Who wrote it last. */
  readonly author: ModelIdentity;
  /** Who wrote before at what is in it, the latest first; absent when the author alone did. */
  readonly earlier?: readonly ModelIdentity[];
}

/** All who wrote at a candidate, the latest first. */
export function authorsOf({
  author,
  earlier = [],
}: Pick<Candidate, 'author' | 'earlier'>): ModelIdentity[] {
  const byName = new Map(
    [...earlier.toReversed(), author].map((each) => [formatModelRef(each.ref), each]),
  );
  byName.delete(formatModelRef(author.ref));
  return [author, ...[...byName.values()].toReversed()];
}

/** What a candidate's authors say of it, as routing takes it: nobody judges its own work while another can. */
export function otherThan(...candidates: readonly Pick<Candidate, 'author' | 'earlier'>[]): {
  avoidFamilies: string[];
  avoidModels: string[];
} {
  const authors = candidates.flatMap(authorsOf);
  return {
    avoidFamilies: [...new Set(authors.map(({ family }) => family))],
    avoidModels: [...new Set(authors.map(({ ref }) => formatModelRef(ref)))],
  };
}

/** The earlier authors of work that was made by `author` out of these. */
export function earlierOf(
  author: ModelIdentity,
  ...candidates: readonly Pick<Candidate, 'author' | 'earlier'>[]
): Pick<Candidate, 'earlier'> {
  const [, ...earlier] = authorsOf({ author, earlier: candidates.flatMap(authorsOf) });
  return earlier.length === 0 ? {} : { earlier };
}

/**
 * Reads a file as it was before the task, or gives null.
 * @throws BlueprintError for what is there and may not, or cannot, be read as text
 */
export type ReadBase = (path: string) => Promise<string | null>;

/** A file of the base that is there, and holds no text. */
export class FileNotText extends BlueprintError {
  override readonly name = 'FileNotText';
  /** Of its bytes, hex; null where they are too many to be taken elsewhere. */
  readonly sha256: string | null;
  constructor(diagnostic: Diagnostic, hash: string | null) {
    super(diagnostic);
    this.sha256 = hash;
  }
}

/** Whether anything stands at a path of the base, also what cannot be read. */
export async function isThere(path: string, base: ReadBase): Promise<boolean> {
  try {
    return (await base(path)) !== null;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return true;
  }
}

/** A file as it was before the task; null also for what is there and may not, or cannot, be read as text. */
export async function textOrNull(path: string, base: ReadBase): Promise<string | null> {
  try {
    return await base(path);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return null;
  }
}

/** Whether an error says that a file of the base may not, or cannot, be read as text. */
export function isRefusal(error: unknown): error is BlueprintError {
  return error instanceof BlueprintError && !(error instanceof InterruptedError);
}

/** The base with a candidate's changes over it: what a correction of that candidate starts from. */
export function overlay(changes: FileChanges, base: ReadBase): ReadBase {
  return async (path) => {
    const changed = changes.get(path);
    return changed === undefined ? base(path) : changed;
  };
}

/** The paths of `overlay`. */
export function listed(changes: FileChanges, base: Iterable<string>): Set<string> {
  const paths = new Set(base);
  for (const [path, content] of changes)
    if (content === null) paths.delete(path);
    else paths.add(path);
  return paths;
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
  const { author } = revision;
  return { bundle, changes, author, ...earlierOf(author, candidate) };
}
