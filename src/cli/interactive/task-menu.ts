import { taskStatuses, type Task, type TaskStatus } from '../../domain/task.ts';
import { removeTask, setStatus } from '../../use-cases/edit-tasks.ts';
import { showTask } from '../../use-cases/show.ts';
import { stateWords } from '../../report/progress.ts';
import { taskText } from '../views/feature-view.ts';
import { editTask } from './edit-task.ts';
import type { Choice } from './list-prompt.ts';
import { rejectDone, reviewTask, showChanges } from './review.ts';
import { runTasks } from './run-tasks.ts';
import type { RunnerSession } from './session.ts';

type Action = 'review' | 'run' | 'changes' | 'reject' | 'edit' | 'status' | 'remove' | 'back';

/** Shows one task and does what is chosen with it, until the person goes back. */
export async function openTask(slug: string, id: string, session: RunnerSession): Promise<void> {
  const { program, context, prompts, say, tell } = session;
  for (;;) {
    const shown = await showTask({ feature: slug, task: id }, program);
    const { document, task, state } = shown;
    say(`\n${taskText(document, task, context.screen.paint, shown)}\n\n`);
    const action = await prompts.select<Action>(`Do what with ${id}?`, choicesFor(task, state), {
      back: 'back',
    });
    if (action === 'back') return;
    try {
      if (await actions[action](slug, task, session)) return;
    } catch (error) {
      tell(error);
    }
  }
}

function choicesFor(task: Task, state: string): Choice<Action>[] {
  const worked = (task.result?.attempt ?? 0) > 0 && task.type !== 'review';
  const choices: (Choice<Action> | false)[] = [
    state === 'needs_review' && {
      name: 'Review its work',
      value: 'review',
      note: 'See the changes, then approve them or send them back with your words.',
    },
    ['ready', 'in_progress', 'failed'].includes(state) && { name: 'Run it', value: 'run' },
    worked && state !== 'needs_review' && { name: 'See its changes', value: 'changes' },
    state === 'done' && {
      name: 'Reject it with feedback…',
      value: 'reject',
      note: 'It is corrected by your words, and reviewed again.',
    },
    { name: 'Edit it…', value: 'edit' },
    { name: 'Change its status…', value: 'status' },
    { name: 'Remove it', value: 'remove' },
    { name: 'Back', value: 'back' },
  ];
  return choices.filter((choice) => choice !== false);
}

/** Each says whether the task is done with for now. */
const actions: Record<
  Exclude<Action, 'back'>,
  (slug: string, task: Task, session: RunnerSession) => Promise<boolean>
> = {
  async review(slug, { id }, session) {
    await reviewTask(slug, id, session);
    return true;
  },
  async run(slug, { id }, session) {
    await runTasks(slug, [id], session);
    return true;
  },
  async changes(slug, { id }, session) {
    await showChanges(slug, id, session);
    return false;
  },
  async reject(slug, { id }, session) {
    await rejectDone(slug, id, session);
    return true;
  },
  async edit(slug, { id }, session) {
    await editTask(slug, id, session);
    return false;
  },
  status: changeStatus,
  async remove(slug, task, { context, program, prompts, say }) {
    const worked = task.result !== null && task.status !== 'pending';
    const question = worked
      ? `Remove ${task.id} and the record of its work?`
      : `Remove ${task.id}?`;
    if (!(await prompts.confirm(question, false))) return false;
    await removeTask({ feature: slug, task: task.id, force: worked }, program, {
      signal: context.signal,
    });
    say(`${task.id} is removed.`);
    return true;
  },
};

const meanings: Record<Exclude<TaskStatus, 'in_progress'>, string> = {
  pending: 'To be run, or run again.',
  skipped: 'Left out; what comes after it may go on.',
  done: 'Counts as finished; recorded as set by you, with no files approved.',
  needs_review: 'Waits for you to approve or reject it.',
  failed: 'What comes after it waits; a run tries it again.',
};

async function changeStatus(
  slug: string,
  { id, status: before }: Task,
  { program, context, prompts, say }: RunnerSession,
): Promise<boolean> {
  const order = Object.keys(meanings) as (keyof typeof meanings)[];
  const choices = order
    .filter((status) => status !== before && taskStatuses.includes(status))
    .map((status) => ({ name: stateWords(status), value: status, note: meanings[status] }));
  const status = await prompts.select<keyof typeof meanings | null>(
    `${id} is ${stateWords(before)}; set it to`,
    choices,
    { back: null },
  );
  if (status === null) return false;
  await setStatus({ feature: slug, task: id, status }, program, { signal: context.signal });
  say(`${id}: ${stateWords(before)} → ${stateWords(status)}, set by you.`);
  return true;
}
