import { counted } from '../../text/counted.ts';
import { defineCommand } from '../command.ts';
import { changedFileLines } from '../views/diff-view.ts';
import { undo } from '../../use-cases/apply.ts';

export const command = defineCommand({
  options: (yargs) => yargs.positional('feature', { type: 'string', demandOption: true }),
  async action({ feature }, { program, paint, signal }) {
    const undone = await undo({ feature }, await program(), { signal });
    if (undone === null) {
      const text = 'Nothing to undo: nothing of it was applied.';
      return { json: { feature, files: [], undone: false }, text };
    }
    const { files, completed } = undone;
    const taken = completed === null ? '' : ' (what was cut short is taken back)';
    const text = [
      `${paint.green('✔')} ${counted(files.length, 'file')} as before${taken}:`,
      ...changedFileLines(files, paint),
      `The work is still approved. To apply it again: blueprint apply ${feature}`,
    ];
    return { json: { feature, files, undone: true }, text: text.join('\n') };
  },
});
