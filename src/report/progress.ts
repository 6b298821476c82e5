import { derivedStates, type DerivedState } from '../domain/graph.ts';
import { isSettled, type Task } from '../domain/task.ts';

export interface Progress {
  readonly total: number;
  readonly settled: number;
  readonly states: Readonly<Partial<Record<DerivedState, number>>>;
}

/** Counts by derived state. */
export function progressOf(tasks: readonly Task[]): Progress {
  const states: Partial<Record<DerivedState, number>> = {};
  for (const state of derivedStates(tasks).values()) states[state] = (states[state] ?? 0) + 1;
  return {
    total: tasks.length,
    settled: tasks.filter((task) => isSettled(task.status)).length,
    states,
  };
}
