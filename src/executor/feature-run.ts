import { setTimeout as sleep } from 'node:timers/promises';
import { BlueprintError, InterruptedError } from '../domain/errors.ts';
import type { Emit } from '../domain/event.ts';
import type { FeatureDocument, Task, TaskResult, TaskStatus } from '../domain/task.ts';
import type { FeatureStore, Lease, LeaseKeeper } from '../state/ports.ts';
import { leaseLost } from '../domain/lease-lost.ts';
import type { Engine, TaskOutcome } from './engine.ts';
import { requireLease } from './require-lease.ts';
import { readyTasks, type ReadyTasks } from './ready-tasks.ts';
import { isFree, isRunnable, type MayPass, type Selection } from './selection.ts';

export interface RunInput {
  readonly slug: string;
  readonly run: string;
  readonly selection: Selection;
  readonly concurrency: number;
  readonly failFast: boolean;
}

export interface RunDependencies {
  readonly store: FeatureStore;
  readonly emit: Emit;
  readonly leases: LeaseKeeper;
  readonly engine: Engine;
  readonly signal: AbortSignal;
  /** Pause between looks at a list that other processes and people may change, ms. */
  readonly pollMs?: number;
}

/** One run over a feature's graph: what runs now, and what became of the rest. */
export class FeatureRun {
  readonly settled: { task: string; status: TaskStatus }[] = [];
  readonly unavailable: { task: string; error: BlueprintError }[] = [];
  /** The fault that ended the run, if one did. */
  fatal: unknown = null;
  /** Why nothing is begun any more; what was begun goes on with what it has paid for. */
  stop: BlueprintError | null = null;

  readonly #input: RunInput;
  readonly #dependencies: RunDependencies;
  readonly #mayPass: MayPass;
  readonly #ready: ReadyTasks;
  readonly #active = new Map<string, Promise<void>>();
  /** Tried in this run, successfully or not: each is taken up once. */
  readonly #tried = new Set<string>();
  readonly #heldElsewhere = new Set<string>();
  /** Results of tasks that had failed when the run began, as text. */
  readonly #failedBefore: ReadonlyMap<string, string>;
  /** Ends the tasks that still run, on a fault that ends the run or where one failure ends all. */
  readonly #halt = new AbortController();
  readonly #signal: AbortSignal;

  constructor(
    input: RunInput,
    dependencies: RunDependencies,
    first: FeatureDocument,
    mayPass: MayPass,
  ) {
    this.#input = input;
    this.#dependencies = dependencies;
    this.#mayPass = mayPass;
    this.#ready = readyTasks(input.selection, mayPass);
    this.#signal = AbortSignal.any([dependencies.signal, this.#halt.signal]);
    this.#failedBefore = new Map(
      first.tasks
        .filter(({ status }) => status === 'failed')
        .map(({ id, result }) => [id, JSON.stringify(result)]),
    );
  }

  /** Never throws: a fault that ends the run waits until all that it cut off has ended. */
  async untilNothingIsReady(): Promise<void> {
    for (;;) {
      let waiting = this.#active.size > 0;
      if (!this.#signal.aborted) {
        try {
          waiting = await this.#startReady();
        } catch (error) {
          this.#end(error);
        }
      }
      if (this.#signal.aborted) waiting = this.#active.size > 0;
      if (!waiting) return;
      await this.#change();
    }
  }

  /** Starts what can start. @returns whether there is anything to wait for. */
  async #startReady(): Promise<boolean> {
    const { slug, concurrency } = this.#input;
    const document = await this.#dependencies.store.look(slug);
    if (this.#signal.aborted || this.stop !== null) return this.#active.size > 0;
    const room = concurrency - this.#active.size;
    const ready = this.#ready(
      document,
      room,
      (task) =>
        !this.#tried.has(task.id) && !this.#heldElsewhere.has(task.id) && this.#isUntried(task),
    );
    for (const task of ready) this.#start(task.id);
    return this.#active.size > 0 || this.#heldElsewhere.size > 0;
  }

  /** Until a task of this run ends or, where there is room for more, it is time to look again. */
  async #change(): Promise<void> {
    const active = this.#active.values();
    if (
      this.#signal.aborted ||
      this.stop !== null ||
      this.#active.size >= this.#input.concurrency
    ) {
      await Promise.race(active);
      return;
    }
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, this.#signal]);
    const pause = sleep(this.#dependencies.pollMs ?? 500, undefined, { signal });
    const looked = pause.then(
      () => this.#heldElsewhere.clear(),
      () => undefined,
    );
    await Promise.race([looked, ...active]);
    over.abort();
  }

  #start(id: string): void {
    this.#tried.add(id);
    const work = this.#run(id)
      .catch((error: unknown) => {
        if (!(error instanceof InterruptedError)) this.#end(error);
      })
      .finally(() => this.#active.delete(id));
    this.#active.set(id, work);
  }

  async #run(id: string): Promise<void> {
    const { slug, run } = this.#input;
    const taken = await this.#dependencies.leases.take(slug, id, run);
    if ('heldBy' in taken) {
      this.#tried.delete(id);
      this.#heldElsewhere.add(id);
      return;
    }
    try {
      // Between the choice and the lease another process may have done the task, or changed the graph.
      const begun = await beginTask(this.#dependencies, slug, id, taken.lease, (now, { tasks }) => {
        const taskOf = (other: string): Task | undefined => tasks.find((one) => one.id === other);
        return isRunnable(now) && this.#isUntried(now) && isFree(now, taskOf, this.#mayPass);
      });
      if (begun === null) this.#tried.delete(id);
      else await this.#finish(id, await this.#execute(begun, taken.lease), taken.lease);
    } catch (error) {
      if (!(error instanceof BlueprintError) || error.code !== leaseLost) throw error;
      // It is another's now, as if it had been held there from the start.
      const { code, message } = error;
      this.#dependencies.emit({ type: 'warning', code, message, task: id });
      this.#tried.delete(id);
      this.#heldElsewhere.add(id);
    } finally {
      await taken.lease.release();
    }
  }

  async #execute({ task, document }: Begun, lease: Lease): Promise<TaskOutcome> {
    const { slug, run } = this.#input;
    const { engine } = this.#dependencies;
    try {
      return await engine.execute({ slug, run, task, document, lease, signal: this.#signal });
    } catch (error) {
      // After any other fault the task stays in progress, as after a kill: the next run completes what
      // was finished instead of doing it again.
      if (error instanceof InterruptedError && (await lease.isHeld()))
        await setStatusByEngine(this.#dependencies, slug, task.id, lease, 'pending', null);
      throw error;
    }
  }

  async #finish(id: string, outcome: TaskOutcome, lease: Lease): Promise<void> {
    const { slug, failFast } = this.#input;
    await requireLease(lease, slug, id);
    const dependencies = this.#dependencies;
    if (outcome.kind !== 'settled') {
      const { kind, error } = outcome;
      if (kind === 'stopped') this.stop ??= error;
      this.unavailable.push({ task: id, error });
      dependencies.emit({ type: 'warning', code: error.code, message: error.message, task: id });
      await setStatusByEngine(dependencies, slug, id, lease, 'pending', null);
      return;
    }
    const { status, result } = outcome;
    await setStatusByEngine(dependencies, slug, id, lease, status, result);
    this.settled.push({ task: id, status });
    if (failFast && status === 'failed') this.#halt.abort();
  }

  #end(error: unknown): void {
    this.fatal ??= error;
    this.#halt.abort();
  }

  /** What failed in another process since this run began has had its try. */
  #isUntried({ id, status, result }: Task): boolean {
    return status !== 'failed' || this.#failedBefore.get(id) === JSON.stringify(result);
  }
}

interface Begun {
  readonly task: Task;
  readonly document: FeatureDocument;
}

/** Marks a task as in progress and gives it and the list as they were; null when it is not to be run any more. */
async function beginTask(
  { store, emit }: RunDependencies,
  slug: string,
  id: string,
  lease: Lease,
  mayBegin: (task: Task, document: FeatureDocument) => boolean,
): Promise<Begun | null> {
  const begun = await store.updateTask(slug, id, lease, (task, look) => {
    const document = look();
    if (!mayBegin(task, document)) return null;
    const copy = structuredClone(task);
    task.status = 'in_progress';
    return { task: copy, document };
  });
  const from = begun?.task.status ?? 'in_progress';
  if (from !== 'in_progress')
    emit({ type: 'task-status', task: id, from, to: 'in_progress', by: 'engine' });
  return begun;
}

/** Sets a task's status by the engine, and its result unless that is null. */
async function setStatusByEngine(
  { store, emit }: RunDependencies,
  slug: string,
  id: string,
  lease: Lease,
  to: TaskStatus,
  result: TaskResult | null,
): Promise<void> {
  const from = await store.updateTask(slug, id, lease, (task) => {
    const before = task.status;
    task.status = to;
    if (result !== null) task.result = result;
    return before;
  });
  if (from !== null) emit({ type: 'task-status', task: id, from, to, by: 'engine' });
}
