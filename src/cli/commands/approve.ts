import { defineCommand } from '../command.ts';
import { flag } from '../option-kinds.ts';
import { gateOptions } from '../options.ts';
import { approve } from '../../use-cases/decide.ts';

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional('feature', { type: 'string', demandOption: true })
      .positional('task', { type: 'string', demandOption: true })
      .option('force', flag('Although a gate fails (never for unsafe paths)'))
      .options(gateOptions()),
  async action({ feature, task: id, force }, { program, paint, signal }) {
    const input = { feature, task: id, force };
    const { task, files, edited } = await approve(input, await program(), { signal });
    const lines = [
      `${paint.green('✔')} ${task.id} approved by you: ${task.title}`,
      ...files.map((path) => `  ${path}${edited.includes(path) ? ' (with your edits)' : ''}`),
    ];
    return { json: { feature, task, files, edited }, text: lines.join('\n') };
  },
});
