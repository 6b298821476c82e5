import { ExitCode } from '../../domain/errors.ts';
import { addSpend, noSpend } from '../../report/cost.ts';
import { defineCommand } from '../command.ts';
import { costText, costsText } from '../views/cost-view.ts';

export const command = defineCommand({
  options: (yargs) => yargs.positional('feature', { type: 'string' }),
  async action({ feature }, { app, paint, screen }) {
    const program = await app();
    if (feature !== undefined) {
      const report = await program.cost(feature);
      return {
        exitCode: ExitCode.done,
        json: { feature, currency: 'USD', ...report },
        text: costText(feature, report, paint, screen.columns),
      };
    }
    const features = [];
    const skipped = { unreadable: 0, unknown: 0 };
    for (const { slug } of await program.list()) {
      const { total, useful, open, wasted, avoided, ...read } = await program.cost(slug);
      skipped.unreadable += read.skipped.unreadable;
      skipped.unknown += read.skipped.unknown;
      features.push({ name: slug, ...total, useful, open, wasted, avoided });
    }
    const total = features.reduce<typeof noSpend>(addSpend, noSpend);
    return {
      exitCode: ExitCode.done,
      json: {
        currency: 'USD',
        total,
        skipped,
        features: features.map(({ name, useful, open, wasted, avoided, ...spend }) => ({
          feature: name,
          total: spend,
          useful,
          open,
          wasted,
          avoided,
        })),
      },
      text:
        features.length === 0
          ? 'There are no features yet.'
          : costsText(features, total, skipped, paint, screen.columns),
    };
  },
});
