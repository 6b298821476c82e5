import { counted } from '../../text/counted.ts';
import { defineCommand } from '../command.ts';
import { flag } from '../option-kinds.ts';
import { changedFileLines } from '../views/diff-view.ts';
import { lines } from '../views/lines.ts';
import { apply } from '../../use-cases/apply.ts';

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional('feature', { type: 'string', demandOption: true })
      .option('check', flag('Only say what would be written, or what is in the way')),
  async action({ feature, check }, { program, paint, signal }) {
    const applied = await apply({ feature, check }, await program(), { signal });
    const { files, unchanged, edited, completed, unsettled } = applied;
    const count = counted(files.length, 'file');
    const done = check
      ? [`${count} can be applied:`, `Nothing is written yet. To do it: blueprint apply ${feature}`]
      : [
          `${paint.green('✔')} ${count} applied:`,
          `Nothing is committed. To take it back: blueprint undo ${feature}`,
        ];
    const [head = '', next = ''] = done;
    const nothing =
      unchanged + edited.length === 0 && completed === null
        ? 'Nothing to do: no work is approved that is not in your files.'
        : edited.length === 0
          ? 'Nothing to do: your files are as what was approved.'
          : 'Nothing to do: all approved work was applied.';
    const text = lines(
      completed !== null && `The ${completed} that was cut short is completed.`,
      files.length === 0 ? nothing : [head, ...changedFileLines(files, paint), next],
      edited.length > 0 && `Changed by you since it was applied, and left so: ${edited.join(', ')}`,
      unsettled.length > 0 && `Not settled yet: ${unsettled.join(', ')}`,
    );
    return {
      json: { feature, check, files, unchanged, edited, completed, unsettled },
      text: text.join('\n'),
    };
  },
});
