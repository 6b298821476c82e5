import { otherThan } from '../domain/candidate.ts';
import { noFiles } from '../domain/deliverable.ts';
import { formatModelRef, isRules } from '../domain/model-role.ts';
import { isBlocking, reviewSchema, type Review } from '../domain/review.ts';
import { isSettled, type FeatureDocument, type Task } from '../domain/task.ts';
import { askForObject, contextOf, decide, type Work } from '../supervisor/work.ts';
import { producedFiles } from './produced-files.ts';
import { leftOutPart, producedBefore, reviewTaskPrompt } from './review-prompt.ts';
import { reviewLine } from './task-result.ts';
import type { ResultParts, Workflow, WorkflowEnd } from './workflow.ts';

/**
 * Tasks of type review: a verdict over the files that the tasks before it produced. With no such files the
 * task is skipped, not failed: there is nothing that could be wrong.
 */
export const review: Workflow = {
  prompt: reviewTaskPrompt,
  async run({ work: given, document, authorsOf, begin, keepRound }) {
    const { task, purpose } = given;
    const produced = producedBefore(task, document);
    if (produced.size === 0 && allBeforeSettled(task, document))
      return end('skipped', {
        outcome: 'skipped',
        by: 'engine',
        reason: 'The tasks before it produced no files, so there is nothing to review.',
      });
    const authors = await authorsOf([...produced.keys()]);
    const others = otherThan(...authors.map((author) => ({ author })));
    const decision = decide(given, 'reviewer', others);
    if (isRules(decision.chosen))
      return end('needs_review', {
        outcome: 'not_approved',
        by: 'engine',
        reason: 'No model that could review it is reachable.',
      });

    const begun = await begin();
    if ('moved' in begun) return begun;
    const work: Work = { ...given, context: contextOf(begun.prompt) };
    const { object: found, result } = await askForObject(
      work,
      work.router.model(decision),
      { role: 'reviewer', stage: 'review-task', parts: begun.prompt },
      'review',
      reviewSchema,
    );
    const sameFamily = others.avoidFamilies.includes(result.identity.family);
    const reviewer = formatModelRef(result.identity.ref);
    await keepRound(1, { review: found });
    work.emit({
      type: 'review-finish',
      task: task.id,
      attempt: purpose.attempt,
      round: 1,
      review: found,
      reviewer,
      sameFamily,
    });
    const accepted = isAccepted(found);
    const partial = begun.prompt.some(({ name }) => name === leftOutPart);
    const approved = accepted && !partial;
    return end(approved ? 'done' : 'needs_review', {
      outcome: approved ? 'approved' : 'not_approved',
      by: 'supervisor',
      reason: reasonOf(accepted, partial),
      rounds: 1,
      reviewer,
      review: reviewLine(found, sameFamily),
    });
  },
};

function end(status: 'done' | 'needs_review' | 'skipped', result: ResultParts): WorkflowEnd {
  return { status, result, author: null, deliverable: noFiles };
}

function isAccepted({ verdict, findings }: Review): boolean {
  const contradictory = verdict === 'revise' && findings.length === 0;
  return !contradictory && !findings.some(isBlocking);
}

function reasonOf(accepted: boolean, partial: boolean): string {
  if (!accepted) return 'The review found what blocks: a person decides which task to send back.';
  return partial
    ? 'The review found nothing that blocks, but not all files fitted into its prompt; executor.contextTokens gives them room.'
    : 'The review of the files before it found nothing that blocks.';
}

/** Scaffolds that stand on scaffolds are no settled work: there will be something to review. */
function allBeforeSettled(task: Task, document: FeatureDocument): boolean {
  const { taskOf } = producedFiles(document);
  return task.dependsOn.every((id) => isSettled(taskOf(id)?.status ?? 'pending'));
}
