import { BlueprintError } from '../domain/errors.ts';
import type { Emit } from '../domain/event.ts';
import type { Task } from '../domain/task.ts';
import type { ArtefactStore } from '../state/ports.ts';
import { attemptOf } from './attempt.ts';

interface Kept {
  readonly artefacts: ArtefactStore;
}

async function isForeign(slug: string, task: Task, kept: Kept): Promise<boolean> {
  return (await attemptOf(slug, task, kept)?.isForeign()) === true;
}

/** @throws BlueprintError `state-foreign` for work that came with the repository */
export async function refuseForeign(slug: string, task: Task, kept: Kept): Promise<void> {
  if (!(await isForeign(slug, task, kept))) return;
  const { id } = task;
  throw new BlueprintError({
    code: 'state-foreign',
    message: `The work of task ${id} came with the repository and was not made by you on this machine: nothing of it is used`,
    target: `${slug}/${id}`,
    fix: `Have it done here: blueprint task set-status ${slug} ${id} pending, then blueprint run ${slug} --task ${id}`,
  });
}

/** For a task that is sent back: it is not corrected, as its work is none of this user's. */
export async function warnOfForeign(
  slug: string,
  task: Task,
  { emit, ...kept }: Kept & { readonly emit: Emit },
): Promise<void> {
  if (!(await isForeign(slug, task, kept))) return;
  const message = `the work of ${task.id} came with the repository and is not used: the task is done anew, with your words`;
  emit({ type: 'warning', code: 'state-foreign', message, task: task.id });
}
