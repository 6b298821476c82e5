import { isRules } from '../../domain/model-role.ts';
import { keyHint } from '../commands/run.ts';
import { diagnosticText } from '../report-error.ts';
import type { RunnerSession } from './session.ts';

/** Runs these tasks, or all when none is named; says what a person should know of the end. */
export async function runTasks(
  slug: string,
  tasks: readonly string[],
  { app, context, say, stoppable }: RunnerSession,
): Promise<void> {
  const { paint } = context.screen;
  const report = await stoppable(({ stop, listen }) =>
    app.run(
      slug,
      {
        selection: { tasks, types: [] },
        concurrency: tasks.length === 1 ? 1 : app.config.executor.concurrency,
        failFast: false,
        stop,
      },
      listen,
    ),
  );
  if (report === null) {
    say(paint.yellow('Stopped. What is finished is kept, and the rest goes on from where it was.'));
    return;
  }
  for (const { task, error } of report.unavailable)
    say(paint.red(`${task} could not be run. ${diagnosticText(error.toJSON())}`));
  const ran = new Set(report.settled.map(({ task }) => task));
  const byRules = report.document.tasks.some(
    ({ id, result }) => ran.has(id) && isRules(result?.author ?? ''),
  );
  if (byRules) {
    const names = app.config.roles.coder.models.map(({ provider }) => provider);
    say(paint.yellow(keyHint(names, app.config.providers)));
  }
}
