import type { ReadBase } from '../domain/candidate.ts';
import { deliveredFiles } from '../domain/deliverable.ts';
import type { TaskPrompt } from '../workflows/workflow.ts';
import { workflowOf } from '../workflows/workflow-of.ts';
import { openAttempt, taskKey, type Attempt, type AttemptOutcome } from './attempt.ts';
import { beginAttempt } from './begin-attempt.ts';
import type { TaskJob } from './engine.ts';
import { baseOfChanges } from './merge-work.ts';
import { rejectedWork } from './rejected-work.ts';
import { failedOutcome, taskResult, type TaskDependencies } from './task-dependencies.ts';

/**
 * One attempt at a task, through its workflow.
 * @throws ModelError when there is no usable reply. @throws InterruptedError
 */
export async function tryTask(
  job: TaskJob,
  attempt: Attempt,
  dependencies: TaskDependencies,
): Promise<AttemptOutcome> {
  const { task, slug, document, signal } = job;
  const { artefacts, router, emit, options, now } = dependencies;
  const { number } = attempt;
  const workflow = workflowOf(task);
  const view = dependencies.workspace.base();
  const base: ReadBase = (path) => view.read(path);
  const buildPrompt = async (): Promise<TaskPrompt> => {
    const spec = (await artefacts.read(slug, 'spec.md')) ?? '';
    const prompt = await workflow.prompt(task, { document, spec, base }, options);
    const { parts, tokens, leftOut } = prompt.pack;
    const names = parts.map(({ name }) => name);
    emit({ type: 'context-pack', task: task.id, tokens, parts: names, leftOut: [...leftOut] });
    return prompt;
  };
  const end = await workflow.run({
    work: {
      task,
      base,
      codec: options.codec,
      limits: { maxOutputTokens: options.maxOutputTokens },
      // Another attempt asks anew; a resumed one gets what was paid for.
      salt: number === 1 ? undefined : `attempt-${number}`,
      purpose: { stage: 'execute', feature: slug, task: task.id, attempt: number, round: 1 },
      router,
      emit,
      signal,
    },
    document,
    view,
    files: attempt.files,
    parts: { ...dependencies, maxIterations: options.maxIterations },
    begin: () => beginAttempt(task, attempt, view, buildPrompt),
    keepRound: attempt.keepRound,
    rejected: () => rejectedWork(job, artefacts, view),
    authorFamilies: (tasks) => authorFamilies(job, tasks, dependencies),
  });
  if ('moved' in end) return failedOutcome(job, number, now, 'moved', { reason: end.moved });
  const { status, result, author, deliverable } = end;
  return {
    version: 2,
    about: taskKey(task),
    status,
    again: 'no',
    result: taskResult(job, number, now, result),
    author,
    deliverable,
    ...(await baseOfChanges(deliveredFiles(deliverable), view)),
  };
}

/** Families of the models that wrote the files of these tasks, the most frequent first. */
async function authorFamilies(
  { slug, document }: TaskJob,
  tasks: readonly string[],
  { artefacts }: TaskDependencies,
): Promise<string[]> {
  const byId = new Map(document.tasks.map((other) => [other.id, other]));
  const counts = new Map<string, number>();
  for (const id of tasks) {
    const number = byId.get(id)?.result?.attempt ?? 0;
    const family = (await openAttempt(artefacts, slug, id, number).outcome())?.author?.family;
    if (family !== undefined) counts.set(family, (counts.get(family) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([family]) => family);
}
