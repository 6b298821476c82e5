import { contextFiles } from '../../use-cases/given-input.ts';
import { planAnew } from '../../use-cases/plan.ts';
import { renewalLines } from '../commands/new.ts';
import type { RunnerSession } from './session.ts';

/** Plans what changed in the spec, and says what became of the tasks. */
export async function planAgain(
  feature: string,
  { program, context, say, stoppable }: RunnerSession,
): Promise<void> {
  const { paint } = context.screen;
  const outcome = await stoppable(async (caller) => {
    const { files } = await contextFiles([], program, caller);
    const done = await planAnew({ feature, context: files }, program, caller);
    return { done };
  });
  if (outcome === null) say(paint.yellow('Stopped. The plan is as it was.'));
  else if (outcome.done === null) say('spec.md says what was planned.');
  else say(renewalLines(outcome.done.renewal).join('\n'));
}
