import { usageFault } from '../../domain/errors.ts';
import { withoutControls } from '../../domain/text.ts';
import type { Listener } from '../../use-cases/program.ts';
import { defineCommand } from '../command.ts';
import { flag } from '../option-kinds.ts';
import { configOptions, gateOptions, recordOptions } from '../options.ts';
import { runSentBack } from '../run-sent-back.ts';
import { builtOn, reject } from '../../use-cases/decide.ts';

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional('feature', { type: 'string', demandOption: true })
      .positional('task', { type: 'string', demandOption: true })
      .option('feedback', {
        alias: 'm',
        type: 'string',
        requiresArg: true,
        demandOption: true,
        describe: 'What is to be different',
      })
      .options(configOptions('findings', 'budget'))
      .options(gateOptions())
      .options(recordOptions)
      .option('later', flag('Only record it; the next run corrects the work')),
  async action({ feature, task: given, feedback, later }, context) {
    if (feedback.trim() === '')
      throw usageFault('The feedback is empty', 'Say what is to be different: --feedback "…"');
    const program = await context.program();
    const { signal, screen } = context;
    const listen: Listener = (event) => {
      if (event.type === 'warning') screen.note(withoutControls(`warning: ${event.message}`));
    };
    const task = await reject({ feature, task: given, feedback }, program, { signal, listen });
    const { id } = task;
    const dependants = await builtOn({ feature, task: id }, program);
    const stays = builtOnText(feature, id, dependants);
    const outcome = later
      ? {
          json: { feature, task },
          text: `${id} goes back; correct it with: blueprint run ${feature} --task ${id}`,
        }
      : await runSentBack(feature, task, `${id} goes back with your feedback.`, context);
    return {
      ...outcome,
      json: { ...(outcome.json as object), dependants },
      text: stays === null ? outcome.text : `${outcome.text}\n${stays}`,
    };
  },
});

/** What is to be said of finished work on a task that goes back; null where there is none. */
export function builtOnText(
  feature: string,
  id: string,
  dependants: readonly string[],
): string | null {
  if (dependants.length === 0) return null;
  const [first = ''] = dependants;
  const stay =
    dependants.length === 1
      ? `builds on ${id} and stays as it is`
      : `build on ${id} and stay as they are`;
  return `${dependants.join(', ')} ${stay}. Where one must follow: blueprint reject ${feature} ${first} --feedback "…"`;
}
