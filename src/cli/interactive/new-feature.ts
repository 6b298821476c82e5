import { BlueprintError } from '../../domain/errors.ts';
import { isRules } from '../../domain/model-role.ts';
import { withoutControls } from '../../domain/text.ts';
import { readBrief } from '../commands/new.ts';
import { keyHint } from '../commands/run.ts';
import { askQuestions } from './questions.ts';
import type { RunnerSession } from './session.ts';

/** From a brief to a task list. @returns the feature's name; null when none came of it. */
export async function newFeature(session: RunnerSession): Promise<string | null> {
  const { app, context, prompts } = session;
  const brief = await readBrief(undefined, context);
  const input = await app.planInput({ brief, name: undefined, globs: [], from: context.cwd });
  const name = await prompts.text('Its name', { preset: input.slug });
  return plan(name ?? input.slug, brief, session);
}

/** Goes on with a plan that was stopped. */
export async function finishPlan(slug: string, session: RunnerSession): Promise<string | null> {
  const brief = await session.app.readText(slug, 'brief.md');
  if (brief === null)
    throw new BlueprintError({
      code: 'brief-missing',
      message: `Feature «${slug}» has neither a task list nor a brief`,
      target: session.app.path(slug, 'brief.md'),
      fix: 'Write its brief there, or remove the folder.',
    });
  return plan(slug, brief, session);
}

async function plan(name: string, brief: string, session: RunnerSession): Promise<string | null> {
  const { app, context, say } = session;
  const { slug, files, leftOut } = await app.planInput({
    brief,
    name,
    globs: [],
    from: context.cwd,
  });
  for (const { path, reason } of leftOut)
    say(withoutControls(`context: left out ${path}: ${reason}`));
  const planned = await session.stoppable(({ stop, listen, aside }) =>
    app.plan(
      {
        slug,
        brief,
        isSpec: false,
        context: files,
        ask: app.config.pipeline.ask
          ? (questions) => aside(() => askQuestions(questions, context.screen, context.signal))
          : null,
      },
      undefined,
      listen,
      stop,
    ),
  );
  if (planned === null) {
    say('Stopped. What is planned is kept; choose the feature again to go on.');
    return null;
  }
  if (isRules(planned.planner.ref)) {
    const { architect } = app.config.roles;
    const names = architect.models.map(({ provider }) => provider);
    say(context.screen.paint.yellow(keyHint(names, app.config.providers)));
  }
  return slug;
}
