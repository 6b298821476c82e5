import { bundleOver } from '../domain/deliverable.ts';
import { isRules } from '../domain/model-role.ts';
import type { ArtefactStore } from '../state/ports.ts';
import type { RejectedWork } from '../workflows/workflow.ts';
import type { WorkspaceBase } from '../workspace/workspace.ts';
import { openAttempt } from './attempt.ts';
import type { TaskJob } from './engine.ts';
import { movedPaths } from './moved-paths.ts';
import { proposedFiles } from './proposed-files.ts';

/**
 * The work that a person sent back, their edits included, with their words. Null when there is nothing to
 * go on from: none was kept, it is a scaffold made by rules, or the files below it have changed since.
 */
export async function rejectedWork(
  { slug, task }: TaskJob,
  artefacts: ArtefactStore,
  view: WorkspaceBase,
): Promise<RejectedWork | null> {
  if (task.result?.outcome !== 'rejected' || task.result.feedback === null) return null;
  const attempt = openAttempt(artefacts, slug, task.id, task.result.attempt);
  const last = await attempt.outcome();
  if (last === null || last.author === null || isRules(last.author.ref)) return null;
  const { changes } = await proposedFiles(attempt, last);
  if (changes.size === 0 || (await movedPaths(last.seen, view)).length > 0) return null;
  const bundle = bundleOver(last.deliverable, changes);
  return { candidate: { bundle, changes, author: last.author }, feedback: task.result.feedback };
}
