import type { App } from '../../app.ts';
import { ExitCode } from '../../domain/errors.ts';
import { defineCommand } from '../command.ts';
import { paintDiff } from '../views/diff-view.ts';

export const command = defineCommand({
  options: (yargs) =>
    yargs.positional('feature', { type: 'string', demandOption: true }).positional('task', {
      type: 'string',
      describe: 'What this task proposes, instead of all approved work',
    }),
  async action({ feature, task }, { app, paint }) {
    const program = await app();
    const { diff, files } = await program.changes(feature, task);
    const text = diff === '' ? await whyNothing(program, feature, task) : paintDiff(diff, paint);
    return { exitCode: ExitCode.done, json: { feature, task: task ?? null, files, diff }, text };
  },
});

async function whyNothing(
  program: App,
  feature: string,
  task: string | undefined,
): Promise<string> {
  if (task !== undefined) return `Task ${task} changes nothing.`;
  const { tasks } = await program.read(feature);
  const approved = tasks.some(
    ({ status, result }) => status === 'done' && (result?.files ?? []).length > 0,
  );
  return approved
    ? 'No changes: your files are as what was approved.'
    : `Nothing is approved yet. What a task proposes: blueprint diff ${feature} <task>`;
}
