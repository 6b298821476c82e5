import type { App } from '../../app.ts';
import { BlueprintError, ExitCode, InterruptedError } from '../../domain/errors.ts';
import { defineCommand, type CommandContext } from '../command.ts';
import { diagnosticText } from '../report-error.ts';
import { progressLine } from '../views/feature-view.ts';
import { createFeatureMenu } from './feature-menu.ts';
import { createPrompts, type Choice } from './prompts.ts';

/** `blueprint` at a terminal: choose a feature, then work on it until you quit. */
export const command = defineCommand({
  options: (yargs) => yargs,
  async action(_args, context) {
    const { screen, signal } = context;
    if (!screen.interactive)
      throw new BlueprintError({
        code: 'no-terminal',
        message: 'The task runner needs a terminal',
        fix: 'Give a command, as: blueprint run <feature>. All commands: blueprint --help',
      });
    const app = await context.app();
    const prompts = createPrompts(screen, signal);
    for (;;) {
      const slug = await chooseFeature(app, context, prompts);
      if (slug === null) break;
      try {
        const menu = createFeatureMenu(slug, app, context, prompts);
        if ((await menu.open()) === 'quit') break;
      } catch (error) {
        // What is wrong with one feature must not end the program.
        if (error instanceof InterruptedError || !(error instanceof BlueprintError)) throw error;
        screen.note(diagnosticText(error.toJSON()));
      }
    }
    return { exitCode: ExitCode.done, json: {}, text: '' };
  },
});

async function chooseFeature(
  app: App,
  { paint, screen }: CommandContext,
  prompts: ReturnType<typeof createPrompts>,
): Promise<string | null> {
  const features = await app.list();
  for (const { slug, problem } of features)
    if (problem !== null) screen.note(`${slug}: ${diagnosticText(problem)}`);
  const usable = features.filter(({ document }) => document !== null);
  if (usable.length === 0) {
    screen.note('No features yet. Make one: blueprint new brief.md');
    return null;
  }
  const choices: Choice<string | null>[] = usable.map(({ slug, document }) => ({
    name: document === null ? slug : `${slug}  ${progressLine(document, paint)}`,
    value: slug,
  }));
  return prompts.select<string | null>('Feature', [...choices, { name: 'Quit', value: null }]);
}
