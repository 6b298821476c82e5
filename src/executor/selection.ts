import { BlueprintError } from '../domain/errors.ts';
import { blockersOf, remainingPath } from '../domain/graph.ts';
import { isSettled, type FeatureDocument, type Task, type TaskType } from '../domain/task.ts';

/** What a run was asked to do; empty lists mean everything. */
export interface Selection {
  readonly tasks: readonly string[];
  readonly types: readonly TaskType[];
}

/** Statuses that a run takes up. Work that waits for a person is the person's. */
const runnable: ReadonlySet<Task['status']> = new Set(['pending', 'in_progress', 'failed']);

export function isRunnable(task: Task): boolean {
  return runnable.has(task.status);
}

export function isSelected(task: Task, { tasks, types }: Selection): boolean {
  return (
    (tasks.length === 0 || tasks.includes(task.id)) &&
    (types.length === 0 || types.includes(task.type))
  );
}

/**
 * @throws BlueprintError when a task that was named cannot run: `task-not-runnable`, `task-blocked`.
 * Names that do not exist are the caller's to report.
 */
export function checkSelection(
  slug: string,
  document: FeatureDocument,
  selection: Selection,
): void {
  for (const id of selection.tasks) {
    const task = document.tasks.find((other) => other.id === id);
    if (task === undefined) continue;
    if (!isRunnable(task))
      throw new BlueprintError({
        code: 'task-not-runnable',
        message: `Task ${id} is ${task.status}, so there is nothing to run`,
        target: `${slug}/${id}`,
        fix:
          task.status === 'needs_review'
            ? `blueprint approve ${slug} ${id}, or blueprint reject ${slug} ${id} --feedback "…"`
            : `To do it again: blueprint task set-status ${slug} ${id} pending`,
      });
    const blockers = blockersOf(task, document.tasks).filter(
      (blocker) => !selection.tasks.includes(blocker),
    );
    if (blockers.length > 0)
      throw new BlueprintError({
        code: 'task-blocked',
        message: `Task ${id} waits for ${blockers.join(', ')}`,
        target: `${slug}/${id}`,
        fix: `Run those too: blueprint run ${slug} ${[...blockers, id].map((other) => `--task ${other}`).join(' ')}`,
      });
  }
}

/** Longest remaining chain first: what the whole run waits for is never started late. */
export function priorities(tasks: readonly Task[]): (task: Task) => number {
  const open = tasks.filter((task) => !isSettled(task.status));
  const length = remainingPath(open, (task) => task.complexity);
  return (task) => length.get(task.id) ?? 0;
}

/**
 * Tasks that could start now, most urgent first; ties in the order of the list. `mayPass` says which
 * unsettled dependencies do not hold a task back.
 */
export function readyTasks(
  document: FeatureDocument,
  selection: Selection,
  tried: ReadonlySet<string>,
  mayPass: (dependency: Task) => boolean,
): Task[] {
  const byId = new Map(document.tasks.map((task) => [task.id, task]));
  const urgency = priorities(document.tasks);
  return document.tasks
    .filter((task) => isRunnable(task) && !tried.has(task.id) && isSelected(task, selection))
    .filter((task) =>
      task.dependsOn.every((id) => {
        const dependency = byId.get(id);
        return dependency !== undefined && (isSettled(dependency.status) || mayPass(dependency));
      }),
    )
    .sort((a, b) => urgency(b) - urgency(a));
}
