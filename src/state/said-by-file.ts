import type { Task } from '../domain/task.ts';
import type { OwnState } from '../files/own-state.ts';
import { isSame } from './plain-data.ts';

/** What a signature stands for: a task's words and plan may change after it. */
const signedAs = 'task';

const manyTasks = 500;

/** Signs what a change made of a task, or takes the signature away where nothing has come of it yet. */
export async function signTask(own: OwnState, task: Task, before: Task): Promise<void> {
  const { id, status, result } = task;
  if (result === null || (status === before.status && isSame(result, before.result))) return;
  delete result.signature;
  if (!hasEnded(task)) return;
  const { signature } = await own.signed(signedAs, { id, status, result });
  if (signature !== undefined) result.signature = signature;
}

/**
 * Ids of tasks whose end this user's program did not write: a colleague's work that came with the repository,
 * or what anybody wrote into a file that git tracks.
 */
export async function saidByFile(own: OwnState, tasks: readonly Task[]): Promise<Set<string>> {
  const isTracked = (): Promise<boolean> => own.isTracked('tasks.json');
  // To look at very many signatures takes longer than to ask git.
  if (tasks.length > manyTasks && !(await isTracked())) return new Set();
  const unsigned: string[] = [];
  for (const task of tasks)
    if (hasEnded(task) && !(await isSigned(own, task))) unsigned.push(task.id);
  const isFromElsewhere = unsigned.length > 0 && (await isTracked());
  return new Set(isFromElsewhere ? unsigned : []);
}

async function isSigned(own: OwnState, { id, status, result }: Task): Promise<boolean> {
  if (result?.signature === undefined) return false;
  const { signature, ...rest } = result;
  return own.isSigned(signedAs, { id, status, result: rest, signature });
}

function hasEnded({ status }: Task): boolean {
  return status !== 'pending' && status !== 'in_progress';
}
