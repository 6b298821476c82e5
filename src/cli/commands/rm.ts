import { BlueprintError, ExitCode } from '../../domain/errors.ts';
import { defineCommand } from '../command.ts';
import { flag } from '../option-kinds.ts';
import { holdingsLines } from '../views/holdings-view.ts';
import { holdings, remove } from '../../use-cases/archive.ts';

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional('feature', {
        type: 'string',
        demandOption: true,
        describe: 'Its name in full',
      })
      .option('yes', { ...flag('Without a question'), alias: 'y' }),
  async action({ feature, yes }, { program: programOf, screen, signal, globals }) {
    const program = await programOf();
    const held = await holdings({ feature }, program, { signal });
    const lost = holdingsLines(held);
    if (!yes) {
      if (!screen.interactive || globals.json)
        throw new BlueprintError({
          code: 'not-confirmed',
          message: [`Deleting ${feature} cannot be undone.`, ...lost].join(' '),
          target: program.artefacts.path(feature, ''),
          fix: `To do it: blueprint rm ${feature} --yes. To put it aside instead: blueprint archive ${feature}`,
        });
      const { createPrompts } = await import('../interactive/prompts.ts');
      for (const line of lost) screen.note(line);
      const question = `Delete ${feature} and all that is kept of it? It cannot be undone`;
      if (!(await createPrompts(screen, signal).confirm(question, false)))
        return {
          exitCode: ExitCode.done,
          json: { feature, removed: false },
          text: 'Nothing is deleted.',
        };
    }
    await remove({ feature }, program, { signal });
    const text = [`${feature} is deleted. Files that were applied are as they were.`, ...lost];
    return { json: { feature, removed: true, ...held }, text: text.join('\n') };
  },
});
