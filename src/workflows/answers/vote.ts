import { isSameAnswer } from '../../text/answer/same-answer.ts';
import { contradictsItself, type Solution } from './solution.ts';

/** Solutions that come to the same answer. */
export interface AnswerGroup {
  /** As `A1`: names it to who verifies. */
  readonly label: string;
  /** The first of them; the one with a computation before others. */
  readonly best: Solution;
  readonly solutions: readonly Solution[];
}

/**
 * Solutions by their answer, the answer of most first. One whose own program says otherwise has no vote, as
 * long as there are others.
 */
export function groupsOf(solutions: readonly Solution[]): AnswerGroup[] {
  const sound = solutions.filter((solution) => !contradictsItself(solution));
  const groups: [Solution, ...Solution[]][] = [];
  for (const solution of sound.length > 0 ? sound : solutions) {
    const group = groups.find(([first]) => isSameAnswer(first.answer, solution.answer));
    if (group === undefined) groups.push([solution]);
    else group.push(solution);
  }
  return groups
    .sort((a, b) => b.length - a.length)
    .map((group, at) => ({
      label: `A${at + 1}`,
      best: group.find(({ computed }) => computed?.kind === 'ran') ?? group[0],
      solutions: group,
    }));
}

/** The answer of more than half of all that were asked, at least two; null where there is none. */
export function majorityOf(groups: readonly AnswerGroup[], asked: number): AnswerGroup | null {
  const [first] = groups;
  if (first === undefined) return null;
  const votes = first.solutions.length;
  return votes >= 2 && votes > asked / 2 ? first : null;
}
