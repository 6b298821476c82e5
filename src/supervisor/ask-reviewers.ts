import type { EnsembleMember, Validation } from '../domain/ensemble.ts';
import type { NeedsReviewReason } from '../domain/needs-review.ts';
import { isBlocking } from '../domain/review.ts';
import { askForReview, type CheckedCandidate } from './ask-review.ts';
import { failuresOf, fanOut, reasonsOf, withinDeadline, type Deadline } from './fan-out.ts';
import { modelNamed, type Work } from './work.ts';

/**
 * Several models review the same work at once; a majority of them must do so.
 * @param options.families of the models that made the work.
 * @param options.wanted how many reviewers there were to be, reachable or not.
 * @throws InterruptedError
 */
export async function askReviewers(
  work: Work,
  reviewers: readonly EnsembleMember[],
  reviewed: CheckedCandidate,
  { families, wanted, deadline }: { families: string[]; wanted: number; deadline: Deadline },
): Promise<{ validation: Validation[]; needsReview: NeedsReviewReason[] }> {
  const outcomes = await fanOut(work, reviewers, ({ model: name }, shared) =>
    withinDeadline(shared, { name, ...deadline }, (timed) =>
      askForReview(timed, modelNamed(timed, 'reviewer', name), reviewed),
    ),
  );
  const validation = reviewers.map(({ model, family }, index): Validation => {
    const outcome = outcomes[index];
    const sameFamily = families.includes(family);
    if (outcome === undefined || 'value' in outcome)
      return { model, sameFamily, review: outcome?.value.review ?? null, failure: null };
    const { kind, message } = outcome.failure;
    return { model, sameFamily, review: null, failure: { kind, message } };
  });
  const reviews = validation.flatMap(({ review }) => review ?? []);
  const refused = reviews.some((review) => review.findings.some(isBlocking));
  return {
    validation,
    needsReview: [
      ...(refused ? (['validators_disagree'] as const) : []),
      ...(wanted > 0 && reviews.length * 2 <= wanted ? (['quorum_lost'] as const) : []),
      ...reasonsOf(failuresOf(outcomes)),
    ],
  };
}
