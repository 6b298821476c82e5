import type { ReadBase } from '../domain/candidate.ts';
import { formatModelRef } from '../domain/model-role.ts';
import { isBlocking, reviewSchema, type Review } from '../domain/review.ts';
import { toSingleLine } from '../domain/text.ts';
import { generateObject } from '../models/generate-object.ts';
import type { MessagePart } from '../models/language-model.ts';
import type { Attempt, AttemptOutcome } from './attempt.ts';
import { packContext } from './context-pack.ts';
import type { TaskJob } from './engine.ts';
import { reviewTaskInstructions } from './prompts.ts';
import { taskResult, type TaskDependencies } from './task-dependencies.ts';

/**
 * One attempt at a task of type review: a verdict over the files that its dependencies produced. With
 * no such files the task is skipped, not failed: there is nothing that could be wrong.
 */
export async function tryReviewTask(
  job: TaskJob,
  attempt: Attempt,
  dependencies: TaskDependencies,
): Promise<AttemptOutcome> {
  const { slug, task, signal } = job;
  const { router, emit, now, options } = dependencies;
  const produced = producedBy(job);
  const view = dependencies.workspace.base(slug);
  const finish = (
    status: AttemptOutcome['status'],
    told: Parameters<typeof taskResult>[3],
  ): AttemptOutcome => ({
    status,
    result: taskResult(job, attempt.number, now, told),
    author: null,
    bundle: { files: [], edits: [], deletions: [], tests: [], commands: [], notes: '' },
    seen: [],
  });
  const decision = router.decide('reviewer');
  emit({ type: 'route-decide', task: task.id, decision });
  const model = router.model(decision);
  if (model.identity.rules)
    return finish('needs_review', {
      outcome: 'not_approved',
      by: 'engine',
      reason: 'No model that could review it is reachable.',
    });

  if (produced.size === 0)
    return finish('skipped', {
      outcome: 'skipped',
      by: 'engine',
      reason: 'The tasks before it produced no files, so there is nothing to review.',
    });

  const parts =
    (await attempt.prompt()) ??
    (await reviewTaskPrompt(job, dependencies, (path) => view.read(path))).parts;
  await attempt.keepPrompt(parts);
  const { object: review, result } = await generateObject(
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
  const reviewer = formatModelRef(result.identity.ref);
  await attempt.keepRound(1, { review });
  emit({
    type: 'review-finish',
    task: task.id,
    attempt: attempt.number,
    round: 1,
    review,
    reviewer,
    sameFamily: false,
  });
  const approved = isAccepted(review);
  return finish(approved ? 'done' : 'needs_review', {
    outcome: approved ? 'approved' : 'not_approved',
    by: 'supervisor',
    reason: approved
      ? 'The review of the files before it found nothing that blocks.'
      : 'The review found what blocks: a person decides which task to send back.',
    rounds: 1,
    reviewer,
    review: { verdict: review.verdict, summary: toSingleLine(review.summary, 1_000) },
  });
}

function isAccepted(review: Review): boolean {
  const contradictory = review.verdict === 'revise' && review.findings.length === 0;
  return !contradictory && !review.findings.some(isBlocking);
}

/** Paths by the task that produced them, for every task that this one comes after. */
function producedBy({ task, document }: Pick<TaskJob, 'task' | 'document'>): Map<string, string[]> {
  const byId = new Map(document.tasks.map((other) => [other.id, other]));
  const produced = new Map<string, string[]>();
  const open = [...task.dependsOn];
  const visited = new Set<string>();
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (visited.has(id)) continue;
    visited.add(id);
    const before = byId.get(id);
    const paths = (before?.result?.files ?? []).flatMap(({ path, sha256 }) =>
      sha256 === null ? [] : [path],
    );
    if (before?.status === 'done' && paths.length > 0) produced.set(id, paths);
    open.push(...(before?.dependsOn ?? []));
  }
  return produced;
}

/** The prompt of a review task's next attempt, and what its context had to leave out. */
export async function reviewTaskPrompt(
  { slug, task, document }: Pick<TaskJob, 'slug' | 'task' | 'document'>,
  { artefacts, emit, options }: Pick<TaskDependencies, 'artefacts' | 'emit' | 'options'>,
  base: ReadBase,
): Promise<{ parts: MessagePart[]; leftOut: readonly string[] }> {
  const produced = producedBy({ task, document });
  const pack = await packContext(
    task,
    {
      document,
      spec: (await artefacts.read(slug, 'spec.md')) ?? '',
      base,
      filesOf: (id) => produced.get(id) ?? [],
    },
    options.contextTokens,
  );
  emit({
    type: 'context-pack',
    task: task.id,
    tokens: pack.tokens,
    parts: pack.parts.map(({ name }) => name),
    leftOut: [...pack.leftOut],
  });
  const feedback = task.result?.outcome === 'rejected' ? task.result.feedback : null;
  const parts: MessagePart[] = [
    { role: 'system', name: 'instructions', text: reviewTaskInstructions, cache: true },
    ...pack.parts,
    ...(feedback === null
      ? []
      : [
          {
            role: 'user' as const,
            name: 'feedback',
            text: `# A person sent the last review back\n\n${feedback}`,
          },
        ]),
  ];
  return { parts, leftOut: pack.leftOut };
}
