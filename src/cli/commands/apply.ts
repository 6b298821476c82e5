import { counted } from '../../text/counted.ts';
import { askingAt, autorunLines, withPermission } from '../allow-autoruns.ts';
import { defineCommand } from '../command.ts';
import { flag } from '../option-kinds.ts';
import { configOptions } from '../options.ts';
import { changedFileLines, paintDiff } from '../views/diff-view.ts';
import { lines } from '../views/lines.ts';
import { apply } from '../../use-cases/apply.ts';

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional('feature', { type: 'string', demandOption: true })
      .option('check', flag('Only say what would be written, or what is in the way'))
      .option('merge', flag('Merge line by line where you have changed the same files'))
      .option('force', flag('With --merge: write it though gates do not pass on the result'))
      .options(configOptions('allow-autorun')),
  async action({ feature, check, merge, force }, context) {
    const { program, paint, signal } = context;
    const composed = await program();
    const applied = await withPermission(
      (permitted) => apply({ feature, check, merge, force, permitted }, composed, { signal }),
      askingAt(context),
    );
    const { files, unchanged, edited, merged, mergeDiff, gates } = applied;
    const { completed, unsettled, autoruns } = applied;
    const count = counted(files.length, 'file');
    const done = check
      ? [
          `${count} can be applied:`,
          `Nothing is written yet. To do it: blueprint apply ${feature}${merge ? ' --merge' : ''}`,
        ]
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
      autorunLines(autoruns).map((line) => paint.yellow(line)),
      completed !== null && `The ${completed} that was cut short is completed.`,
      files.length === 0 ? nothing : [head, ...changedFileLines(files, paint), next],
      merged.length > 0 && `Merged with your changes: ${merged.join(', ')}`,
      merged.length > 0 && check && 'Gates are run on the result before it is written.',
      gates.map(({ gate, status, summary }) => `  gate ${gate}: ${status} (${summary})`),
      merged.length > 0 && check && paintDiff(mergeDiff, paint).trimEnd(),
      edited.length > 0 && `Changed by you since it was applied, and left so: ${edited.join(', ')}`,
      unsettled.length > 0 && `Not settled yet: ${unsettled.join(', ')}`,
    );
    return {
      json: {
        feature,
        check,
        files,
        unchanged,
        edited,
        merged,
        ...(merged.length > 0 && { diff: mergeDiff, gates }),
        completed,
        unsettled,
        autoruns,
      },
      text: text.join('\n'),
    };
  },
});
