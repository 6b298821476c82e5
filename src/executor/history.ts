import type { Task } from '../domain/task.ts';
import type { ArtefactStore } from '../state/ports.ts';
import { attemptNumbers, openAttempt, taskKey, type AttemptOutcome } from './attempt.ts';

/** How far the work on a task went before: attempts that are not yet part of the task's result. */
export interface History {
  /** The attempt to go on with, or to begin. */
  readonly number: number;
  /** The attempt was begun and cut off. */
  readonly resumed: boolean;
  /** How that attempt ended, when only the settling of the task was cut off. */
  readonly outcome: AttemptOutcome | null;
  /** Replies that could not be used, and conflicts, that outcome included. */
  readonly failures: number;
  readonly conflicts: number;
}

export async function historyOf(
  artefacts: ArtefactStore,
  slug: string,
  task: Task,
): Promise<History> {
  const settled = task.result?.attempt ?? 0;
  const about = taskKey(task);
  const numbers = await attemptNumbers(artefacts, slug, task.id);
  const last = Math.max(settled, numbers.at(-1) ?? 0);
  let failures = 0;
  let conflicts = 0;
  let outcome: AttemptOutcome | null = null;
  for (const number of numbers.filter((other) => other > settled)) {
    outcome = await openAttempt(artefacts, slug, task.id, number).outcome();
    // A task that was worded otherwise, or another one under this id, has had its own tries.
    if (outcome?.about !== about) continue;
    if (outcome.again === 'reply') failures += 1;
    if (outcome.again === 'conflict') conflicts += 1;
  }
  if (last > settled && outcome === null)
    return { number: last, resumed: true, outcome: null, failures, conflicts };
  if (outcome?.about === about && !isToBeDoneAgain(task, outcome))
    return { number: last, resumed: false, outcome, failures, conflicts };
  return { number: last + 1, resumed: false, outcome: null, failures: 0, conflicts: 0 };
}

/** A person has spoken since the attempt ended: its work is not what they want. */
function isToBeDoneAgain({ result }: Task, outcome: AttemptOutcome): boolean {
  return result?.by === 'person' && result.at > outcome.result.at;
}
