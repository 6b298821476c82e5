import { relative, resolve } from 'node:path';
import { withoutControls } from '../../domain/text.ts';
import { debateReport, onlyFeature, report } from '../../use-cases/report.ts';
import { writeReport } from '../../use-cases/write-report.ts';
import { defineCommand } from '../command.ts';
import { openInBrowser } from '../open-in-browser.ts';
import { flag, text } from '../option-kinds.ts';

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional('feature', { type: 'string', describe: 'Its name; the only one without it' })
      .option('debate', text('In its place: the debate of this id'))
      .option('out', text('The file to write; .blueprint/reports/NAME.html without it'))
      .option('open', flag('Show it in the browser'))
      .option('force', flag('Replace a file that is no report')),
  async action({ feature, debate, out, open, force }, context) {
    const { cwd, signal, screen } = context;
    const program = await context.program();
    const document =
      debate === undefined
        ? await report({ feature: feature ?? (await onlyFeature(program)) }, program, { signal })
        : await debateReport({ id: debate }, program);
    const place = { out: out === undefined ? null : resolve(cwd, out), force };
    const { path, bytes } = await writeReport(document, place, program);
    if (open) {
      const problem = await openInBrowser(path, context);
      if (problem !== null) screen.note(`warning: it could not be opened: ${problem}`);
    }
    const shown = relative(cwd, path) || path;
    return { json: { path, bytes, report: document }, text: withoutControls(shown) };
  },
});
