import { throwIfAborted } from '../../src/domain/errors.ts';
import type { TaskResult, TaskStatus } from '../../src/domain/task.ts';
import type { Engine, TaskJob, TaskOutcome } from '../../src/executor/engine.ts';

export function result(status: TaskStatus, more: Partial<TaskResult> = {}): TaskResult {
  return {
    outcome: status === 'done' ? 'approved' : status === 'failed' ? 'failed' : 'not_approved',
    by: 'engine',
    at: '2026-01-31T12:00:00.000Z',
    reason: 'simulated',
    run: 'run-1',
    attempt: 1,
    rounds: 1,
    author: null,
    reviewer: null,
    files: [],
    gates: [],
    review: null,
    feedback: null,
    ...more,
  };
}

export const settled = (status: TaskStatus, more: Partial<TaskResult> = {}): TaskOutcome => ({
  kind: 'settled',
  status,
  result: result(status, more),
});

export interface HandledEngine extends Engine {
  /** Ids in the order in which they were started. */
  readonly started: readonly string[];
  /** The most that ran at one time. */
  readonly most: () => number;
  readonly running: () => readonly string[];
  /** Ends a task that runs. */
  end(id: string, outcome?: TaskOutcome): void;
  /** Resolves when so many run. */
  runs(count: number): Promise<void>;
}

/** An engine whose tasks run until the test, or their signal, ends them. */
export function handledEngine(): HandledEngine {
  const open = new Map<string, (outcome: TaskOutcome) => void>();
  const started: string[] = [];
  let most = 0;
  let waiting: { count: number; resolve: () => void }[] = [];
  const tell = (): void => {
    waiting = waiting.filter(({ count, resolve }) => {
      if (open.size !== count) return true;
      resolve();
      return false;
    });
  };
  return {
    started,
    most: () => most,
    running: () => [...open.keys()],
    async execute(job: TaskJob): Promise<TaskOutcome> {
      throwIfAborted(job.signal);
      started.push(job.task.id);
      const outcome = new Promise<TaskOutcome | null>((resolve) => {
        open.set(job.task.id, resolve);
        job.signal.addEventListener('abort', () => resolve(null), { once: true });
      });
      most = Math.max(most, open.size);
      tell();
      const given = await outcome;
      open.delete(job.task.id);
      if (given === null) throwIfAborted(job.signal);
      if (given === null) throw new Error('Ended without an outcome or a signal');
      tell();
      return given;
    },
    end(id, outcome = settled('done')) {
      const resolve = open.get(id);
      if (resolve === undefined) throw new Error(`${id} does not run`);
      resolve(outcome);
    },
    runs: (count) =>
      new Promise((resolve) => {
        waiting.push({ count, resolve });
        tell();
      }),
  };
}

/** An engine that ends each task at once, as told. */
export function instantEngine(
  outcomeOf: (id: string) => TaskOutcome = () => settled('done'),
): Engine & { readonly started: readonly string[] } {
  const started: string[] = [];
  return {
    started,
    async execute({ task }) {
      started.push(task.id);
      return outcomeOf(task.id);
    },
  };
}
