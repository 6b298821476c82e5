import { topologicalOrder } from '../domain/graph.ts';
import type { Task } from '../domain/task.ts';

/**
 * Tasks that change the same file come one after another: each that nothing orders yet depends on the one
 * before it. The list must hold no circle; none is made.
 * @returns the tasks, and what was changed in words
 */
export function orderSharedFiles(tasks: readonly Task[]): {
  tasks: readonly Task[];
  notes: readonly string[];
} {
  const added = new Map<string, string[]>();
  const notes: string[] = [];
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const needsOf = (id: string): string[] => [
    ...(byId.get(id)?.dependsOn ?? []),
    ...(added.get(id) ?? []),
  ];
  const comesAfter = (id: string, before: string): boolean => {
    const upstream = new Set(needsOf(id));
    for (const next of upstream) {
      if (next === before) return true;
      for (const one of needsOf(next)) upstream.add(one);
    }
    return false;
  };
  const last = new Map<string, string>();
  for (const { id, files, status } of topologicalOrder(tasks))
    for (const path of new Set(files)) {
      const before = last.get(path);
      last.set(path, id);
      // What has begun is not held up by what has not.
      if (before === undefined || status !== 'pending' || comesAfter(id, before)) continue;
      added.set(id, [...(added.get(id) ?? []), before]);
      notes.push(`${id} now comes after ${before}, as both change ${path}`);
    }
  return {
    tasks: tasks.map((task) => {
      const more = added.get(task.id);
      return more === undefined ? task : { ...task, dependsOn: [...task.dependsOn, ...more] };
    }),
    notes,
  };
}
