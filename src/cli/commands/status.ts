import type { App } from '../../app.ts';
import { ExitCode } from '../../domain/errors.ts';
import { derivedStates } from '../../domain/graph.ts';
import { withoutControls } from '../../domain/text.ts';
import { progressOf } from '../../report/progress.ts';
import { defineCommand } from '../command.ts';
import { planCommand, readableFeatures } from '../readable-features.ts';
import { progressLine } from '../views/feature-view.ts';

type WorkState = Awaited<ReturnType<App['applyState']>>;

export const command = defineCommand({
  options: (yargs) =>
    yargs.positional('feature', { type: 'string', describe: 'This one, instead of all' }),
  async action({ feature }, { app, cwd, paint }) {
    const program = await app();
    const all =
      feature === undefined
        ? await readableFeatures(program)
        : [{ slug: feature, document: await program.read(feature) }];
    const unplanned: { feature: string; command: string }[] = [];
    for (const { slug, document } of all)
      if (document === null)
        unplanned.push({ feature: slug, command: await planCommand(program, slug, cwd) });
    const features = all.flatMap(({ slug, document }) =>
      document === null ? [] : [{ slug, document }],
    );
    const rows = features.map(({ slug, document }) => {
      const states = derivedStates(document.tasks);
      const idsIn = (state: string): string[] =>
        document.tasks.filter((task) => states.get(task.id) === state).map((task) => task.id);
      return {
        slug,
        document,
        progress: progressOf(document.tasks),
        needsReview: idsIn('needs_review'),
        ready: idsIn('ready'),
        failed: idsIn('failed'),
        inProgress: idsIn('in_progress'),
      };
    });
    // Comparing every file of every feature with the project would make the overview slow.
    const work = feature === undefined ? null : await program.applyState(feature);
    const line = (title: string, ids: readonly string[]): string[] =>
      ids.length === 0 ? [] : [`  ${title}: ${ids.join(', ')}`];
    const planned = rows.map((row) =>
      [
        `${paint.bold(row.slug)}  ${withoutControls(row.document.title)}`,
        `  ${progressLine(row.document, paint)}`,
        ...line('in progress', row.inProgress),
        ...line('needs your review', row.needsReview),
        ...line('failed', row.failed),
        ...line('ready', row.ready),
        ...(work === null ? [] : workLines(row.slug, work)),
      ].join('\n'),
    );
    const text = [
      ...planned,
      ...unplanned.map(
        ({ feature: slug, command: next }) =>
          `${paint.bold(slug)}\n  its plan is not finished: ${next}`,
      ),
    ].join('\n\n');
    return {
      exitCode: ExitCode.done,
      json: {
        features: rows.map(({ slug, document, ...row }) => ({
          feature: slug,
          title: document.title,
          ...row,
          ...(work !== null && { work }),
        })),
        unplanned,
      },
      text: all.length === 0 ? 'No features yet. Make one: blueprint new brief.md' : text,
    };
  },
});

function workLines(slug: string, { state, files, canUndo }: WorkState): string[] {
  const some = `${files} file${files === 1 ? '' : 's'}`;
  const undo = canUndo ? `; take it back: blueprint undo ${slug}` : '';
  const words: Record<WorkState['state'], string | null> = {
    nothing: null,
    ready: `approved work waits (${some}): blueprint apply ${slug}`,
    blocked: `approved work waits, ${some} in its way: blueprint apply ${slug} --check`,
    applied: `approved work is in your files${undo}`,
    interrupted: `an apply was cut short: blueprint apply ${slug}, or blueprint undo ${slug}`,
  };
  const said = words[state];
  return said === null ? [] : [`  ${said}`];
}
