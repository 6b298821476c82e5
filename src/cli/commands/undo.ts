import { ExitCode } from '../../domain/errors.ts';
import { defineCommand } from '../command.ts';
import { changedFileLines } from '../views/changed-files.ts';

export const command = defineCommand({
  options: (yargs) => yargs.positional('feature', { type: 'string', demandOption: true }),
  async action({ feature }, { program, paint, signal }) {
    const { undo } = await import('../../use-cases/undo.ts');
    const undone = await undo({ feature }, await program(), { signal });
    if (undone === null)
      return {
        exitCode: ExitCode.done,
        json: { feature, files: [], undone: false },
        text: 'Nothing to undo: nothing of it was applied.',
      };
    const { files, completed } = undone;
    const lines = [
      `${paint.green('✔')} ${files.length} file${files.length === 1 ? '' : 's'} as before${completed === null ? '' : ' (what was cut short is taken back)'}:`,
      ...changedFileLines(files, paint),
      `The work is still approved. To apply it again: blueprint apply ${feature}`,
    ];
    return {
      exitCode: ExitCode.done,
      json: { feature, files, undone: true },
      text: lines.join('\n'),
    };
  },
});
