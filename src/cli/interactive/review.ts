import { BlueprintError } from '../../domain/errors.ts';
import type { Task } from '../../domain/task.ts';
import { approve, builtOn, reject, reviewAgain } from '../../use-cases/decide.ts';
import { diff } from '../../use-cases/diff.ts';
import { showTask } from '../../use-cases/show.ts';
import { autorunLines, confirmed, withPermission } from '../allow-autoruns.ts';
import { paintDiff } from '../views/diff-view.ts';
import { taskText } from '../views/feature-view.ts';
import { builtOnText } from '../commands/reject.ts';
import { editText } from './editor.ts';
import { runTasks } from './run-tasks.ts';
import type { RunnerSession } from './session.ts';

/** Shows work that waits for a person with all that is known of it, and asks for the verdict. */
export async function reviewTask(slug: string, id: string, session: RunnerSession): Promise<void> {
  const { program, prompts, context } = session;
  let task = await showWork(slug, id, session);
  for (;;) {
    const verdict = await prompts.select(
      `Your verdict on ${id}?`,
      [
        {
          name: 'Approve',
          value: 'approve',
          note:
            task.type === 'review'
              ? 'What comes after it may go on.'
              : 'Its files become part of the feature.',
        },
        {
          name: 'Reject with feedback…',
          value: 'reject',
          note: 'It is corrected by your words right away, and reviewed again.',
        },
        {
          name: 'Review it again',
          value: 'review',
          note: 'A reviewer is asked anew; the work stays as it is, your edits included.',
        },
        ...(task.type === 'review' ? [] : [lookAgain(slug, task, session)]),
        { name: 'Decide later', value: 'later' },
      ] as const,
      { back: 'later' },
    );
    if (verdict === 'approve') return approveTask(slug, id, session);
    if (verdict === 'later') return;
    if (verdict === 'review') {
      await reviewAgain({ feature: slug, task: id }, program, { signal: context.signal });
      return runTasks(slug, [id], session);
    }
    if (verdict === 'again') {
      task = await showWork(slug, id, session);
    } else {
      if (await sendBack(slug, id, session)) return runTasks(slug, [id], session);
    }
  }
}

async function showWork(slug: string, id: string, session: RunnerSession): Promise<Task> {
  const { program, context, say } = session;
  const { paint } = context.screen;
  const shown = await showTask({ feature: slug, task: id }, program);
  const { document, task, deliverable } = shown;
  say(`\n${taskText(document, task, paint, shown)}\n`);
  if (task.type !== 'review' && deliverable?.kind !== 'answer')
    await showChanges(slug, id, session);
  return task;
}

/** What the task's last attempt would change in the project. */
export async function showChanges(slug: string, id: string, session: RunnerSession): Promise<void> {
  const { program, context, page, say, tell } = session;
  try {
    const input = { feature: slug, task: id };
    const changes = await diff(input, program, { signal: context.signal });
    const listed = autorunLines(changes.autoruns).map((line) => context.screen.paint.yellow(line));
    if (listed.length > 0) say(listed.join('\n'));
    await page(
      changes.diff === ''
        ? 'It changes no files.'
        : `\n${paintDiff(changes.diff, context.screen.paint).trimEnd()}\n\n`,
    );
  } catch (error) {
    tell(error);
  }
}

function lookAgain(slug: string, { id, result }: Task, { program }: RunnerSession) {
  const folder = program.artefacts.path(slug, `partial/${id}/${result?.attempt ?? 1}/files`);
  const value = 'again' as const;
  return {
    name: 'I have edited its files; look again',
    value,
    note: `They are NAME.draft below ${folder}`,
  };
}

/** Rejects work with a person's words. @returns whether there were any */
async function sendBack(slug: string, id: string, session: RunnerSession): Promise<boolean> {
  const { program, context, say } = session;
  const feedback = await askFeedback(session);
  if (feedback === null) {
    say(context.screen.paint.yellow('Nothing was said, so nothing was changed.'));
    return false;
  }
  await reject({ feature: slug, task: id, feedback }, program, { signal: context.signal });
  return true;
}

/** Sends finished work back with a person's words, and has it corrected. */
export async function rejectDone(slug: string, id: string, session: RunnerSession): Promise<void> {
  const { program, say } = session;
  if (!(await sendBack(slug, id, session))) return;
  const stays = builtOnText(slug, id, await builtOn({ feature: slug, task: id }, program));
  if (stays !== null) say(stays);
  await runTasks(slug, [id], session);
}

async function approveTask(slug: string, id: string, session: RunnerSession): Promise<void> {
  const { program, context, prompts, say, tell } = session;
  const { paint } = context.screen;
  const settle = async (force: boolean): Promise<void> => {
    const { files, edited } = await withPermission(
      (permitted) => {
        const input = { feature: slug, task: id, force, permitted };
        return approve(input, program, { signal: context.signal });
      },
      (autoruns) => confirmed(autoruns, (line) => say(paint.yellow(line)), prompts),
    );
    const names = files.map((path) => (edited.includes(path) ? `${path} (with your edits)` : path));
    say(paint.green(`✔ ${id} is approved${names.length === 0 ? '' : `: ${names.join(', ')}`}`));
  };
  try {
    await settle(false);
  } catch (error) {
    tell(error);
    if (!(error instanceof BlueprintError) || error.code !== 'gates-failed') return;
    if (await prompts.confirm('Approve it all the same?', false)) await settle(true);
  }
}

async function askFeedback({ context, prompts }: RunnerSession): Promise<string | null> {
  const { screen } = context;
  screen.stderr.write(screen.paint.dim('Enter on nothing opens your editor.\n'));
  const typed = await prompts.text('What is to be different?', { lines: true });
  if (typed !== null) return typed;
  const written = (await editText('', 'feedback.md', context)).trim();
  return written === '' ? null : written;
}
