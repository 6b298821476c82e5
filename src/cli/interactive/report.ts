import { relative } from 'node:path';
import { report } from '../../use-cases/report.ts';
import { writeReport } from '../../use-cases/write-report.ts';
import { openInBrowser } from '../open-in-browser.ts';
import { printable } from '../views/cells.ts';
import type { RunnerSession } from './session.ts';

/** Writes the feature's report where reports have their place, and shows it if the person likes. */
export async function reportFeature(
  feature: string,
  { program, context, prompts, say }: RunnerSession,
): Promise<void> {
  const { cwd, signal } = context;
  const document = await report({ feature }, program, { signal });
  const { path } = await writeReport(document, { out: null, force: false }, program);
  say(`Written: ${printable(relative(cwd, path))}`);
  if (!(await prompts.confirm('Open it in the browser?', true))) return;
  const problem = await openInBrowser(path, context);
  if (problem !== null) say(`It could not be opened: ${problem}`);
}
