import { BlueprintError, ExitCode, InterruptedError, usageFault } from '../../domain/errors.ts';
import { progressOf } from '../../report/progress.ts';
import { list } from '../../use-cases/list.ts';
import { settledWords } from '../views/feature-view.ts';
import { defineCommand } from '../command.ts';
import { openFeature } from './feature-menu.ts';
import type { Choice } from './list-prompt.ts';
import { finishPlan, newFeature } from './new-feature.ts';
import { createSession, type RunnerSession } from './session.ts';

/** `blueprint` at a terminal: choose a feature, then work on it until you quit. */
export const command = defineCommand({
  options: (yargs) => yargs,
  async action(_args, context) {
    if (context.globals.json)
      throw usageFault(
        'The task runner has no JSON to print',
        'Give a command, as: blueprint list --json. All commands: blueprint --help',
      );
    if (!context.screen.interactive)
      throw new BlueprintError({
        code: 'no-terminal',
        message: 'The task runner needs a terminal',
        fix: 'Give a command, as: blueprint run <feature>. All commands: blueprint --help',
      });
    const outcome = { json: {}, text: '' };
    try {
      await chooseFeatures(await createSession(context));
      return { ...outcome, exitCode: ExitCode.done };
    } catch (error) {
      // Leaving by Ctrl-C is no fault to report; the exit code says it.
      if (!(error instanceof InterruptedError)) throw error;
      return { ...outcome, exitCode: ExitCode.interrupted };
    }
  },
});

/** Gives the feature to open, or null where none comes of it. */
type Opening = () => Promise<string | null>;

async function chooseFeatures(session: RunnerSession): Promise<void> {
  for (;;) {
    const open = await pickFeature(session);
    if (open === null) return;
    try {
      const slug = await open();
      if (slug !== null && (await openFeature(slug, session)) === 'quit') return;
    } catch (error) {
      // What is wrong with one feature must not end the program.
      session.tell(error);
    }
  }
}

/** Null when the person quits. */
async function pickFeature(session: RunnerSession): Promise<Opening | null> {
  const { program, prompts } = session;
  const features = await list(program);
  const opened = features.flatMap(({ slug, document, saidByFile }) =>
    document === null ? [] : [{ slug, document, saidByFile }],
  );
  const recent = opened.sort((a, b) => (a.document.updatedAt < b.document.updatedAt ? 1 : -1));
  const unfinished = features.filter((one) => one.document === null && one.problem === null);
  const broken = features.flatMap(({ slug, problem }) =>
    problem === null ? [] : [{ slug, problem }],
  );
  const width = Math.min(40, Math.max(0, ...features.map(({ slug }) => slug.length)));
  const choices: Choice<Opening | null>[] = [
    ...recent.map(({ slug, document, saidByFile }) => {
      const progress = progressOf(document.tasks, saidByFile);
      const waiting = progress.states.needs_review ?? 0;
      return {
        name: `${slug.padEnd(width)}  ${settledWords(progress)}${waiting > 0 ? ` · ${waiting} for you to review` : ''}`,
        short: slug,
        value: async () => slug,
        note: document.title,
      };
    }),
    ...unfinished.map(({ slug }) => ({
      name: `${slug.padEnd(width)}  its plan is not finished`,
      value: () => finishPlan(slug, session),
      note: 'Goes on with the plan where it was stopped.',
    })),
    ...broken.map(({ slug, problem }) => ({
      name: `${slug.padEnd(width)}  cannot be read: ${problem.target ?? ''}`,
      // Reading it again names its fault in full, and opens it when it has been mended.
      value: async () => slug,
      note: problem.message,
    })),
    {
      name: 'New feature…',
      value: () => newFeature(session),
      note: 'From a brief, typed, pasted or in a file.',
    },
    { name: 'Quit', value: null },
  ];
  return prompts.select('Which feature?', choices, { back: null, top: true });
}
