import { remainingPath } from '../domain/graph.ts';
import { isSettled, type FeatureDocument, type Task } from '../domain/task.ts';
import { isFree, isRunnable, isSelected, type MayPass, type Selection } from './selection.ts';

/** Gives at most so many tasks that could start now, most urgent first; ties in the order of the list. */
export type ReadyTasks = (
  document: FeatureDocument,
  atMost: number,
  mayStart: (task: Task) => boolean,
) => Task[];

/**
 * Finds what can start next, again and again while the list changes. The order, longest remaining chain
 * first, so that what the whole run waits for is never started late, is kept until the graph changes.
 */
export function readyTasks(selection: Selection, mayPass: MayPass): ReadyTasks {
  let known: readonly Task[] = [];
  /** Places in the list, by id and by urgency. */
  let places = new Map<string, number>();
  let order: number[] = [];
  return ({ tasks }, atMost, mayStart) => {
    const taskOf = (id: string): Task | undefined => tasks[places.get(id) ?? -1];
    if (!hasSameOrder(tasks, known, taskOf)) {
      places = new Map(tasks.map(({ id }, place) => [id, place]));
      order = byUrgency(tasks);
    }
    known = tasks;
    const ready: Task[] = [];
    for (const place of order) {
      if (ready.length >= atMost) break;
      const task = tasks[place];
      if (task === undefined || !isRunnable(task) || !isSelected(task, selection)) continue;
      if (mayStart(task) && isFree(task, taskOf, mayPass)) ready.push(task);
    }
    return ready;
  };
}

function byUrgency(tasks: readonly Task[]): number[] {
  const open = tasks.filter((task) => !isSettled(task.status));
  const length = remainingPath(open, (task) => task.complexity);
  const urgency = tasks.map(({ id }) => length.get(id) ?? 0);
  return [...tasks.keys()].sort((a, b) => (urgency[b] ?? 0) - (urgency[a] ?? 0));
}

/** Whether no chain of open tasks has changed but by the end of its first task. */
function hasSameOrder(
  tasks: readonly Task[],
  known: readonly Task[],
  taskOf: (id: string) => Task | undefined,
): boolean {
  if (tasks.length !== known.length) return false;
  // No callback: for a long list that is frozen it takes ten times as long.
  for (let place = 0; place < tasks.length; place++) {
    const [task, was] = [tasks[place], known[place]];
    if (task !== was && !hasSamePlace(task, was, taskOf)) return false;
  }
  return true;
}

function hasSamePlace(
  task: Task | undefined,
  was: Task | undefined,
  taskOf: (id: string) => Task | undefined,
): boolean {
  if (task?.id !== was?.id || task?.complexity !== was?.complexity) return false;
  if (task === undefined || task.dependsOn.join() !== was?.dependsOn.join()) return false;
  if (isSettled(task.status) === isSettled(was.status)) return true;
  const isFirst = task.dependsOn.every((id) => isSettled(taskOf(id)?.status ?? 'pending'));
  return isSettled(task.status) && isFirst;
}
