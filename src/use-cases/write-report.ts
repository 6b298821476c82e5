import { open } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { writeFileAtomic } from '../files/atomic-file.ts';
import { linkLeadsOut, placeBelow } from '../files/contained-path.ts';
import { printable, writing } from '../files/file-problem.ts';
import { isFile } from '../files/is-there.ts';
import { makeFolder } from '../files/make-folder.ts';
import { privateFile } from '../files/private.ts';
import { currentProcess } from '../files/process-identity.ts';
import { sweepFolder } from '../files/sweep.ts';
import { pageMark, reportPage } from '../report/page/page.ts';
import type { ReportDocument } from '../report/work/document.ts';
import { requireFree, requireOutside } from './export-place.ts';
import type { Program } from './program.ts';

const reportsFolder = '.blueprint/reports';

/**
 * Draws the page of a report and writes it, whole or not at all, for its user alone to read: it holds what
 * models were sent and said.
 * @param out absolute; null for the place that reports have: `.blueprint/reports/NAME.html`
 * @param force over a file that is no report
 * @returns absolute path and size. @throws BlueprintError as `requireOutside` and `requireFree`, and where it cannot be written
 */
export async function writeReport(
  document: ReportDocument,
  { out, force }: { readonly out: string | null; readonly force: boolean },
  { config, cwd, now }: Pick<Program, 'config' | 'cwd' | 'now'>,
): Promise<{ readonly path: string; readonly bytes: number }> {
  const path = out ?? (await ownPlace(config.root, document));
  const shown = printable(relative(cwd, path) || path);
  if (out !== null) await requireOutside(path, shown, { config });
  await requireFree({ path, isOwn: () => isReport(path) }, shown, force);
  const page = Buffer.from(reportPage(document));
  await writing(shown, async () => {
    await makeFolder(dirname(path));
    // What killed commands left of theirs.
    if (out === null) {
      const claimant = { self: currentProcess(), now, staleMs: Number.POSITIVE_INFINITY };
      await sweepFolder(dirname(path), claimant, 'folder');
    }
    await writeFileAtomic(path, page, 'safe', privateFile);
  });
  return { path, bytes: page.length };
}

async function ownPlace(root: string, { subject }: ReportDocument): Promise<string> {
  const path = `${reportsFolder}/${subject.kind === 'debate' ? 'debates/' : ''}${subject.name}.html`;
  const found = await placeBelow(root, path, 'inside');
  if ('problem' in found)
    throw linkLeadsOut(path, found.problem, 'Replace the link by a real file or folder.');
  return join(root, path);
}

/** An earlier report is written over; anything else is somebody's. */
async function isReport(path: string): Promise<boolean> {
  if (!(await isFile(path))) return false;
  await using file = await open(path, 'r');
  const bytes = Buffer.alloc(pageMark.length);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
  return bytes.toString('utf8', 0, bytesRead) === pageMark;
}
