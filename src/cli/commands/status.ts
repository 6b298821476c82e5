import { BlueprintError, ExitCode } from '../../domain/errors.ts';
import { derivedStates } from '../../domain/graph.ts';
import { withoutControls } from '../../domain/text.ts';
import { progressOf } from '../../report/progress.ts';
import { defineCommand } from '../command.ts';
import { progressLine } from '../views/feature-view.ts';

export const command = defineCommand({
  options: (yargs) => yargs.positional('feature', { type: 'string' }),
  async action({ feature }, { app, paint }) {
    const program = await app();
    const listed = feature === undefined ? await program.list() : [];
    const broken = listed.flatMap(({ problem }) => (problem === null ? [] : [problem]));
    const [first, ...others] = broken;
    if (first !== undefined) throw new BlueprintError({ ...first, others });
    const features =
      feature === undefined
        ? listed.flatMap(({ slug, document }) => (document === null ? [] : [{ slug, document }]))
        : [{ slug: feature, document: await program.read(feature) }];
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
    const line = (title: string, ids: readonly string[]): string[] =>
      ids.length === 0 ? [] : [`  ${title}: ${ids.join(', ')}`];
    const text = rows.map((row) =>
      [
        `${paint.bold(row.slug)}  ${withoutControls(row.document.title)}`,
        `  ${progressLine(row.document, paint)}`,
        ...line('in progress', row.inProgress),
        ...line('needs your review', row.needsReview),
        ...line('failed', row.failed),
        ...line('ready', row.ready),
      ].join('\n'),
    );
    return {
      exitCode: ExitCode.done,
      json: {
        features: rows.map(({ slug, document, ...row }) => ({
          feature: slug,
          title: document.title,
          ...row,
        })),
      },
      text:
        text.length === 0 ? 'No features yet. Make one: blueprint new brief.md' : text.join('\n\n'),
    };
  },
});
