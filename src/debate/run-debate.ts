import type { FinalPosition, StrategistAnswer } from '../domain/debate.ts';
import { chooseWinner } from './choose-winner.ts';
import { callsLeft, tell, type DebateContext } from './context.ts';
import { debateOfCritics, type CriticsDebate } from './critics.ts';
import { defend } from './defence.ts';
import { baselinePosition, finalPosition, type Debated } from './final-position.ts';
import { peerReview } from './peer-review.ts';

export interface DebateResult {
  readonly position: FinalPosition;
  /** All phases; null where the critics agreed at the baseline. */
  readonly debated: Debated | null;
  readonly debate: CriticsDebate;
}

export type RoundAnswer = StrategistAnswer & { readonly round: number };

/**
 * A proposal argued through six phases. Each finished step is kept, so that the same debate again goes on
 * where it stopped and pays for nothing twice.
 * @param keepAnswers takes all answers of the strategist so far, after each round of the defence.
 * @throws ModelError when one who takes part cannot be heard. @throws BlueprintError of the budget
 */
export async function runDebate(
  context: DebateContext,
  keepAnswers: (answers: readonly RoundAnswer[]) => Promise<void>,
): Promise<DebateResult> {
  const { strategist, critics, judge } = context.debaters;
  tell(context, 'begin', {
    outcome: 'begun',
    detail: `strategist ${strategist.model}; critics ${critics.map(({ label, model }) => `${label} ${model}`).join(', ')}; judge ${judge.model}`,
    data: { ...context.debaters, left: callsLeft(context, 'begin') },
  });
  const debate = await debateOfCritics(context);
  if (debate.nothingBlocks && !context.settings.full)
    return { position: baselinePosition(context, debate), debated: null, debate };
  const winner = await chooseWinner(context, debate);
  const review = await peerReview(context, debate.issues, winner);
  const answers: RoundAnswer[] = [];
  const defence = await defend(context, debate.issues, winner, review, (round, given) => {
    answers.push(...given.map((answer) => ({ round, ...answer })));
    return keepAnswers(answers);
  });
  const debated = { debate, winner, review, defence };
  return { position: await finalPosition(context, debated), debated, debate };
}
