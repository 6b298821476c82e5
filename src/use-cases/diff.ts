import type { FileChanges } from '../domain/bundle.ts';
import type { Answer } from '../domain/deliverable.ts';
import { BlueprintError } from '../domain/errors.ts';
import type { FeatureDocument } from '../domain/task.ts';
import { proposedWork, type PendingWork } from '../executor/decide.ts';
import { findTask } from '../executor/find-task.ts';
import { unifiedDiff } from '../text/unified-diff.ts';
import type { Caller, Program } from './program.ts';

export interface DiffInput {
  readonly feature: string;
  /** What this task proposes; null: all approved work. */
  readonly task: string | null;
}

export interface Diff {
  /** Unified; empty when nothing differs. */
  readonly diff: string;
  readonly files: readonly string[];
  /** Where the approved files are, in words. */
  readonly place: string;
  /** Whether any work with files is approved. */
  readonly isApproved: boolean;
  /** What the task proposes in place of files. */
  readonly answer: Answer | null;
}

/**
 * The project's files before and after approved work, or before and after one task's proposal.
 * @throws BlueprintError `task-not-found`, `no-work`
 */
export async function diff(
  { feature, task }: DiffInput,
  program: Program,
  { signal }: Caller,
): Promise<Diff> {
  const document = await program.store.get(feature);
  const work = task === null ? null : await workOf(feature, document, task, program);
  const workspace = await program.look(feature, signal).workspace();
  const base = work === null ? workspace.project() : workspace.base();
  const after: FileChanges = work?.changes ?? (await workspace.files());
  const deliverable = work?.outcome.deliverable;
  const before = new Map<string, string | null>();
  for (const path of after.keys()) before.set(path, await base.read(path));
  return {
    diff: unifiedDiff(before, after),
    files: [...after.keys()].filter((path) => before.get(path) !== after.get(path)).sort(),
    place: workspace.place(),
    isApproved: document.tasks.some(
      ({ status, result }) => status === 'done' && (result?.files ?? []).length > 0,
    ),
    answer: deliverable?.kind === 'answer' ? deliverable : null,
  };
}

async function workOf(
  feature: string,
  document: FeatureDocument,
  id: string,
  { artefacts }: Program,
): Promise<PendingWork> {
  const work = await proposedWork(feature, findTask(document, id), { artefacts });
  if (work !== null) return work;
  throw new BlueprintError({
    code: 'no-work',
    message: `Task ${id} has no work to show`,
    target: `${feature}/${id}`,
    fix: `Run it: blueprint run ${feature} --task ${id}`,
  });
}
