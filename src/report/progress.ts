import { derivedStates, type DerivedState } from '../domain/graph.ts';
import { isSettled, type Task } from '../domain/task.ts';

export interface Progress {
  readonly total: number;
  readonly settled: number;
  /** How many of those are settled by the file's word alone (`FeatureStore.saidByFile`). */
  readonly saidByFile: number;
  readonly states: Readonly<Partial<Record<DerivedState, number>>>;
}

/** Counts by derived state. @param saidByFile ids of tasks that the file alone says have ended */
export function progressOf(
  tasks: readonly Task[],
  saidByFile: ReadonlySet<string> = new Set(),
): Progress {
  const states: Partial<Record<DerivedState, number>> = {};
  for (const state of derivedStates(tasks).values()) states[state] = (states[state] ?? 0) + 1;
  const settled = tasks.filter((task) => isSettled(task.status));
  return {
    total: tasks.length,
    settled: settled.length,
    saidByFile: settled.filter(({ id }) => saidByFile.has(id)).length,
    states,
  };
}

/** A state in plain words. */
export function stateWords(state: DerivedState): string {
  return state.replaceAll('_', ' ');
}
