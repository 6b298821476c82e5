import type { EnsembleTools } from './ensemble.ts';
import type { StrategyInput } from '../strategy.ts';
import { askForReview } from '../../supervisor/ask-review.ts';
import { compare } from '../../supervisor/compare.ts';
import { createCandidateJudge } from '../../supervisor/judge.ts';

/** The supervisor's review and judge, as an ensemble uses them. */
export function ensembleTools(
  options: Pick<EnsembleTools, 'timeoutMs' | 'mayBeText' | 'clock'>,
): EnsembleTools {
  return {
    ...options,
    askForReview: (model, work, input) =>
      askForReview(model, { ...work, ...requestOf(input), signal: input.signal }),
    compare: (works, input) =>
      compare(
        works.map(({ candidate, gates }) => ({ work: candidate, gates, score: null })),
        {
          judge: createCandidateJudge({
            ...requestOf(input),
            router: input.router,
            emit: input.emit,
            salt: input.salt,
          }),
          blockingGates: input.blockingGates,
          signal: input.signal,
        },
      ),
  };
}

/** The same request as the supervisor's own first review, so that the two are paid once. */
function requestOf({ parts, purpose, maxOutputTokens, salt }: StrategyInput) {
  return {
    context: parts.filter(({ role }) => role !== 'system'),
    purpose: { ...purpose, stage: 'review' },
    maxOutputTokens,
    ...(salt !== undefined && { salt }),
  };
}
