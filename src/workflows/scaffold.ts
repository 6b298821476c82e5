import type { FileBundle } from '../domain/bundle.ts';
import { isThere, type Candidate, type ReadBase } from '../domain/candidate.ts';
import { ModelError } from '../domain/model-error.ts';
import { formatModelRef, rulesAuthor } from '../domain/model-role.ts';
import type { Task } from '../domain/task.ts';
import { applied } from '../models/generate-bundle.ts';

/**
 * A task's files as placeholders, which stand in where no model is reachable.
 * @param existing those of the task's files that are there; they are left alone.
 */
export type WriteScaffold = (task: Task, existing: ReadonlySet<string>) => Promise<FileBundle>;

/** A scaffold as a candidate. @throws ModelError `malformed` when it cannot be written over the base */
export async function scaffoldOn(
  base: ReadBase,
  task: Task,
  write: WriteScaffold,
): Promise<Candidate> {
  const existing = new Set<string>();
  for (const path of task.files) if (await isThere(path, base)) existing.add(path);
  const read = await applied(await write(task, existing), base);
  if ('value' in read) return { ...read.value, author: rulesAuthor };
  throw new ModelError({
    kind: 'malformed',
    model: formatModelRef(rulesAuthor.ref),
    message: `The scaffold of ${task.id} cannot be written: ${read.faults.join(' ')}`,
  });
}
