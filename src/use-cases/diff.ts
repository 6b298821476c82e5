import type { Autorun } from '../domain/autorun.ts';
import type { FileChanges } from '../domain/bundle.ts';
import { FileNotText } from '../domain/candidate.ts';
import type { Answer } from '../domain/deliverable.ts';
import { BlueprintError } from '../domain/errors.ts';
import type { Task } from '../domain/task.ts';
import {
  approvedWork,
  proposedWork,
  type PendingWork,
  type TextsBefore,
} from '../executor/decide.ts';
import { refuseForeign } from '../executor/foreign-work.ts';
import { findTask } from '../executor/find-task.ts';
import { movedFileOf } from '../text/moved-file.ts';
import { unifiedDiff } from '../text/unified-diff.ts';
import type { WorkspaceBase } from '../workspace/workspace.ts';
import { autorunsShown } from './autoruns.ts';
import { beforeWork } from './before-work.ts';
import type { Caller, Program } from './program.ts';

export interface DiffInput {
  readonly feature: string;
  /** This task's work; null: all approved work. */
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
  /** Paths of what came with the repository and was not approved by this user, sorted. */
  readonly foreign: readonly string[];
  /** What the task proposes in place of files. */
  readonly answer: Answer | null;
  /** What of it runs by itself. */
  readonly autoruns: readonly Autorun[];
}

/**
 * The project's files before and after approved work, or before and after one task's work: as it was approved
 * where it is done, else as it is proposed over the files that are there now.
 * @throws BlueprintError `task-not-found`, `no-work`
 */
export async function diff(
  { feature, task }: DiffInput,
  program: Program,
  { signal }: Caller,
): Promise<Diff> {
  const document = await program.store.get(feature);
  const parts = program.look(feature, signal);
  const workspace = await parts.workspace();
  const isApproved = document.tasks.some(
    ({ status, result }) => status === 'done' && (result?.files ?? []).length > 0,
  );
  const foreign = task === null ? await workspace.foreign() : [];
  let answer: Answer | null = null;
  let after: FileChanges;
  let before: TextsBefore;
  if (task === null) {
    after = await workspace.files();
    before = await textsBefore(workspace.project(), after);
    // Files that already are as approved: what they were before the work.
    if (isApproved && unifiedDiff(before.texts, after, before.noText) === '')
      before = await beforeWork(feature, document, after, program);
  } else {
    const found = findTask(document, task);
    const done = await approvedWork(feature, found, program);
    const work = done ?? (await workOf(feature, found, program));
    const { deliverable } = work.outcome;
    if (deliverable.kind === 'answer') answer = deliverable;
    after = work.changes;
    before = done?.before ?? (await textsBefore(workspace.base(), after));
  }
  const files = [...after.keys()].filter((path) => differs(path, before, after)).sort();
  const shown = { feature, document, task, changes: after, before: before.texts };
  return {
    diff: unifiedDiff(before.texts, after, before.noText),
    files,
    place: workspace.place(),
    isApproved,
    foreign,
    answer,
    autoruns: after.size === 0 ? [] : await autorunsShown(shown, parts, program),
  };
}

function differs(path: string, { texts, noText }: TextsBefore, after: FileChanges): boolean {
  return noText.has(path) || texts.get(path) !== after.get(path);
}

/** Files as they are before the changes. */
export async function textsBefore(
  base: Pick<WorkspaceBase, 'read'>,
  paths: FileChanges,
): Promise<TextsBefore> {
  const texts = new Map<string, string | null>();
  const noText = new Set<string>();
  for (const [path, after] of paths) {
    try {
      texts.set(path, await base.read(path));
    } catch (error) {
      if (!(error instanceof BlueprintError) || error.code !== 'file-not-text') throw error;
      const moved = after === null ? null : movedFileOf(after);
      const isThere = error instanceof FileNotText && error.sha256 === moved?.sha256;
      if (isThere) texts.set(path, after);
      else noText.add(path);
    }
  }
  return { texts, noText };
}

async function workOf(feature: string, task: Task, { artefacts }: Program): Promise<PendingWork> {
  const work = await proposedWork(feature, task, { artefacts });
  if (work !== null) return work;
  await refuseForeign(feature, task, { artefacts });
  throw new BlueprintError({
    code: 'no-work',
    message: `Task ${task.id} has no work to show`,
    target: `${feature}/${task.id}`,
    fix: `Run it: blueprint run ${feature} --task ${task.id}`,
  });
}
