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
    const reports = [];
    for (const { slug } of await list(program)) {
      const report = await cost({ feature: slug }, program, { signal });
      const { total, cutOff, useful, open, wasted, avoided } = report;
      features.push({ feature: slug, total, cutOff, useful, open, wasted, avoided });
      reports.push({ name: slug, report });
    }
    const works = [];
    for (const { path, report } of await adHocCosts(program)) {
      const { total, cutOff, wasted } = report;
      works.push({ folder: path, total, cutOff, wasted });
      reports.push({ name: path, report });
    }
    const rows = reports.map(({ name, report: { total, wasted } }) => ({ name, ...total, wasted }));
    const skipped = { unreadable: 0, unknown: 0 };
    let cutOff = 0;
    for (const { report } of reports) {
      cutOff += report.cutOff;
      skipped.unreadable += report.skipped.unreadable;
      skipped.unknown += report.skipped.unknown;
    }
    const total = rows.reduce<typeof noSpend>(addSpend, noSpend);
    const text =
      rows.length === 0
        ? 'No calls were made yet: there are no features, and no asks or tournaments.'
        : costsText(rows, { total, cutOff, skipped }, paint, screen.columns);
    return { json: { currency: 'USD', total, cutOff, skipped, features, works }, text };
  },
});
