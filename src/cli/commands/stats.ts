import { defineCommand } from '../command.ts';
import { reviewersText } from '../views/reviewers-view.ts';
import { reviewerStats } from '../../use-cases/stats.ts';

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional('subject', {
        choices: ['reviewers'] as const,
        demandOption: true,
        describe: 'Whose record',
      })
      .positional('feature', { type: 'string', describe: 'Of this one, instead of all' }),
  async action({ feature }, { program, paint, screen, signal }) {
    const stats = await reviewerStats({ feature: feature ?? null }, await program(), { signal });
    return { json: stats, text: reviewersText(stats, paint, screen.columns) };
  },
});
