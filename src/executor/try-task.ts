import { fencedInstructions } from '../domain/bundle/fenced.ts';
import { wholeBundle, type Candidate, type ReadBase } from '../domain/candidate.ts';
import { formatModelRef } from '../domain/model-role.ts';
import type { TaskResult, TaskType } from '../domain/task.ts';
import { estimateTokens, toSingleLine } from '../domain/text.ts';
import type { MessagePart } from '../models/language-model.ts';
import { supervise, type Supervision } from '../supervisor/supervise.ts';
import { openAttempt, outcomeChanges, type Attempt, type AttemptOutcome } from './attempt.ts';
import { packContext } from './context-pack.ts';
import type { TaskJob } from './engine.ts';
import { executeInstructions, jsonFormat, roleOfType } from './prompts.ts';
import { sha256, taskResult, type TaskDependencies } from './task-dependencies.ts';

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
  const { router, emit, options } = dependencies;
  const view = dependencies.workspace.base(slug);
  const base: ReadBase = (path) => view.read(path);
  const prompt = await attemptPrompt(job, attempt, dependencies, base);
  // Another attempt asks anew; a resumed one gets what was paid for.
  const salt = attempt.number === 1 ? undefined : `attempt-${attempt.number}`;

  const rejected = await rejectedWork(job, dependencies);
  const candidate =
    rejected?.candidate ??
    (
      await dependencies.strategy({
        task,
        role: roleOfType[task.type],
        parts: prompt,
        purpose: {
          stage: 'execute',
          feature: slug,
          task: task.id,
          attempt: attempt.number,
          round: 1,
        },
        base,
        codec: options.codec,
        maxOutputTokens: options.maxOutputTokens,
        contentTokens: prompt.reduce((sum, { text }) => sum + estimateTokens(text), 0),
        salt,
        router,
        emit,
        signal,
      })
    ).winner;
  emit({
    type: 'candidate-ready',
    task: task.id,
    attempt: attempt.number,
    round: 1,
    files: [...candidate.changes.keys()],
  });

  const supervision = await supervise(
    {
      feature: slug,
      task,
      attempt: attempt.number,
      context: prompt.filter((part) => part.role !== 'system'),
      candidate,
      feedback: rejected?.feedback ?? null,
    },
    {
      router,
      check: (work) => dependencies.checkGates(task, work, base, signal),
      blockingGates: dependencies.blockingGates,
      base,
      maxIterations: options.maxIterations,
      maxOutputTokens: options.maxOutputTokens,
      codec: options.codec,
      salt,
      emit,
      signal,
      keep: (round, made) => attempt.keepRound(round, made),
    },
  );
  return outcomeOf(job, attempt, supervision, view.seen(), dependencies);
}

/** What the attempt sends; as it was first written, when the attempt is resumed. */
async function attemptPrompt(
  job: TaskJob,
  attempt: Attempt,
  dependencies: TaskDependencies,
  base: ReadBase,
): Promise<readonly MessagePart[]> {
  const kept = await attempt.prompt();
  if (kept !== null) return kept;
  const { parts } = await executionPrompt(job, dependencies, base);
  await attempt.keepPrompt(parts);
  return parts;
}

/** The prompt of a task's next attempt, and what its context had to leave out. */
export async function executionPrompt(
  { task, slug, document }: Pick<TaskJob, 'task' | 'slug' | 'document'>,
  { artefacts, emit, options }: Pick<TaskDependencies, 'artefacts' | 'emit' | 'options'>,
  base: ReadBase,
): Promise<{ parts: MessagePart[]; leftOut: readonly string[] }> {
  const byId = new Map(document.tasks.map((other) => [other.id, other]));
  const pack = await packContext(
    task,
    {
      document,
      spec: (await artefacts.read(slug, 'spec.md')) ?? '',
      base,
      filesOf: (id) =>
        (byId.get(id)?.result?.files ?? []).flatMap(({ path, sha256: hash }) =>
          hash === null ? [] : [path],
        ),
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
  const format = options.codec === 'json' ? jsonFormat : fencedInstructions;
  const type = task.type as Exclude<TaskType, 'review'>;
  const feedback = task.result?.outcome === 'rejected' ? task.result.feedback : null;
  const parts: MessagePart[] = [
    { role: 'system', name: 'instructions', text: executeInstructions(type, format), cache: true },
    ...pack.parts,
  ];
  if (feedback !== null)
    parts.push({
      role: 'user',
      name: 'feedback',
      text: `# A person rejected the last attempt\n\n${feedback}`,
    });
  return { parts, leftOut: pack.leftOut };
}

/** The work that a person sent back, with their words; null when there is none, or it was deleted. */
async function rejectedWork(
  { slug, task }: TaskJob,
  { artefacts }: TaskDependencies,
): Promise<{ candidate: Candidate; feedback: string } | null> {
  if (task.result?.outcome !== 'rejected' || task.result.feedback === null) return null;
  const last = await openAttempt(artefacts, slug, task.id, task.result.attempt).outcome();
  if (last === null || last.author === null) return null;
  const changes = outcomeChanges(last);
  if (changes.size === 0) return null;
  return {
    candidate: { bundle: last.bundle, changes, author: last.author },
    feedback: task.result.feedback,
  };
}

function outcomeOf(
  job: TaskJob,
  attempt: Attempt,
  supervision: Supervision,
  seen: ReadonlyMap<string, string | null>,
  { now }: TaskDependencies,
): AttemptOutcome {
  const { candidate, approved, review, reviewer, rounds } = supervision;
  const told: Parameters<typeof taskResult>[3] = {
    outcome: approved ? 'approved' : 'not_approved',
    by: 'supervisor',
    reason: supervision.reason,
    rounds,
    author: formatModelRef(candidate.author.ref),
    reviewer: reviewer === null ? null : formatModelRef(reviewer.ref),
    files: fileHashes(candidate.changes),
    gates: supervision.gates.map(({ gate, status, summary }) => ({
      gate,
      status,
      summary: toSingleLine(summary),
    })),
    review:
      review === null
        ? null
        : { verdict: review.verdict, summary: reviewSummary(review.summary, candidate, reviewer) },
  };
  return {
    status: approved ? 'done' : 'needs_review',
    result: taskResult(job, attempt.number, now, told),
    author: candidate.author,
    bundle: wholeBundle(candidate.changes, candidate.bundle),
    seen: [...seen].filter(([path]) => candidate.changes.has(path)),
  };
}

function reviewSummary(
  summary: string,
  candidate: Candidate,
  reviewer: Supervision['reviewer'],
): string {
  const text = toSingleLine(summary, 1_000);
  return reviewer?.family === candidate.author.family
    ? `${text} (Reviewed by a model of the author's own family: no other was reachable.)`
    : text;
}

/** Paths with the hash of their content, sorted; null for a deletion. */
export function fileHashes(changes: Candidate['changes']): TaskResult['files'] {
  return [...changes]
    .map(([path, content]) => ({ path, sha256: content === null ? null : sha256(content) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
