import { BlueprintError } from '../../domain/errors.ts';
import { isRules } from '../../domain/model-role.ts';
import { featureName, plan } from '../../use-cases/plan.ts';
import { readBrief, readContext } from '../commands/new.ts';
import { keyHint } from '../commands/run.ts';
import { askQuestions } from './questions.ts';
import type { RunnerSession } from './session.ts';

/** From a brief to a task list. @returns the feature's name; null when none came of it. */
export async function newFeature(session: RunnerSession): Promise<string | null> {
  const { context, prompts } = session;
  const brief = await readBrief(undefined, context);
  const preset = featureName(brief, null);
  const name = await prompts.text('Its name', { preset });
  return planAs(featureName(brief, name ?? preset), brief, session);
}

/** Goes on with a plan that was stopped. */
export async function finishPlan(slug: string, session: RunnerSession): Promise<string | null> {
  const { artefacts } = session.program;
  const brief = await artefacts.read(slug, 'brief.md');
  if (brief === null)
    throw new BlueprintError({
      code: 'brief-missing',
      message: `Feature «${slug}» has neither a task list nor a brief`,
      target: artefacts.path(slug, 'brief.md'),
      fix: 'Write its brief there, or remove the folder.',
    });
  return planAs(slug, brief, session);
}

async function planAs(
  feature: string,
  brief: string,
  session: RunnerSession,
): Promise<string | null> {
  const { program, context, say } = session;
  const { config } = program;
  const input = { feature, brief, isSpec: false, context: await readContext([], context) };
  const planned = await session.stoppable(({ aside, ...caller }) =>
    plan(input, program, {
      ...caller,
      ask: config.pipeline.ask
        ? (questions) => aside(() => askQuestions(questions, context.screen, context.signal))
        : undefined,
    }),
  );
  if (planned === null) {
    say('Stopped. What is planned is kept; choose the feature again to go on.');
    return null;
  }
  if (isRules(planned.planner.ref)) say(context.screen.paint.yellow(keyHint(config, 'architect')));
  return feature;
}
