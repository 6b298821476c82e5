import { formatModelRef, isRules } from '../domain/model-role.ts';
import { isBlocking, reviewSchema, type Review } from '../domain/review.ts';
import { isSettled } from '../domain/task.ts';
import { generateObject } from '../models/generate-object.ts';
import type { LanguageModel, MessagePart } from '../models/language-model.ts';
import { openAttempt, type Attempt, type AttemptOutcome } from './attempt.ts';
import { beginAttempt } from './begin-attempt.ts';
import type { TaskJob } from './engine.ts';
import { leftOutPart, producedBefore, reviewTaskPrompt } from './review-prompt.ts';
import {
  outcomeWithoutWork,
  withFamilyNote,
  type taskResult,
  type TaskDependencies,
} from './task-dependencies.ts';

/**
 * One attempt at a task of type review: a verdict over the files that its dependencies produced. With
 * no such files the task is skipped, not failed: there is nothing that could be wrong.
 */
export async function tryReviewTask(
  job: TaskJob,
  attempt: Attempt,
  dependencies: TaskDependencies,
): Promise<AttemptOutcome> {
  const { task } = job;
  const { router, emit, now } = dependencies;
  const finish = (
    status: AttemptOutcome['status'],
    told: Parameters<typeof taskResult>[3],
    again: AttemptOutcome['again'] = 'no',
  ): AttemptOutcome => outcomeWithoutWork(job, attempt.number, now, again, told, status);

  const produced = producedBefore(job);
  if (produced.size === 0 && allBeforeSettled(job))
    return finish('skipped', {
      outcome: 'skipped',
      by: 'engine',
      reason: 'The tasks before it produced no files, so there is nothing to review.',
    });
  const families = await authorFamilies(job, [...produced.keys()], dependencies);
  const decision = router.decide('reviewer', { avoidFamilies: families });
  emit({ type: 'route-decide', task: task.id, decision });
  if (isRules(decision.chosen))
    return finish('needs_review', {
      outcome: 'not_approved',
      by: 'engine',
      reason: 'No model that could review it is reachable.',
    });

  const view = dependencies.workspace.base();
  const begun = await beginAttempt(
    task,
    attempt,
    view,
    async () => (await reviewTaskPrompt(job, dependencies, (path) => view.read(path))).parts,
  );
  if ('moved' in begun)
    return finish('failed', { outcome: 'failed', by: 'engine', reason: begun.moved }, 'moved');

  const { review, by } = await askForReview(
    job,
    attempt,
    router.model(decision),
    begun.parts,
    dependencies,
  );
  const sameFamily = families.includes(by.family);
  const reviewer = formatModelRef(by.ref);
  await attempt.keepRound(1, { review });
  emit({
    type: 'review-finish',
    task: task.id,
    attempt: attempt.number,
    round: 1,
    review,
    reviewer,
    sameFamily,
  });
  const accepted = isAccepted(review);
  const partial = begun.parts.some(({ name }) => name === leftOutPart);
  const approved = accepted && !partial;
  return finish(approved ? 'done' : 'needs_review', {
    outcome: approved ? 'approved' : 'not_approved',
    by: 'supervisor',
    reason: reasonOf(accepted, partial),
    rounds: 1,
    reviewer,
    review: { verdict: review.verdict, summary: withFamilyNote(review.summary, sameFamily) },
  });
}

async function askForReview(
  { slug, task, signal }: TaskJob,
  attempt: Attempt,
  model: LanguageModel,
  parts: readonly MessagePart[],
  { options }: TaskDependencies,
) {
  const { object, result } = await generateObject(
    model,
    {
      role: 'reviewer',
      purpose: {
        stage: 'review-task',
        feature: slug,
        task: task.id,
        attempt: attempt.number,
        round: 1,
      },
      parts,
      maxOutputTokens: options.maxOutputTokens,
      signal,
      ...(attempt.number > 1 && { salt: `attempt-${attempt.number}` }),
    },
    'review',
    reviewSchema,
  );
  return { review: object, by: result.identity };
}

function isAccepted(review: Review): boolean {
  const contradictory = review.verdict === 'revise' && review.findings.length === 0;
  return !contradictory && !review.findings.some(isBlocking);
}

function reasonOf(accepted: boolean, partial: boolean): string {
  if (!accepted) return 'The review found what blocks: a person decides which task to send back.';
  return partial
    ? 'The review found nothing that blocks, but not all files fitted into its prompt; executor.contextTokens gives them room.'
    : 'The review of the files before it found nothing that blocks.';
}

/** Scaffolds that stand on scaffolds are no settled work: there will be something to review. */
function allBeforeSettled({ task, document }: TaskJob): boolean {
  const byId = new Map(document.tasks.map((other) => [other.id, other]));
  return task.dependsOn.every((id) => isSettled(byId.get(id)?.status ?? 'pending'));
}

/** Families of the models that wrote the files, the most frequent first. */
async function authorFamilies(
  { slug, document }: TaskJob,
  ids: readonly string[],
  { artefacts }: TaskDependencies,
): Promise<string[]> {
  const byId = new Map(document.tasks.map((other) => [other.id, other]));
  const counts = new Map<string, number>();
  for (const id of ids) {
    const number = byId.get(id)?.result?.attempt ?? 0;
    const family = (await openAttempt(artefacts, slug, id, number).outcome())?.author?.family;
    if (family !== undefined) counts.set(family, (counts.get(family) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([family]) => family);
}
