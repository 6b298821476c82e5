import type { ReadBase } from '../domain/candidate.ts';
import { bundleOver, deliveredFiles } from '../domain/deliverable.ts';
import { formatModelRef, isRules, type ModelIdentity } from '../domain/model-role.ts';
import type { Route } from '../domain/route.ts';
import type { FeatureDocument, Task } from '../domain/task.ts';
import type { MessagePart } from '../models/language-model.ts';
import { findingRules } from '../supervisor/counting/citable.ts';
import type { Asking } from '../supervisor/work.ts';
import { once } from '../text/once.ts';
import { plannedRequirement } from '../text/requirement-key.ts';
import { sha256 } from '../text/sha256.ts';
import type { PromptSources } from '../workflows/context-pack.ts';
import { taskResult } from '../workflows/task-result.ts';
import type { RejectedWork, TaskPrompt } from '../workflows/workflow.ts';
import { projectSources } from '../workflows/rag/sources.ts';
import { controlsOf } from '../workflows/route/default-workers.ts';
import { emitRoute } from '../workflows/route/route.ts';
import { givenWorkflow, workflowOf } from '../workflows/workflow-of.ts';
import type { WorkspaceBase } from '../workspace/workspace.ts';
import { openAttempt, taskKey, type Attempt, type AttemptOutcome } from './attempt.ts';
import type { TaskJob } from './engine.ts';
import { baseOfChanges, movedPaths, rebaseWork } from './merge-work.ts';
import { sentBackWork } from './proposed-files.ts';
import { usableSpec } from './spec-state.ts';
import { failedOutcome, type TaskDependencies } from './task-dependencies.ts';

/**
 * One attempt at a task, through its workflow.
 * @throws ModelError when there is no usable reply. @throws InterruptedError
 */
export async function tryTask(
  job: TaskJob,
  attempt: Attempt,
  dependencies: TaskDependencies,
): Promise<AttemptOutcome> {
  const { task, slug, signal } = job;
  const { artefacts, router, emit, options, now } = dependencies;
  const { number } = attempt;
  const { spec, document } = await usableSpec(slug, job.document, artefacts);
  const said = wordsFor(task, document);
  const asking: Asking = {
    limits: { maxOutputTokens: options.maxOutputTokens },
    // Another attempt asks anew; a resumed one gets what was paid for.
    salt: number === 1 ? undefined : `attempt-${number}`,
    purpose: { stage: 'execute', feature: slug, task: task.id, attempt: number, round: 1 },
    router,
    emit,
    signal,
  };
  const route = await routeOf(task, asking, dependencies);
  const routed = route === null ? task : { ...task, workflow: route.workflow };
  const workflow = await workflowOf(routed, dependencies.workflows);
  const view = dependencies.workspace.base();
  const base: ReadBase = (path) => view.read(path);
  const buildPrompt = async (): Promise<TaskPrompt> => {
    const sources = { document, spec, base, repository: repositoryFor(view, dependencies, signal) };
    const prompt = await workflow.prompt(task, sources, options);
    const { parts, tokens, leftOut, files } = prompt.pack;
    const names = parts.map(({ name }) => name);
    const shown = { leftOut: [...leftOut], files: [...files] };
    emit({ type: 'context-pack', task: task.id, tokens, parts: names, ...shown });
    return prompt;
  };
  const end = await workflow.run({
    work: {
      ...asking,
      task,
      base,
      listBase: async () => (await view.look(signal)).files,
      codec: options.codec,
      findings: findingRules(options.findings, task, document.requirements),
    },
    route: route ?? rolesAlone,
    document,
    view,
    files: attempt.files,
    kept: {
      read: (name) => artefacts.read(slug, `${heldFolder(task)}/${name}`),
      write: (name, text) => artefacts.write(slug, `${heldFolder(task)}/${name}`, text),
    },
    parts: {
      ...dependencies,
      sources: dependencies.project ? projectSources(dependencies.project) : null,
      maxIterations: options.maxIterations,
    },
    begin: () => beginAttempt(task, said, attempt, view, buildPrompt),
    keepRound: attempt.keepRound,
    rejected: () => rejectedWork(job, dependencies, view),
    authorsOf: (tasks) => authorsOfTasks(job, tasks, dependencies),
  });
  if ('moved' in end) return failedOutcome(job, number, now, 'moved', { reason: end.moved });
  const { status, result, author, earlier, deliverable } = end;
  return {
    version: 2,
    about: taskKey(task),
    status,
    again: 'no',
    result: taskResult(now, { run: job.run, attempt: number, ...result }),
    author,
    ...(earlier !== undefined && { earlier }),
    deliverable,
    ...(await baseOfChanges(deliveredFiles(deliverable), view)),
  };
}

/** What a task is held to, whichever attempt it is. */
function heldFolder({ id }: Task): string {
  return `partial/${id}/acceptance`;
}

/** The models of the roles, as often as a usual route says. */
export const rolesAlone = { workers: [], controls: controlsOf.quality };

/** Null for what ends in files as its list says, and for reviews: their models are those of their roles. */
async function routeOf(
  task: Task,
  asking: Asking,
  { route }: TaskDependencies,
): Promise<Route | null> {
  if (task.type === 'review' || givenWorkflow(task) === 'coding' || route === undefined)
    return null;
  const found = await route(task, asking);
  emitRoute(asking, found);
  return found;
}

/** The project as the author may look at it: what it reads so, its work does not stand on. */
export function repositoryFor(
  view: Pick<WorkspaceBase, 'look'>,
  { project = null, options }: Pick<TaskDependencies, 'project' | 'options'>,
  signal: AbortSignal,
): NonNullable<PromptSources['repository']> | null {
  if (project === null) return null;
  const files = once(() => view.look(signal));
  return {
    project,
    look: async (path) => (await files()).read(path),
    relatedTokens: options.relatedTokens,
  };
}

/** One text for the requirements that a task serves, their layout aside. */
function wordsFor(task: Task, { requirements }: FeatureDocument): string {
  const served = requirements.filter(({ id }) => task.requirements.includes(id));
  return sha256(JSON.stringify(served.map(plannedRequirement)));
}

/**
 * What the attempt sends; as it was first written, when the attempt is resumed. `moved` says why what was
 * written then no longer holds: its answers would be about another task, or about older files.
 */
async function beginAttempt(
  task: Task,
  said: string,
  attempt: Attempt,
  view: WorkspaceBase,
  build: () => Promise<TaskPrompt>,
): Promise<{ prompt: readonly MessagePart[]; shown: readonly string[] } | { moved: string }> {
  const kept = await attempt.prompt();
  if (kept !== null) {
    if (kept.opening.about !== taskKey(task))
      return { moved: `${task.id} was changed while it was worked on` };
    if (kept.opening.said !== undefined && kept.opening.said !== said)
      return { moved: `a requirement of ${task.id} was changed while it was interrupted` };
    const paths = await movedPaths(kept.opening.seen, view);
    return paths.length === 0
      ? { prompt: kept.parts, shown: kept.opening.shown ?? kept.opening.seen.map(([path]) => path) }
      : { moved: `${paths.join(', ')} changed while ${task.id} was interrupted` };
  }
  const { parts, pack } = await build();
  const shown = [...pack.shownFiles];
  const seen = [...view.seen()];
  await attempt.keepPrompt(parts, { about: taskKey(task), said, seen, shown });
  return { prompt: parts, shown };
}

/**
 * The work that a person sent back, their edits included, with their words, over the files as they are now.
 * Null when there is nothing to go on from: none was kept, it is a scaffold made by rules, or the files below
 * it have changed since so that it does not fit them any more.
 */
async function rejectedWork(
  { slug, task }: TaskJob,
  { artefacts, workspace }: TaskDependencies,
  view: WorkspaceBase,
): Promise<RejectedWork | null> {
  if (task.result?.outcome !== 'rejected') return null;
  const attempt = openAttempt(artefacts, slug, task.id, task.result.attempt);
  const last = await attempt.outcome();
  const work = await sentBackWork(attempt);
  if (last === null || work === null || last.author === null || isRules(last.author.ref))
    return null;
  const { changes, conflicts } = await rebaseWork(work.changes, work.outcome, workspace, view);
  if (changes.size === 0 || conflicts.length > 0) return null;
  const bundle = bundleOver(last.deliverable, changes);
  const { author, earlier } = last;
  const by = { author, ...(earlier !== undefined && { earlier }) };
  return { candidate: { bundle, changes, ...by }, feedback: task.result.feedback };
}

/** The models that wrote the files of these tasks, those of most tasks first. */
async function authorsOfTasks(
  { slug, document }: TaskJob,
  tasks: readonly string[],
  { artefacts }: TaskDependencies,
): Promise<ModelIdentity[]> {
  const byId = new Map(document.tasks.map((other) => [other.id, other]));
  const counts = new Map<string, { author: ModelIdentity; tasks: number }>();
  for (const id of tasks) {
    const number = byId.get(id)?.result?.attempt ?? 0;
    const outcome = await openAttempt(artefacts, slug, id, number).outcome();
    if (outcome === null || outcome.author === null) continue;
    for (const author of [outcome.author, ...(outcome.earlier ?? [])]) {
      const name = formatModelRef(author.ref);
      counts.set(name, { author, tasks: (counts.get(name)?.tasks ?? 0) + 1 });
    }
  }
  return [...counts.values()].sort((a, b) => b.tasks - a.tasks).map(({ author }) => author);
}
