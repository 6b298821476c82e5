import { setTimeout as sleep } from 'node:timers/promises';
import { BlueprintError, ExitCode, InterruptedError } from '../domain/errors.ts';
import type { Emit } from '../domain/event.ts';
import { formatModelRef } from '../domain/model-role.ts';
import { isSettled, type FeatureDocument, type Task, type TaskStatus } from '../domain/task.ts';
import type { ModelRouter } from '../models/language-model.ts';
import type { FeatureStore, LeaseKeeper } from '../state/ports.ts';
import type { Engine, TaskOutcome } from './engine.ts';
import { checkSelection, isRunnable, isSelected, readyTasks, type Selection } from './selection.ts';

export interface RunInput {
  readonly slug: string;
  readonly run: string;
  readonly selection: Selection;
  readonly concurrency: number;
  readonly failFast: boolean;
}

export interface RunDependencies {
  readonly store: FeatureStore;
  readonly leases: LeaseKeeper;
  readonly engine: Engine;
  readonly router: ModelRouter;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Pause between looks at tasks that another process works on, ms. */
  readonly pollMs?: number;
}

export interface RunReport {
  readonly document: FeatureDocument;
  /** Tasks that this run brought to an end, with their final status. */
  readonly settled: readonly { readonly task: string; readonly status: TaskStatus }[];
  /** The provider faults that left tasks undone, by task. */
  readonly unavailable: readonly { readonly task: string; readonly error: BlueprintError }[];
  readonly exitCode: ExitCode;
}

/**
 * Runs the graph with bounded concurrency, longest remaining path first. The task list is read again
 * before each decision, so that other processes and people may change it meanwhile.
 * @throws InterruptedError when the signal ended it; no task is then left half-done.
 */
export async function runFeature(
  input: RunInput,
  dependencies: RunDependencies,
): Promise<RunReport> {
  const { slug, selection } = input;
  const { store, emit, signal } = dependencies;
  const first = await readDocument(store, slug);
  checkSelection(slug, first, selection);
  emit({
    type: 'run-start',
    command: 'run',
    feature: slug,
    tasks: first.tasks.filter((task) => isSelected(task, selection)).length,
    concurrency: input.concurrency,
  });
  const run = createRun(input, dependencies);
  await run.untilNothingIsReady();

  const document = await readDocument(store, slug);
  const exitCode = signal.aborted ? ExitCode.interrupted : run.exitCode(document);
  emit({ type: 'run-finish', feature: slug, exitCode, states: countStates(document.tasks) });
  if (run.fatal !== null) throw run.fatal;
  if (signal.aborted) throw new InterruptedError(`Interrupted. To go on: blueprint run ${slug}`);
  return { document, settled: run.settled, unavailable: run.unavailable, exitCode };
}

function createRun(input: RunInput, dependencies: RunDependencies) {
  const { slug, selection } = input;
  const { store, leases, engine, router, emit, signal, pollMs = 500 } = dependencies;
  const active = new Map<string, Promise<void>>();
  /** Tried in this run, successfully or not: each is taken up once. */
  const tried = new Set<string>();
  const settled: { task: string; status: TaskStatus }[] = [];
  const unavailable: { task: string; error: BlueprintError }[] = [];
  let heldElsewhere = new Set<string>();
  let fatal: unknown = null;

  // Ends the tasks that still run, on a fault that ends the run or where one failure ends all.
  const halt = new AbortController();
  const taskSignal = AbortSignal.any([signal, halt.signal]);

  // With no model at all, scaffolds may stand on scaffolds: the person sees the whole outline at once.
  const rules = rulesInsteadOfModels(router);
  const mayPass = ({ status, result }: Task): boolean =>
    rules !== null && status === 'needs_review' && result?.author === rules;

  const start = (task: Task): void => {
    tried.add(task.id);
    const work = runTask(task)
      .catch((error: unknown) => {
        if (error instanceof InterruptedError) return;
        fatal ??= error;
        halt.abort();
      })
      .finally(() => active.delete(task.id));
    active.set(task.id, work);
  };

  const runTask = async (task: Task): Promise<void> => {
    const taken = await leases.take(slug, task.id, input.run);
    if ('heldBy' in taken) {
      tried.delete(task.id);
      heldElsewhere.add(task.id);
      return;
    }
    try {
      const before = await begin(task.id);
      if (before === null) return;
      const document = await readDocument(store, slug);
      const job = { slug, run: input.run, task: before, document, signal: taskSignal };
      const outcome = await engine.execute(job).catch(async (error: unknown) => {
        await setStatus(task.id, 'pending', null);
        throw error;
      });
      await finish(task.id, outcome);
    } finally {
      await taken.lease.release();
    }
  };

  /** Marks the task as in progress and gives it as it was; null when it is not to be run any more. */
  const begin = (id: string): Promise<Task | null> =>
    store.update(slug, (document) => {
      const task = document.tasks.find((other) => other.id === id);
      if (task === undefined || !isRunnable(task)) return null;
      const before = structuredClone(task);
      if (task.status !== 'in_progress') {
        emit({ type: 'task-status', task: id, from: task.status, to: 'in_progress', by: 'engine' });
        task.status = 'in_progress';
      }
      return before;
    });

  const setStatus = (id: string, to: TaskStatus, result: Task['result']): Promise<void> =>
    store.update(slug, (document) => {
      const task = document.tasks.find((other) => other.id === id);
      if (task === undefined) return;
      emit({ type: 'task-status', task: id, from: task.status, to, by: 'engine' });
      task.status = to;
      if (result !== null) task.result = result;
    });

  const finish = async (id: string, outcome: TaskOutcome): Promise<void> => {
    if (outcome.kind === 'unavailable') {
      unavailable.push({ task: id, error: outcome.error });
      emit({ type: 'warning', code: outcome.error.code, message: outcome.error.message, task: id });
      await setStatus(id, 'pending', null);
      return;
    }
    await setStatus(id, outcome.status, outcome.result);
    settled.push({ task: id, status: outcome.status });
    if (input.failFast && outcome.status === 'failed') halt.abort();
  };

  return {
    settled,
    unavailable,
    get fatal(): unknown {
      return fatal;
    },

    async untilNothingIsReady(): Promise<void> {
      for (;;) {
        if (!taskSignal.aborted) {
          const document = await readDocument(store, slug);
          const ready = readyTasks(document, selection, tried, mayPass);
          const free = ready.filter((task) => !heldElsewhere.has(task.id));
          for (const task of free.slice(0, input.concurrency - active.size)) start(task);
          if (active.size === 0 && free.length === 0) {
            if (heldElsewhere.size === 0) return;
            // Another process works on this feature: what it finishes may make tasks ready here.
            await sleep(pollMs, undefined, { signal }).catch(() => undefined);
            heldElsewhere = new Set();
            continue;
          }
        }
        if (active.size === 0) return;
        await Promise.race(active.values());
      }
    },

    /** Derived from the final states of what was selected. */
    exitCode(document: FeatureDocument): ExitCode {
      const states = document.tasks
        .filter((task) => isSelected(task, selection))
        .map((task) => task.status);
      if (states.includes('failed')) return ExitCode.failed;
      if (unavailable.length > 0) return ExitCode.unavailable;
      return states.every(isSettled) ? ExitCode.done : ExitCode.needsReview;
    },
  };
}

/** The name of the rule-based author, where no model can be reached; else null. */
function rulesInsteadOfModels(router: ModelRouter): string | null {
  try {
    const { identity } = router.model(router.decide('coder'));
    return identity.rules ? formatModelRef(identity.ref) : null;
  } catch {
    return null;
  }
}

async function readDocument(store: FeatureStore, slug: string): Promise<FeatureDocument> {
  const document = await store.read(slug);
  if (document !== null) return document;
  throw new BlueprintError({
    code: 'feature-not-planned',
    message: `Feature «${slug}» has no task list yet`,
    target: slug,
    fix: `Finish its plan: blueprint new --name ${slug} features/${slug}/brief.md`,
  });
}

export function countStates(tasks: readonly Task[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of tasks) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
