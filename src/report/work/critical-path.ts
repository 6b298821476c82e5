import { remainingPath, topologicalOrder } from '../../domain/graph.ts';
import type { Task } from '../../domain/task.ts';

/** The chain of tasks, each after one before it, that took longest together. */
export interface CriticalPath {
  readonly tasks: readonly { readonly id: string; readonly ms: number }[];
  /** No run of the graph could have been shorter. */
  readonly ms: number;
}

/** @param msOf how long a task was worked at */
export function criticalPath(
  tasks: readonly Pick<Task, 'id' | 'dependsOn'>[],
  msOf: (id: string) => number,
): CriticalPath {
  const rest = remainingPath(tasks, ({ id }) => msOf(id));
  const after = new Map<string, string[]>();
  for (const { id, dependsOn } of tasks)
    for (const before of dependsOn) after.set(before, [...(after.get(before) ?? []), id]);
  const longest = (ids: readonly string[]): string | undefined =>
    ids.reduce<string | undefined>(
      (best, id) => ((rest.get(id) ?? 0) > (rest.get(best ?? '') ?? 0) ? id : best),
      undefined,
    );
  const path: { id: string; ms: number }[] = [];
  let next = longest(topologicalOrder(tasks).map(({ id }) => id));
  const ms = rest.get(next ?? '') ?? 0;
  while (next !== undefined) {
    path.push({ id: next, ms: msOf(next) });
    next = longest(after.get(next) ?? []);
  }
  return { tasks: path, ms };
}
