import { displayableDiff } from '../../text/unified-diff.ts';
import { applyDebateChange, proposeDebateChange } from '../../use-cases/apply-debate.ts';
import { debate, debateByConfig, previewDebate, specOf } from '../../use-cases/debate.ts';
import { estimateText, positionText } from '../views/debate-view.ts';
import { paintDiff } from '../views/diff-view.ts';
import type { RunnerSession } from './session.ts';

/** Debates the spec after a look at what that may cost, and offers to carry out what came of it. */
export async function debateSpec(feature: string, session: RunnerSession): Promise<void> {
  const { program, context, prompts, say, page, stoppable } = session;
  const { paint } = context.screen;
  const input = { ...debateByConfig, feature, proposal: await specOf(feature, program) };
  say(estimateText(await previewDebate(input, program, context)));
  if (!(await prompts.confirm('Debate it?', true))) return;
  const report = await stoppable((caller) => debate(input, program, caller));
  if (report === null) {
    say(paint.yellow('Stopped. The same again goes on where it was.'));
    return;
  }
  say(positionText(report.position, paint));
  if (report.position.actions.length === 0) return;
  if (!(await prompts.confirm('See what its actions would change in spec.md?', true))) return;
  const about = { id: report.id, actions: [], feature };
  const change = await stoppable((caller) => proposeDebateChange(about, program, caller));
  if (change === null) return;
  if (change.diff === '') {
    say('The actions change nothing of it.');
    return;
  }
  await page(`\n${paintDiff(displayableDiff(change.diff), paint)}`);
  if (!(await prompts.confirm('Write this?', false))) return;
  const written = await applyDebateChange(change, program, context);
  say(`Written: ${written.join(', ')}`);
}
