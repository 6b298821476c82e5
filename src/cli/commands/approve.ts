import { askingAt, autorunLines, withPermission } from '../allow-autoruns.ts';
import { defineCommand } from '../command.ts';
import { flag } from '../option-kinds.ts';
import { gateOptions } from '../options.ts';
import { approve } from '../../use-cases/decide.ts';

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional('feature', { type: 'string', demandOption: true })
      .positional('task', { type: 'string', demandOption: true })
      .option(
        'force',
        flag('Although a gate fails (never for unsafe paths, nor for what runs by itself)'),
      )
      .options(gateOptions()),
  async action({ feature, task: id, force }, context) {
    const { program, paint, signal } = context;
    const composed = await program();
    const { task, files, edited, autoruns } = await withPermission(
      (permitted) => approve({ feature, task: id, force, permitted }, composed, { signal }),
      askingAt(context),
    );
    const lines = [
      `${paint.green('✔')} ${task.id} approved by you: ${task.title}`,
      ...autorunLines(autoruns).map((line) => paint.yellow(line)),
      ...files.map((path) => `  ${path}${edited.includes(path) ? ' (with your edits)' : ''}`),
    ];
    return { json: { feature, task, files, edited, autoruns }, text: lines.join('\n') };
  },
});
