import { renderFencedBundle } from '../../text/bundle/fenced.ts';
import { wholeBundle } from '../../domain/candidate.ts';
import type { EnsemblePlan, EnsembleResult } from '../../domain/ensemble.ts';
import { parseModelRef } from '../../domain/model-role.ts';
import { isBlocking, scoreNames, type Review } from '../../domain/review.ts';
import type { Strategy, StrategyApproval, StrategyInput, StrategyRecord } from '../strategy.ts';
import { runEnsemble, type EnsembleTools } from './ensemble.ts';

/**
 * The ensemble as a strategy; `planFor` says whom to ask about a task. The consensus goes on to the
 * supervisor, whose checks and reviews decide on it as on any work: with what all validators found as its
 * first review, and held for a person where too few of them judged.
 */
export function ensembleStrategy(
  planFor: (input: StrategyInput) => EnsemblePlan,
  tools: EnsembleTools,
): Strategy {
  return async (input) => {
    const result = await runEnsemble(planFor(input), input, tools);
    await keep(result, input.record);
    const lost = result.needsReview.includes('quorum_lost');
    const approval = lost ? null : firstReview(result);
    return {
      winner: result.consensus,
      candidates: result.outputs.flatMap(({ candidate }) => candidate ?? []),
      ...(approval !== null && { approval }),
      needsReview: lost ? ['quorum_lost'] : [],
    };
  };
}

/** What the validators say, as one review; null where there are none. */
function firstReview({ plan, validation }: EnsembleResult): StrategyApproval | null {
  const given = validation.flatMap(({ model, review }) =>
    review === null ? [] : [{ model, review }],
  );
  const reviews = given.map(({ review }) => review);
  const [first] = given;
  const ref = first === undefined ? null : parseModelRef(first.model);
  if (first === undefined || ref === null) return null;
  const family = plan.validators.find(({ model }) => model === first.model)?.family ?? ref.provider;
  const findings = reviews.flatMap((review) => review.findings);
  const scores = { ...first.review.scores };
  for (const name of scoreNames)
    scores[name] = Math.min(...reviews.map((review) => review.scores[name]));
  const review: Review = {
    verdict: findings.some(isBlocking) ? 'revise' : 'accept',
    summary: reviews.map(({ summary }) => summary).join(' '),
    scores,
    findings,
  };
  return { review, reviewer: { ref, family } };
}

/** Every answer, and how the consensus came about, as readable files. */
async function keep(result: EnsembleResult, record: StrategyRecord): Promise<void> {
  const { plan, how, explanation, merge, outputs, gates, validation, needsReview } = result;
  for (const [index, { candidate }] of outputs.entries())
    if (candidate !== null)
      await record.write(
        `ensemble/answer-${index + 1}.md`,
        renderFencedBundle(wholeBundle(candidate.changes, candidate.bundle)),
      );
  const answers = outputs.map(({ model, ms, failure }) => ({ model, ms, failure }));
  const told = { plan, how, explanation, merge, answers, gates, validation, needsReview };
  await record.write('ensemble/result.json', `${JSON.stringify(told, null, 2)}\n`);
}
