import { withoutControls } from '../../domain/text.ts';
import { counted, someOf } from '../../text/counted.ts';
import type { WorkState } from '../../use-cases/apply.ts';
import { defineCommand } from '../command.ts';
import { criteriaLine } from '../views/criteria-view.ts';
import { noFeatures, progressLine } from '../views/feature-view.ts';
import { specLines } from '../views/spec-view.ts';
import { status } from '../../use-cases/status.ts';

export const command = defineCommand({
  options: (yargs) =>
    yargs.positional('feature', { type: 'string', describe: 'This one, instead of all' }),
  async action({ feature = null }, { program, paint, signal }) {
    const { features, unplanned, work } = await status({ feature }, await program(), { signal });
    const line = (title: string, ids: readonly string[]): string[] =>
      ids.length === 0 ? [] : [`  ${title}: ${someOf(ids)}`];
    const planned = features.map((row) =>
      [
        `${paint.bold(row.feature)}  ${withoutControls(row.document.title)}`,
        `  ${progressLine(row.document, paint, Infinity, new Set(row.saidByFile))}`,
        ...line(`ended as the file says, not by you on this machine`, row.saidByFile),
        ...line('in progress', row.inProgress),
        ...line('needs your review', row.needsReview),
        ...line('failed', row.failed),
        ...line('ready', row.ready),
        ...[criteriaLine(row.document) ?? []].flat().map((text) => `  ${withoutControls(text)}`),
        ...specLines(row.feature, row.spec, row.document, paint).map((text) => `  ${text}`),
        ...(work === null ? [] : workLines(row.feature, work)),
      ].join('\n'),
    );
    const unfinished = unplanned.map(
      ({ feature: slug, command: next }) =>
        `${paint.bold(slug)}\n  its plan is not finished: ${next}`,
    );
    const all = [...planned, ...unfinished];
    return {
      json: {
        features: features.map(({ feature: slug, document, ...row }) => ({
          feature: slug,
          title: document.title,
          ...row,
          ...(work !== null && { work }),
        })),
        unplanned,
      },
      text: all.length === 0 ? noFeatures : all.join('\n\n'),
    };
  },
});

function workLines(slug: string, { state, files, edited, canMerge, canUndo }: WorkState): string[] {
  const some = counted(files, 'file');
  const undo = canUndo ? `; take it back: blueprint undo ${slug}` : '';
  const changed = edited === 0 ? '' : `, ${counted(edited, 'file')} of them changed by you since`;
  const words: Record<WorkState['state'], string | null> = {
    nothing: null,
    ready: `approved work waits (${some}): blueprint apply ${slug}`,
    blocked: `approved work waits, ${some} in its way: blueprint apply ${slug}${canMerge ? ' --merge' : ''} --check`,
    applied: `approved work is in your files${changed}${undo}`,
    foreign: `work that came with the repository is not approved by you, and is not applied: blueprint apply ${slug} --check`,
    interrupted: `an apply was cut short: blueprint apply ${slug}, or blueprint undo ${slug}`,
  };
  const said = words[state];
  return said === null ? [] : [`  ${said}`];
}
