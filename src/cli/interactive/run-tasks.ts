import { isRules } from '../../domain/model-role.ts';
import { run } from '../../use-cases/run.ts';
import { keyHint, replaceHint, runSentence } from '../commands/run.ts';
import { specLines } from '../views/spec-view.ts';
import { diagnosticText } from '../report-error.ts';
import { tellEnd } from '../tell-end.ts';
import type { RunnerSession } from './session.ts';

/** Runs these tasks, or all when none is named; says what a person should know of the end. */
export async function runTasks(
  slug: string,
  tasks: readonly string[],
  { program, context, say, stoppable }: RunnerSession,
): Promise<void> {
  const { paint } = context.screen;
  const input = { feature: slug, tasks, ...(tasks.length === 1 && { concurrency: 1 }) };
  const lasts: Promise<void>[] = [];
  const telling = { ...context, beforeEnd: (last: Promise<void>) => void lasts.push(last) };
  const about = { command: 'run', feature: slug };
  const report = await stoppable((caller) =>
    tellEnd(about, telling, (heard) => run(input, program, heard), runSentence, caller),
  );
  // What is said of it comes before the next question, not into it.
  await Promise.all(lasts);
  if (report === null) {
    say(paint.yellow('Stopped. What is finished is kept, and the rest goes on from where it was.'));
    return;
  }
  for (const { task, error } of report.unavailable)
    say(paint.red(`${task} could not be run. ${diagnosticText(error)}`));
  for (const line of specLines(slug, report.spec, report.document, paint)) say(line);
  const ran = new Set(report.settled.map(({ task }) => task));
  const byRules = report.document.tasks.some(
    ({ id, result }) => ran.has(id) && isRules(result?.author ?? ''),
  );
  if (report.replaceable.length > 0) say(paint.yellow(replaceHint(slug, report.replaceable)));
  else if (byRules) say(paint.yellow(keyHint(program.config, 'coder')));
}
