import type { BlueprintError } from '../domain/errors.ts';
import type { Lease } from '../state/ports.ts';
import type { FeatureDocument, Task, TaskResult, TaskStatus } from '../domain/task.ts';

export interface TaskJob {
  readonly slug: string;
  readonly run: string;
  readonly task: Task;
  readonly document: FeatureDocument;
  readonly lease: Lease;
  readonly signal: AbortSignal;
}

/**
 * `unavailable`: no model could be reached, which says nothing of the task; it stays to be done.
 * `stopped`: no call may be made any more, as the budget is reached; nothing else is to be begun.
 */
export type TaskOutcome =
  | { readonly kind: 'settled'; readonly status: TaskStatus; readonly result: TaskResult }
  | { readonly kind: 'unavailable' | 'stopped'; readonly error: BlueprintError };

/** Where tasks are executed: in this process, or elsewhere. */
export interface Engine {
  /**
   * @throws InterruptedError when the signal ended it; what was finished is kept. BlueprintError `lease-lost`
   * when another has taken the task over.
   */
  execute(job: TaskJob): Promise<TaskOutcome>;
}
