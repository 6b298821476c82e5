import { ExitCode } from '../../domain/errors.ts';
import { addSpend, noSpend } from '../../report/cost.ts';
import { defineCommand } from '../command.ts';
import { costText, costsText } from '../views/cost-view.ts';

export const command = defineCommand({
  options: (yargs) => yargs.positional('feature', { type: 'string' }),
  async action({ feature }, { program: programOf, paint, screen, signal }) {
    const { cost } = await import('../../use-cases/cost.ts');
    const { list } = await import('../../use-cases/list.ts');
    const program = await programOf();
    if (feature !== undefined) {
      const report = await cost({ feature }, program, { signal });
      return {
        exitCode: ExitCode.done,
        json: { feature, currency: 'USD', ...report },
        text: costText(feature, report, paint, screen.columns),
      };
    }
    const features = [];
    const skipped = { unreadable: 0, unknown: 0 };
    for (const { slug } of await list(program)) {
      const report = await cost({ feature: slug }, program, { signal });
      const { total, useful, open, wasted, avoided } = report;
      skipped.unreadable += report.skipped.unreadable;
      skipped.unknown += report.skipped.unknown;
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
