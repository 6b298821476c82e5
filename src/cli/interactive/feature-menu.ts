import type { App } from '../../app.ts';
import { BlueprintError, InterruptedError } from '../../domain/errors.ts';
import { derivedStates } from '../../domain/graph.ts';
import { taskStatuses, type FeatureDocument, type Task } from '../../domain/task.ts';
import type { CommandContext } from '../command.ts';
import { diagnosticText } from '../report-error.ts';
import { paintDiff } from '../views/diff-view.ts';
import { featureText, progressLine, stateMarks, taskText } from '../views/feature-view.ts';
import { createLiveView } from '../views/live.ts';
import type { Choice, Prompts } from './prompts.ts';

type Action =
  'next' | 'all' | 'one' | 'review' | 'read' | 'status' | 'edit' | 'refresh' | 'back' | 'quit';

/** One feature's menu. Every action also exists as a command. */
export function createFeatureMenu(
  slug: string,
  app: App,
  context: CommandContext,
  prompts: Prompts,
) {
  const { screen, paint } = context;

  const run = async (tasks: readonly string[]): Promise<void> => {
    const stop = new AbortController();
    const release = context.onInterrupt(() => {
      screen.note('Stopping; what is finished is kept.');
      stop.abort();
    });
    const view = createLiveView(screen);
    screen.note(paint.dim('Ctrl-C stops the work and comes back here.'));
    try {
      const { document, unavailable } = await app.run(
        slug,
        {
          selection: { tasks, types: [] },
          concurrency: tasks.length === 1 ? 1 : app.config.executor.concurrency,
          failFast: false,
          stop: stop.signal,
        },
        view.listen,
      );
      view.close();
      for (const { error } of unavailable) screen.note(diagnosticText(error.toJSON()));
      screen.note(progressLine(document, paint));
    } catch (error) {
      view.close();
      if (!(error instanceof InterruptedError) || context.signal.aborted) throw error;
      screen.note('Stopped. The same task goes on from where it was.');
    } finally {
      release();
    }
  };

  const pickTask = (
    message: string,
    document: FeatureDocument,
    wanted: (task: Task) => boolean,
  ): Promise<Task | null> => {
    const states = derivedStates(document.tasks);
    const choices: Choice<Task | null>[] = document.tasks.filter(wanted).map((task) => {
      const state = states.get(task.id) ?? task.status;
      return {
        name: `${stateMarks[state]} ${task.id}  ${task.title}  (${state.replace('_', ' ')})`,
        value: task,
      };
    });
    return prompts.select<Task | null>(message, [...choices, { name: 'Back', value: null }]);
  };

  const review = async (document: FeatureDocument): Promise<void> => {
    const task = await pickTask('Which work?', document, ({ status }) => status === 'needs_review');
    if (task === null) return;
    screen.note(taskText(document, task, paint));
    const changes = await app.changes(slug, task.id).catch(() => null);
    if (changes !== null) screen.note(paintDiff(changes.diff, paint));
    const verdict = await prompts.select('Your verdict', [
      { name: 'Approve', value: 'approve' as const },
      { name: 'Reject with feedback, and have it corrected now', value: 'reject' as const },
      { name: 'Decide later', value: 'later' as const },
    ]);
    if (verdict === 'approve') {
      await app.approve(slug, task.id, false);
      screen.note(`${task.id} approved.`);
    } else if (verdict === 'reject') {
      const feedback = await prompts.input('What is to be different?');
      if (feedback === null) return;
      await app.reject(slug, task.id, feedback);
      await run([task.id]);
    }
  };

  const setStatus = async (document: FeatureDocument): Promise<void> => {
    const task = await pickTask('Which task?', document, () => true);
    if (task === null) return;
    const settable = taskStatuses.filter((status) => status !== 'in_progress');
    const status = await prompts.select(
      `${task.id} is ${task.status}; set it to`,
      settable.map((value) => ({ name: value.replace('_', ' '), value })),
    );
    await app.setStatus(slug, task.id, status);
  };

  const edit = async (document: FeatureDocument): Promise<void> => {
    const task = await pickTask('Which task?', document, () => true);
    if (task === null) return;
    const title = await prompts.input('Title', task.title);
    const description = await prompts.editor('Description', task.description);
    await app.editTask(slug, task.id, {
      title: title ?? task.title,
      description: description.trimEnd(),
    });
  };

  const actions: Record<
    Exclude<Action, 'back' | 'quit'>,
    (document: FeatureDocument) => Promise<void>
  > = {
    async next(document) {
      const states = derivedStates(document.tasks);
      const task = document.tasks.find((other) =>
        ['in_progress', 'ready', 'failed'].includes(states.get(other.id) ?? ''),
      );
      if (task === undefined) screen.note('No task is ready.');
      else await run([task.id]);
    },
    all: () => run([]),
    async one(document) {
      const states = derivedStates(document.tasks);
      const task = await pickTask('Which task?', document, (other) =>
        ['in_progress', 'ready', 'failed'].includes(states.get(other.id) ?? ''),
      );
      if (task !== null) await run([task.id]);
    },
    review,
    async read(document) {
      const task = await pickTask('Which task?', document, () => true);
      if (task === null) return;
      screen.note(taskText(document, task, paint));
      const changes =
        task.result === null ? null : await app.changes(slug, task.id).catch(() => null);
      if (changes !== null && changes.diff !== '') screen.note(paintDiff(changes.diff, paint));
    },
    status: setStatus,
    edit,
    refresh: async () => undefined,
  };

  return {
    /** Shows the graph and does what is chosen, until the person leaves. */
    async open(): Promise<'back' | 'quit'> {
      for (;;) {
        const document = await app.read(slug);
        screen.note(`\n${featureText(slug, document, paint, screen.columns)}\n`);
        const action = await prompts.select<Action>('Do', choicesFor(document));
        if (action === 'back' || action === 'quit') return action;
        try {
          await actions[action](document);
        } catch (error) {
          if (error instanceof InterruptedError || !(error instanceof BlueprintError)) throw error;
          screen.note(diagnosticText(error.toJSON()));
        }
      }
    },
  };
}

function choicesFor(document: FeatureDocument): Choice<Action>[] {
  const states = [...derivedStates(document.tasks).values()];
  const runnable = states.some((state) => ['ready', 'in_progress', 'failed'].includes(state));
  const waiting = states.filter((state) => state === 'needs_review').length;
  const choices: (Choice<Action> | null)[] = [
    waiting > 0 ? { name: `Review work (${waiting})`, value: 'review' } : null,
    runnable ? { name: 'Run next task', value: 'next' } : null,
    runnable ? { name: 'Run all', value: 'all' } : null,
    runnable ? { name: 'Run one task…', value: 'one' } : null,
    { name: 'Read a task and its result…', value: 'read' },
    { name: 'Change a status…', value: 'status' },
    { name: 'Edit a task…', value: 'edit' },
    { name: 'Refresh', value: 'refresh' },
    { name: 'Another feature', value: 'back' },
    { name: 'Quit', value: 'quit' },
  ];
  return choices.filter((choice) => choice !== null);
}
