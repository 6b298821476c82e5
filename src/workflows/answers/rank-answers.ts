import type { Candidate } from '../../domain/candidate.ts';
import type { GateResult } from '../../domain/gate-result.ts';
import { compare } from '../../supervisor/compare.ts';
import { failureOf } from '../../supervisor/fan-out.ts';
import { judgeCandidates } from '../../supervisor/judge.ts';
import type { Work } from '../../supervisor/work.ts';
import { solutionText } from './answer-prompts.ts';
import { answerCandidate, evidence } from './evidence.ts';
import { contradictsItself, type Solution } from './solution.ts';
import type { AnswerGroup } from './vote.ts';

const computation = 'computation';

/**
 * Answers that were not agreed on, the best first: what their programs printed decides, then a judge who sees
 * each pair in both orders, unnamed. Where nobody can judge they stay as they are.
 */
export async function rankAnswers(
  work: Work,
  groups: readonly AnswerGroup[],
): Promise<readonly { readonly group: AnswerGroup; readonly reasons: string | null }[]> {
  const outputs = groups.map(({ best }) => ({
    output: candidateOf(best),
    gates: gatesOf(best),
  }));
  if (groups.length < 2) return groups.map((group) => ({ group, reasons: null }));
  try {
    const { order, reasons } = await compare(work, outputs, {
      judge: judgeCandidates,
      blockingGates: new Set([computation]),
    });
    return order.flatMap((index, place) => {
      const group = groups[index];
      return group === undefined ? [] : [{ group, reasons: place === 0 ? reasons : null }];
    });
  } catch (error) {
    failureOf(error);
    return groups.map((group) => ({ group, reasons: null }));
  }
}

/** An answer as the judge takes work: words without files. */
function candidateOf(solution: Solution): Candidate {
  return answerCandidate(solutionText(solution), solution.author);
}

function gatesOf(solution: Solution): GateResult[] {
  if (solution.computed?.kind !== 'ran') return [];
  const status = contradictsItself(solution) ? 'failed' : 'passed';
  return [evidence(computation, status, solution.computed.end)];
}
