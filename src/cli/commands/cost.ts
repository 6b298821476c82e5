import { addSpend, noSpend } from '../../report/cost.ts';
import { defineCommand } from '../command.ts';
import { costText, costsText } from '../views/cost-view.ts';
import { adHocCosts, cost } from '../../use-cases/cost.ts';
import { list } from '../../use-cases/list.ts';

export const command = defineCommand({
  options: (yargs) => yargs.positional('feature', { type: 'string' }),
  async action({ feature }, { program: programOf, paint, screen, signal }) {
    const program = await programOf();
    if (feature !== undefined) {
      const report = await cost({ feature }, program, { signal });
      const text = costText(feature, report, paint, screen.columns);
      return { json: { feature, currency: 'USD', ...report }, text };
    }
    const features = [];
    const rows = [];
    const skipped = { unreadable: 0, unknown: 0 };
    for (const { slug } of await list(program)) {
      const report = await cost({ feature: slug }, program, { signal });
      const { total, cutOff, useful, open, wasted, avoided } = report;
      skipped.unreadable += report.skipped.unreadable;
      skipped.unknown += report.skipped.unknown;
      features.push({ feature: slug, total, cutOff, useful, open, wasted, avoided });
      rows.push({ name: slug, ...total, wasted });
    }
    const works = [];
    for (const { path, report } of await adHocCosts(program)) {
      const { total, cutOff, wasted } = report;
      skipped.unreadable += report.skipped.unreadable;
      skipped.unknown += report.skipped.unknown;
      works.push({ folder: path, total, cutOff, wasted });
      rows.push({ name: path, ...total, wasted });
    }
    const total = rows.reduce<typeof noSpend>(addSpend, noSpend);
    const text =
      rows.length === 0
        ? 'No calls were made yet: there are no features, and no asks or tournaments.'
        : costsText(rows, total, skipped, paint, screen.columns);
    return { json: { currency: 'USD', total, skipped, features, works }, text };
  },
});
