import { wholeBundle, type ReadBase } from '../domain/candidate.ts';
import { formatModelRef, isRules } from '../domain/model-role.ts';
import type { NeedsReviewReason } from '../domain/needs-review.ts';
import { estimatePromptTokens } from '../domain/text.ts';
import type { StrategyResult } from '../strategies/strategy.ts';
import { checksOf } from '../supervisor/checks.ts';
import { supervise } from '../supervisor/supervise.ts';
import type { Supervision } from '../supervisor/supervision.ts';
import { contextOf, type Work } from '../supervisor/work.ts';
import { contentKey } from '../text/content-key.ts';
import type { WorkspaceBase } from '../workspace/workspace.ts';
import { taskKey, type Attempt, type AttemptOutcome } from './attempt.ts';
import { beginAttempt } from './begin-attempt.ts';
import type { TaskJob } from './engine.ts';
import { executionPrompt } from './execution-prompt.ts';
import { baseOfChanges } from './merge-work.ts';
import { roleOfType } from './prompts.ts';
import { rejectedWork } from './rejected-work.ts';
import { scaffoldOn } from './scaffolds.ts';
import {
  outcomeWithoutWork,
  fileHashes,
  gateLines,
  taskResult,
  withFamilyNote,
  type TaskDependencies,
} from './task-dependencies.ts';

/**
 * One attempt at a task that makes files: a candidate, then supervision until approved or stopped.
 * @throws ModelError when there is no usable candidate. @throws InterruptedError
 */
export async function tryTask(
  job: TaskJob,
  attempt: Attempt,
  dependencies: TaskDependencies,
): Promise<AttemptOutcome> {
  const { task, slug, signal } = job;
  const { artefacts, router, emit, options } = dependencies;
  const view = dependencies.workspace.base();
  const base: ReadBase = (path) => view.read(path);
  const begun = await beginAttempt(
    task,
    attempt,
    view,
    async () => (await executionPrompt(job, dependencies, base)).parts,
  );
  if ('moved' in begun)
    return outcomeWithoutWork(job, attempt.number, dependencies.now, 'moved', {
      outcome: 'failed',
      by: 'engine',
      reason: begun.moved,
    });
  const prompt = begun.parts;
  // Another attempt asks anew; a resumed one gets what was paid for.
  const salt = attempt.number === 1 ? undefined : `attempt-${attempt.number}`;

  const files = { read: attempt.note, write: attempt.keepNote };
  const checks = checksOf(dependencies, { task, base: view }, files);
  const work: Work = {
    task,
    context: contextOf(prompt),
    base,
    codec: options.codec,
    limits: { maxOutputTokens: options.maxOutputTokens },
    salt,
    purpose: { stage: 'execute', feature: slug, task: task.id, attempt: attempt.number, round: 1 },
    router,
    emit,
    signal,
  };
  const rejected = await rejectedWork(job, artefacts, view);
  const author = async (): Promise<StrategyResult> => {
    const role = roleOfType[task.type];
    const decision = router.decide(role, { contentTokens: estimatePromptTokens(prompt) });
    if (!isRules(decision.chosen))
      return dependencies.strategy({ work, role, prompt, checks, files });
    emit({ type: 'route-decide', task: task.id, decision });
    const winner = await scaffoldOn(base, task, dependencies.scaffold);
    return { winner, needsReview: [] };
  };
  const found =
    rejected === null ? await author() : { winner: rejected.candidate, needsReview: [] };
  const candidate = found.winner;
  emit({
    type: 'candidate-ready',
    task: task.id,
    attempt: attempt.number,
    round: 1,
    files: [...candidate.changes.keys()],
    content: contentKey(candidate.changes),
  });

  const supervision = await supervise(work, {
    candidate,
    feedback: rejected?.feedback ?? null,
    ...('approval' in found && { approval: found.approval }),
    check: (proposed, round) => checks.run(proposed, signal, `round-${round}`),
    blockingGates: checks.blocking,
    maxIterations: options.maxIterations,
    keep: (round, record) => attempt.keepRound(round, record),
  });
  return outcomeOf(job, attempt, supervision, found.needsReview, view, dependencies);
}

async function outcomeOf(
  job: TaskJob,
  attempt: Attempt,
  supervision: Supervision,
  needsReview: readonly NeedsReviewReason[],
  view: WorkspaceBase,
  { now }: TaskDependencies,
): Promise<AttemptOutcome> {
  const { candidate, review, reviewer, rounds } = supervision;
  // What a strategy cannot decide, one reviewer does not decide either.
  const approved = supervision.approved && needsReview.length === 0;
  const doubts =
    needsReview.length === 0 ? '' : ` A person must decide: ${needsReview.join(', ')}.`;
  const sameFamily = reviewer?.family === candidate.author.family;
  const result: Parameters<typeof taskResult>[3] = {
    outcome: approved ? 'approved' : 'not_approved',
    by: 'supervisor',
    reason: `${supervision.reason}${doubts}`,
    rounds,
    author: formatModelRef(candidate.author.ref),
    reviewer: reviewer === null ? null : formatModelRef(reviewer.ref),
    files: fileHashes(candidate.changes),
    gates: gateLines(supervision.gates),
    review:
      review === null
        ? null
        : { verdict: review.verdict, summary: withFamilyNote(review.summary, sameFamily) },
  };
  return {
    about: taskKey(job.task),
    status: approved ? 'done' : 'needs_review',
    again: 'no',
    result: taskResult(job, attempt.number, now, result),
    author: candidate.author,
    bundle: wholeBundle(candidate.changes, candidate.bundle),
    ...(await baseOfChanges(candidate.changes, view)),
  };
}
