import { ExitCode } from '../../domain/errors.ts';
import { derivedStates } from '../../domain/graph.ts';
import { withoutControls } from '../../domain/text.ts';
import { defineCommand } from '../command.ts';
import { featureText, taskText } from '../views/feature-view.ts';

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional('feature', { type: 'string', demandOption: true })
      .positional('task', { type: 'string' })
      .option('prompt', {
        type: 'boolean',
        default: false,
        describe: 'What the next attempt would send',
      })
      .option('spec', { type: 'boolean', default: false, describe: 'The spec' }),
  async action({ feature, task: id, prompt, spec }, { app, paint, screen }) {
    const program = await app();
    if (spec) {
      await program.read(feature);
      const markdown = (await program.readText(feature, 'spec.md')) ?? '';
      return {
        exitCode: ExitCode.done,
        json: { feature, spec: markdown },
        text: withoutControls(markdown),
      };
    }
    if (id === undefined) {
      const document = await program.read(feature);
      const states = Object.fromEntries(derivedStates(document.tasks));
      return {
        exitCode: ExitCode.done,
        json: { feature, states, ...document },
        text: featureText(feature, document, paint, screen.columns),
      };
    }
    if (prompt) {
      const { parts, leftOut } = await program.prompt(feature, id);
      for (const left of leftOut) screen.note(withoutControls(`left out: ${left}`));
      const text = parts.map((part) => `--- ${part.role}: ${part.name}\n${part.text}`).join('\n\n');
      return {
        exitCode: ExitCode.done,
        json: { feature, task: id, parts, leftOut },
        text: withoutControls(text),
      };
    }
    const { document, task } = await program.readTask(feature, id);
    const state = derivedStates(document.tasks).get(task.id);
    return {
      exitCode: ExitCode.done,
      json: { feature, state, task },
      text: taskText(document, task, paint),
    };
  },
});
