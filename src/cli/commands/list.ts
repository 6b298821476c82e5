import { ExitCode, type Diagnostic } from '../../domain/errors.ts';
import { withoutControls } from '../../domain/text.ts';
import { progressOf } from '../../report/progress.ts';
import { defineCommand } from '../command.ts';
import { flag } from '../option-kinds.ts';
import { noFeatures, settledWords } from '../views/feature-view.ts';
import { renderTable } from '../views/table.ts';
import { list } from '../../use-cases/list.ts';

export const command = defineCommand({
  options: (yargs) => yargs.option('archived', flag('Those that were archived, instead')),
  async action({ archived }, { program, paint, screen }) {
    if (archived) {
      const names = await (await program()).archive.list();
      const text =
        names.length === 0
          ? 'Nothing is archived.'
          : [...names, '', `To take one back: blueprint archive ${names[0]} --restore`].join('\n');
      return { json: { archived: names }, text };
    }
    const features = (await list(await program())).map(
      ({ slug, document, saidByFile, problem }) => ({
        feature: slug,
        title: document?.title ?? null,
        progress: document === null ? null : progressOf(document.tasks, saidByFile),
        updatedAt: document?.updatedAt ?? null,
        problem,
      }),
    );
    for (const { problem } of features)
      if (problem !== null) screen.note(withoutControls(`warning: ${problemLine(problem)}`));
    const text =
      features.length === 0
        ? noFeatures
        : renderTable(
            features,
            [
              { title: 'feature', value: (row) => row.feature, paint: (cell) => paint.bold(cell) },
              {
                title: 'settled',
                value: ({ progress }) =>
                  progress === null ? '' : settledWords(progress).replace(' settled', ''),
              },
              {
                title: 'waits for you',
                value: ({ progress, problem }) =>
                  problem !== null
                    ? 'broken'
                    : progress === null
                      ? 'plan unfinished'
                      : String(progress.states.needs_review ?? 0),
              },
              {
                title: 'title',
                value: (row) => row.title ?? row.problem?.message ?? '',
                flexible: true,
              },
            ],
            screen.columns,
          );
    const broken = features.some(({ problem }) => problem !== null);
    return { exitCode: broken ? ExitCode.usage : ExitCode.done, json: { features }, text };
  },
});

/** With the place where the message does not name it. */
function problemLine({ target, message, fix }: Diagnostic): string {
  const isNamed = target === undefined || message.includes(target);
  return [...(isNamed ? [] : [target]), message, ...(fix === undefined ? [] : [`(${fix})`])].join(
    ' ',
  );
}
