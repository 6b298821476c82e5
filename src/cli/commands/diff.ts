import { answerText } from '../../domain/deliverable.ts';
import { autorunLines } from '../allow-autoruns.ts';
import { defineCommand } from '../command.ts';
import { printable } from '../views/cells.ts';
import { foreignWork, paintDiff } from '../views/diff-view.ts';
import { diff as diffOf } from '../../use-cases/diff.ts';

export const command = defineCommand({
  options: (yargs) =>
    yargs.positional('feature', { type: 'string', demandOption: true }).positional('task', {
      type: 'string',
      describe: 'What this task proposes, instead of all approved work',
    }),
  async action({ feature, task = null }, { program, paint, screen, globals, signal }) {
    const input = { feature, task };
    const found = await diffOf(input, await program(), { signal });
    const { diff, files, isApproved, foreign, answer, autoruns } = found;
    if (foreign.length > 0) screen.note(foreignWork(foreign));
    const nothing = isApproved
      ? 'No changes: your files are as what was approved.'
      : `Nothing is approved yet. What a task proposes: blueprint diff ${feature} <task>`;
    const why = task === null ? nothing : `Task ${task} changes nothing.`;
    // In a file or a pipe it is a patch, byte for byte.
    const listed = autorunLines(autoruns);
    const seen = [...listed.map((line) => paint.yellow(line)), paintDiff(diff, paint)].join('\n');
    const patch = screen.resultsAreSeen ? seen : diff;
    if (!screen.resultsAreSeen && !globals.json) for (const line of listed) screen.note(line);
    const changes = diff === '' ? why : patch;
    const text =
      answer === null
        ? changes
        : `Task ${task} ends in an answer, not in files:\n\n${printable(answerText(answer))}`;
    const json = {
      feature,
      task,
      files,
      foreign,
      diff,
      autoruns,
      ...(answer !== null && { deliverable: answer }),
    };
    return { json, text };
  },
});
