import { withoutControls } from '../../domain/text.ts';
import { defineCommand } from '../command.ts';
import { flag } from '../option-kinds.ts';
import { featureText, taskText } from '../views/feature-view.ts';
import { lines } from '../views/lines.ts';
import { specLines } from '../views/spec-view.ts';
import { withSpecWords } from '../../text/spec-changes.ts';
import { show, showSpec, showTask } from '../../use-cases/show.ts';
import { prompt as promptOf } from '../../use-cases/preview.ts';

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional('feature', { type: 'string', demandOption: true })
      .positional('task', { type: 'string' })
      .option('prompt', flag('What the next attempt would send'))
      .option('spec', flag('The spec')),
  async action({ feature, task: id, prompt, spec }, context) {
    const { paint, screen, signal } = context;
    const program = await context.program();
    if (spec) {
      const markdown = (await showSpec({ feature }, program)) ?? '';
      return { json: { feature, spec: markdown }, text: withoutControls(markdown) };
    }
    if (id === undefined) {
      const {
        document,
        states,
        saidByFile,
        criteria,
        spec: state,
      } = await show({ feature }, program);
      const text = lines(
        featureText(feature, document, paint, screen.columns, { saidByFile }),
        specLines(feature, state, document, paint),
      );
      const json = {
        feature,
        states,
        saidByFile: [...saidByFile],
        spec: state,
        criteria,
        ...document,
      };
      return { json, text: text.join('\n') };
    }
    if (prompt) {
      const { parts, files, leftOut } = await promptOf({ feature, task: id }, program, { signal });
      for (const { path, form, reason } of files)
        screen.note(
          withoutControls(`${form === 'whole' ? 'shows' : 'outlines'} ${path}: ${reason}`),
        );
      for (const left of leftOut) screen.note(withoutControls(`left out: ${left}`));
      const text = parts.map((part) => `--- ${part.role}: ${part.name}\n${part.text}`).join('\n\n');
      return { json: { feature, task: id, parts, files, leftOut }, text: withoutControls(text) };
    }
    const shown = await showTask({ feature, task: id }, program);
    const {
      document,
      task,
      state,
      isSaidByFile,
      deliverable,
      paths,
      rounds,
      spec: specNow,
    } = shown;
    const text = lines(
      taskText(withSpecWords(document, specNow.changes), task, paint, shown),
      specLines(feature, specNow, document, paint),
    );
    return {
      // Files are for `diff` to show.
      json: {
        feature,
        state,
        saidByFile: isSaidByFile,
        task,
        paths,
        rounds,
        spec: specNow,
        ...(deliverable?.kind === 'answer' && { deliverable }),
      },
      text: text.join('\n'),
    };
  },
});
