import { setTimeout as sleep } from 'node:timers/promises';
import { BlueprintError, ExitCode, InterruptedError } from '../domain/errors.ts';
import type { Emit } from '../domain/event.ts';
import { isSettled, type FeatureDocument, type Task, type TaskStatus } from '../domain/task.ts';
import type { ModelRouter } from '../models/language-model.ts';
import type { FeatureStore, LeaseKeeper } from '../state/ports.ts';
import type { Engine, TaskOutcome } from './engine.ts';
import { scaffoldsPass } from './scaffolds.ts';
import {
  checkSelection,
  isFree,
  isRunnable,
  isSelected,
  readyTasks,
  type MayPass,
  type Selection,
} from './selection.ts';
import { beginTask, setStatusByEngine } from './task-status.ts';

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
  /** Pause between looks at a list that other processes and people may change, ms. */
  readonly pollMs?: number;
}

export interface RunReport {
  readonly document: FeatureDocument;
  /** Tasks that this run brought to an end, with their final status. */
  readonly settled: readonly { readonly task: string; readonly status: TaskStatus }[];
  /** The faults of provider or budget that left tasks undone, by task. */
  readonly unavailable: readonly { readonly task: string; readonly error: BlueprintError }[];
  readonly exitCode: ExitCode;
}

/**
 * Runs the graph with bounded concurrency, longest remaining path first. The task list is read again
 * before each decision, so that other processes and people may change it meanwhile.
 * @throws BlueprintError of `checkSelection`, or the fault that ended the run; the tasks that it cut off
 * are resumable. @throws InterruptedError when the signal ended it.
 */
export async function runFeature(
  input: RunInput,
  dependencies: RunDependencies,
): Promise<RunReport> {
  const { slug, selection } = input;
  const { store, emit, signal } = dependencies;
  const first = await store.get(slug);
  const mayPass = scaffoldsPass(dependencies.router);
  checkSelection(slug, first, selection, mayPass);
  emit({
    type: 'run-start',
    command: 'run',
    feature: slug,
    tasks: first.tasks.filter((task) => isSelected(task, selection) && isRunnable(task)).length,
    concurrency: input.concurrency,
  });
  const run = createRun(input, dependencies, first, mayPass);
  await run.untilNothingIsReady();

  const { settled, unavailable, stop, fatal } = run;
  const document = await store.get(slug).catch((error: unknown) => {
    throw fatal ?? error;
  });
  const exitCode = exitCodeOf(document, selection, { fatal, signal, stop, unavailable });
  emit({ type: 'run-finish', feature: slug, exitCode, states: countStates(document.tasks) });
  if (fatal !== null) throw fatal;
  if (signal.aborted) throw new InterruptedError(`Interrupted. To go on: blueprint run ${slug}`);
  return { document, settled, unavailable, exitCode };
}

function createRun(
  input: RunInput,
  dependencies: RunDependencies,
  first: FeatureDocument,
  mayPass: MayPass,
) {
  const { slug, selection, concurrency } = input;
  const { store, leases, engine, emit, signal, pollMs = 500 } = dependencies;
  const active = new Map<string, Promise<void>>();
  /** Tried in this run, successfully or not: each is taken up once. */
  const tried = new Set<string>();
  const settled: { task: string; status: TaskStatus }[] = [];
  const unavailable: { task: string; error: BlueprintError }[] = [];
  const heldElsewhere = new Set<string>();
  let fatal: unknown = null;
  /** Why nothing is begun any more; what was begun goes on with what it has paid for. */
  let stop: BlueprintError | null = null;

  // Ends the tasks that still run, on a fault that ends the run or where one failure ends all.
  const halt = new AbortController();
  const taskSignal = AbortSignal.any([signal, halt.signal]);
  const end = (error: unknown): void => {
    fatal ??= error;
    halt.abort();
  };

  // What failed in another process since this run began has had its try.
  const failedBefore = new Map(
    first.tasks
      .filter(({ status }) => status === 'failed')
      .map(({ id, result }) => [id, JSON.stringify(result)]),
  );
  const isUntried = ({ id, status, result }: Task): boolean =>
    status !== 'failed' || failedBefore.get(id) === JSON.stringify(result);

  const start = (task: Task): void => {
    tried.add(task.id);
    const work = runTask(task.id)
      .catch((error: unknown) => {
        if (!(error instanceof InterruptedError)) end(error);
      })
      .finally(() => active.delete(task.id));
    active.set(task.id, work);
  };

  const runTask = async (id: string): Promise<void> => {
    const taken = await leases.take(slug, id, input.run);
    if ('heldBy' in taken) {
      tried.delete(id);
      heldElsewhere.add(id);
      return;
    }
    try {
      // Between the choice and the lease another process may have done the task, or changed the graph.
      const task = await beginTask(
        store,
        slug,
        id,
        emit,
        (now, document) => isRunnable(now) && isUntried(now) && isFree(now, document, mayPass),
      );
      if (task === null) {
        tried.delete(id);
        return;
      }
      await finish(id, await execute(task));
    } finally {
      await taken.lease.release();
    }
  };

  const execute = async (task: Task): Promise<TaskOutcome> => {
    try {
      const document = await store.get(slug);
      return await engine.execute({ slug, run: input.run, task, document, signal: taskSignal });
    } catch (error) {
      // After any other fault the task stays in progress, as after a kill: the next run completes what
      // was finished instead of doing it again.
      if (error instanceof InterruptedError)
        await setStatusByEngine(store, slug, task.id, emit, 'pending', null);
      throw error;
    }
  };

  const finish = async (id: string, outcome: TaskOutcome): Promise<void> => {
    if (outcome.kind !== 'settled') {
      if (outcome.kind === 'stopped') stop ??= outcome.error;
      unavailable.push({ task: id, error: outcome.error });
      emit({ type: 'warning', code: outcome.error.code, message: outcome.error.message, task: id });
      await setStatusByEngine(store, slug, id, emit, 'pending', null);
      return;
    }
    await setStatusByEngine(store, slug, id, emit, outcome.status, outcome.result);
    settled.push({ task: id, status: outcome.status });
    if (input.failFast && outcome.status === 'failed') halt.abort();
  };

  /** Starts what can start. @returns whether there is anything to wait for. */
  const startReady = async (): Promise<boolean> => {
    const document = await store.get(slug);
    if (taskSignal.aborted || stop !== null) return active.size > 0;
    const ready = readyTasks(document, selection, tried, mayPass).filter(isUntried);
    const free = ready.filter((task) => !heldElsewhere.has(task.id));
    for (const task of free.slice(0, concurrency - active.size)) start(task);
    return active.size > 0 || heldElsewhere.size > 0;
  };

  /** Until a task of this run ends or, where there is room for more, it is time to look again. */
  const change = async (): Promise<void> => {
    if (taskSignal.aborted || stop !== null || active.size >= concurrency) {
      await Promise.race(active.values());
      return;
    }
    const over = new AbortController();
    const pause = sleep(pollMs, undefined, { signal: AbortSignal.any([over.signal, taskSignal]) });
    const looked = pause.then(
      () => heldElsewhere.clear(),
      () => undefined,
    );
    await Promise.race([looked, ...active.values()]);
    over.abort();
  };

  return {
    settled,
    unavailable,
    get fatal(): unknown {
      return fatal;
    },
    get stop(): BlueprintError | null {
      return stop;
    },

    /** Never throws: a fault that ends the run waits until all that it cut off has ended. */
    async untilNothingIsReady(): Promise<void> {
      for (;;) {
        let waiting = active.size > 0;
        if (!taskSignal.aborted) {
          try {
            waiting = await startReady();
          } catch (error) {
            end(error);
          }
        }
        if (taskSignal.aborted) waiting = active.size > 0;
        if (!waiting) return;
        await change();
      }
    },
  };
}

/** Derived from the final states of what was selected. */
function exitCodeOf(
  document: FeatureDocument,
  selection: Selection,
  ended: {
    fatal: unknown;
    signal: AbortSignal;
    stop: BlueprintError | null;
    unavailable: RunReport['unavailable'];
  },
): ExitCode {
  const { fatal, signal, stop, unavailable } = ended;
  if (fatal !== null) return fatal instanceof BlueprintError ? fatal.exitCode : ExitCode.failed;
  if (signal.aborted) return ExitCode.interrupted;
  if (stop !== null) return stop.exitCode;
  const selected = document.tasks.filter((task) => isSelected(task, selection));
  const open = selected.filter(({ status }) => !isSettled(status));
  if (open.some(({ status }) => status === 'failed')) return ExitCode.failed;
  if (open.some(({ id }) => unavailable.some(({ task }) => task === id)))
    return ExitCode.unavailable;
  return open.length === 0 ? ExitCode.done : ExitCode.needsReview;
}

function countStates(tasks: readonly Task[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of tasks) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
