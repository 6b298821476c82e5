import { BlueprintError, ExitCode, InterruptedError } from '../../domain/errors.ts';
import { progressOf } from '../../report/progress.ts';
import { list } from '../../use-cases/list.ts';
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
      throw new BlueprintError({
        code: 'usage',
        message: 'The task runner has no JSON to print',
        fix: 'Give a command, as: blueprint list --json. All commands: blueprint --help',
      });
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

type Pick =
  | { readonly kind: 'open' | 'finish' | 'broken'; readonly slug: string }
  | { readonly kind: 'new' }
  | { readonly kind: 'quit' };

async function chooseFeatures(session: RunnerSession): Promise<void> {
  for (;;) {
    const picked = await pickFeature(session);
    try {
      if (picked.kind === 'quit') return;
      const slug = await featureOf(picked, session);
      if (slug !== null && (await openFeature(slug, session)) === 'quit') return;
    } catch (error) {
      // What is wrong with one feature must not end the program.
      session.tell(error);
    }
  }
}

/** The feature to open; null when there is none to open now. */
async function featureOf(
  picked: Exclude<Pick, { kind: 'quit' }>,
  session: RunnerSession,
): Promise<string | null> {
  switch (picked.kind) {
    case 'new':
      return newFeature(session);
    case 'finish':
      return finishPlan(picked.slug, session);
    case 'open':
    case 'broken':
      // Reading a broken one again tells its fault in full, and opens it when it has been mended.
      return picked.slug;
  }
}

async function pickFeature({ program, prompts }: RunnerSession): Promise<Pick> {
  const features = await list(program);
  const opened = features.flatMap(({ slug, document }) =>
    document === null ? [] : [{ slug, document }],
  );
  const recent = opened.sort((a, b) => (a.document.updatedAt < b.document.updatedAt ? 1 : -1));
  const unfinished = features.filter((one) => one.document === null && one.problem === null);
  const broken = features.flatMap(({ slug, problem }) =>
    problem === null ? [] : [{ slug, problem }],
  );
  const width = Math.min(40, Math.max(0, ...features.map(({ slug }) => slug.length)));
  const quit: Pick = { kind: 'quit' };
  const choices: Choice<Pick>[] = [
    ...recent.map(({ slug, document }): Choice<Pick> => {
      const { settled, total, states } = progressOf(document.tasks);
      const waiting = states.needs_review ?? 0;
      return {
        name: `${slug.padEnd(width)}  ${settled}/${total} settled${waiting > 0 ? ` · ${waiting} for you to review` : ''}`,
        short: slug,
        value: { kind: 'open', slug },
        note: document.title,
      };
    }),
    ...unfinished.map(({ slug }): Choice<Pick> => ({
      name: `${slug.padEnd(width)}  its plan is not finished`,
      value: { kind: 'finish', slug },
      note: 'Goes on with the plan where it was stopped.',
    })),
    ...broken.map(({ slug, problem }): Choice<Pick> => ({
      name: `${slug.padEnd(width)}  cannot be read: ${problem.target ?? ''}`,
      value: { kind: 'broken', slug },
      note: problem.message,
    })),
    {
      name: 'New feature…',
      value: { kind: 'new' },
      note: 'From a brief, typed, pasted or in a file.',
    },
    { name: 'Quit', value: quit },
  ];
  return prompts.select('Which feature?', choices, { back: quit });
}
