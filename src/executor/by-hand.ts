import { BlueprintError } from '../domain/errors.ts';
import type { Emit, RunEventBody } from '../domain/event.ts';
import type { Task, TaskResult, TaskStatus } from '../domain/task.ts';
import type { FeatureStore, Lease, LeaseKeeper } from '../state/ports.ts';
import { taskResult } from '../workflows/task-result.ts';
import { findTask, taskNotFound } from './find-task.ts';

export interface ByHandDependencies {
  readonly store: FeatureStore;
  readonly leases: LeaseKeeper;
  readonly emit: Emit;
  readonly now: () => Date;
  readonly run: string;
}

/** Does something under a lease, which is released whatever becomes of it. @throws what `refused` gives */
export async function underLease<T>(
  slug: string,
  id: string,
  { leases, run }: Pick<ByHandDependencies, 'leases' | 'run'>,
  work: (lease: Lease) => Promise<T>,
  refused: (heldBy: string) => BlueprintError,
): Promise<T> {
  const taken = await leases.take(slug, id, run);
  if ('heldBy' in taken) throw refused(taken.heldBy);
  let unused = true;
  try {
    const result = await work(taken.lease);
    unused = false;
    return result;
  } finally {
    await taken.lease.release({ unused });
  }
}

/** Does something with a task while no run can work on it. @throws BlueprintError `task-leased`, `lease-lost` */
export function withLease<T>(
  slug: string,
  id: string,
  dependencies: Pick<ByHandDependencies, 'leases' | 'run'>,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const refused = (heldBy: string): BlueprintError =>
    new BlueprintError({
      code: 'task-leased',
      message: `Task ${id} is being worked on by ${heldBy}`,
      target: `${slug}/${id}`,
      fix: 'Wait for it to end, or stop it with Ctrl-C there.',
    });
  return underLease(slug, id, dependencies, work, refused);
}

/** The same, with the task as it then is. @throws BlueprintError `task-not-found` */
export function withTask<T>(
  slug: string,
  id: string,
  dependencies: ByHandDependencies,
  work: (task: Task, lease: Lease) => Promise<T>,
): Promise<T> {
  return withLease(slug, id, dependencies, async (lease) =>
    work(findTask(await dependencies.store.look(slug), id), lease),
  );
}

/** Records what a person decided. */
export function decided(
  emit: Emit,
  what: Decision['what'],
  task: string,
  more: Partial<Pick<Decision, 'feedback' | 'detail' | 'files'>> = {},
): void {
  emit({ type: 'decision', task, what, feedback: null, detail: '', files: [], ...more });
}

type Decision = Extract<RunEventBody, { type: 'decision' }>;

/** Sets status and result, and records that a person did; `record` says first what they decided. */
export async function settleByHand(
  slug: string,
  id: string,
  lease: Lease,
  status: TaskStatus,
  { store, emit, now }: ByHandDependencies,
  changed: Pick<TaskResult, 'outcome' | 'reason'> & Partial<TaskResult>,
  record: (task: Task, from: TaskStatus) => void,
): Promise<{ task: Task; from: TaskStatus }> {
  const settled = await store.updateTask(slug, id, lease, (task) => {
    const from = task.status;
    const at = now().toISOString();
    task.status = status;
    task.result = taskResult(now, { ...task.result, by: 'person', at, ...changed });
    return { task, from };
  });
  if (settled === null) throw taskNotFound(await store.look(slug), id);
  record(settled.task, settled.from);
  emit({ type: 'task-status', task: id, from: settled.from, to: status, by: 'person' });
  return settled;
}

/** Sets a status by hand, and records that it was. @throws BlueprintError `task-not-found`, `task-leased` */
export async function setTaskStatus(
  slug: string,
  id: string,
  status: Exclude<TaskStatus, 'in_progress'>,
  dependencies: ByHandDependencies,
): Promise<{ task: Task; from: TaskStatus }> {
  const changed = { outcome: 'set_by_hand', reason: `Set to ${status} by a person.` } as const;
  // The list is read once, by the update itself: it may be large.
  return withLease(slug, id, dependencies, (lease) =>
    settleByHand(slug, id, lease, status, dependencies, changed, (_, from) =>
      decided(dependencies.emit, 'set-status', id, { detail: `${from} → ${status}` }),
    ),
  );
}
