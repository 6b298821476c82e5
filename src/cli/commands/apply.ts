import { ExitCode } from '../../domain/errors.ts';
import { defineCommand } from '../command.ts';
import { changedFileLines } from '../views/changed-files.ts';

export const command = defineCommand({
  options: (yargs) =>
    yargs.positional('feature', { type: 'string', demandOption: true }).option('check', {
      type: 'boolean',
      default: false,
      describe: 'Only say what would be written, or what is in the way',
    }),
  async action({ feature, check }, { program, paint, signal }) {
    const { apply } = await import('../../use-cases/apply.ts');
    const applied = await apply({ feature, check }, await program(), { signal });
    const { files, unchanged, completed, unsettled } = applied;
    const count = `${files.length} file${files.length === 1 ? '' : 's'}`;
    const lines = [
      ...(completed === null ? [] : [`The ${completed} that was cut short is completed.`]),
      ...(files.length === 0
        ? [nothing(unchanged, completed !== null)]
        : [
            check ? `${count} can be applied:` : `${paint.green('✔')} ${count} applied:`,
            ...changedFileLines(files, paint),
            check
              ? `Nothing is written yet. To do it: blueprint apply ${feature}`
              : `Nothing is committed. To take it back: blueprint undo ${feature}`,
          ]),
      ...(unsettled.length === 0 ? [] : [`Not settled yet: ${unsettled.join(', ')}`]),
    ];
    return {
      exitCode: ExitCode.done,
      json: { feature, check, files, unchanged, completed, unsettled },
      text: lines.join('\n'),
    };
  },
});

function nothing(unchanged: number, completed: boolean): string {
  if (unchanged === 0 && !completed)
    return 'Nothing to do: no work is approved that is not in your files.';
  return 'Nothing to do: your files are as what was approved.';
}
