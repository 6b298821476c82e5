import { otherThan } from '../domain/candidate.ts';
import { noFiles } from '../domain/deliverable.ts';
import { formatModelRef, isRules } from '../domain/model-role.ts';
import { isBlocking, reviewReplySchema, type Review } from '../domain/review.ts';
import { isSettled, type FeatureDocument, type Task } from '../domain/task.ts';
import { checksOf } from '../supervisor/checks.ts';
import { doubtedLine } from '../supervisor/counting/doubted-line.ts';
import { createLedger } from '../supervisor/counting/ledger.ts';
import { citableName } from '../supervisor/counting/second-read-prompt.ts';
import { settle } from '../supervisor/counting/settle.ts';
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
  async run({ work: given, document, authorsOf, begin, keepRound, files, parts, view }) {
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

    const ledger = createLedger();
    const begun = await begin();
    if ('moved' in begun) return begun;
    const context = contextOf(begun.prompt).filter(({ name }) => name !== citableName);
    const work: Work = { ...given, context };
    const { object, result } = await askForObject(
      work,
      work.router.model(decision),
      { role: 'reviewer', stage: 'review-task', parts: begun.prompt },
      'review',
      reviewReplySchema(work.findings.mode),
    );
    const sameFamily = others.avoidFamilies.includes(result.identity.family);
    const reviewer = formatModelRef(result.identity.ref);
    const { findings, note } = await settle(work, object.findings, {
      judged: { changes: new Map(), shown: null, words: null, authors: others, gates: [] },
      reviewers: [result.identity],
      ledger,
      round: 1,
      files,
      tryTests: checksOf(parts, { task, base: view }, files).tryTests,
    });
    const found = { ...object, findings, ...(note !== null && { note }) };
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
    const doubted = doubtedLine(ledger);
    const approved = accepted && !partial && doubted === null;
    return end(approved ? 'done' : 'needs_review', {
      outcome: approved ? 'approved' : 'not_approved',
      by: 'supervisor',
      reason: reasonOf(accepted, partial, doubted),
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

function reasonOf(accepted: boolean, partial: boolean, doubted: string | null): string {
  if (!accepted) return 'The review found what blocks: a person decides which task to send back.';
  if (doubted !== null)
    return `Nothing that the review found counts, but two findings in doubt are about ${doubted}.`;
  return partial
    ? 'The review found nothing that blocks, but not all files fitted into its prompt; executor.contextTokens gives them room.'
    : 'The review of the files before it found nothing that blocks.';
}

/** Scaffolds that stand on scaffolds are no settled work: there will be something to review. */
function allBeforeSettled(task: Task, document: FeatureDocument): boolean {
  const { taskOf } = producedFiles(document);
  return task.dependsOn.every((id) => isSettled(taskOf(id)?.status ?? 'pending'));
}
