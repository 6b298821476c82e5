import { defineCommand } from '../command.ts';
import { configOptions, gateOptions, recordOptions } from '../options.ts';
import { runSentBack } from '../run-sent-back.ts';
import { reviewAgain } from '../../use-cases/decide.ts';

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional('feature', { type: 'string', demandOption: true })
      .positional('task', { type: 'string', demandOption: true })
      .options(configOptions('findings', 'budget'))
      .options(gateOptions())
      .options(recordOptions),
  async action({ feature, task: id }, context) {
    const program = await context.program();
    const task = await reviewAgain({ feature, task: id }, program, { signal: context.signal });
    return runSentBack(feature, task, `${task.id} is to be reviewed again.`, context);
  },
});
