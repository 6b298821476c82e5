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
    const { diff, files } = await (await app()).changes(feature, task);
    const text = diff === '' ? 'No changes.' : paintDiff(diff, paint);
    return { exitCode: ExitCode.done, json: { feature, task: task ?? null, files, diff }, text };
  },
});
