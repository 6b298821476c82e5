import type { EnsembleMember, Validation } from '../domain/ensemble.ts';
import type { NeedsReviewReason } from '../domain/needs-review.ts';
import { isBlocking, isSevere, type Review } from '../domain/review.ts';
import { askForReview, type CheckedCandidate, type SignedReview } from './ask-review.ts';
import { doubtedLine } from './counting/doubted-line.ts';
import { judgedWork } from './counting/judged-work.ts';
import { createLedger } from './counting/ledger.ts';
import { settle, type Settling } from './counting/settle.ts';
import {
  failuresOf,
  fanOut,
  reasonsOf,
  withinDeadline,
  type Deadline,
  type Failure,
} from './fan-out.ts';
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
  {
    families,
    wanted,
    deadline,
    ...means
  }: { families: string[]; wanted: number; deadline: Deadline } & SettlingMeans,
): Promise<{ validation: Validation[]; needsReview: NeedsReviewReason[] }> {
  const outcomes = await fanOut(work, reviewers, ({ model: name }, shared) =>
    withinDeadline(shared, { name, ...deadline }, (timed) =>
      askForReview(timed, modelNamed(timed, 'reviewer', name), reviewed),
    ),
  );
  const given = outcomes.flatMap((outcome) => ('value' in outcome ? [outcome.value] : []));
  const {
    reviews: settled,
    doubted,
    failures,
  } = await settleAll(work, given, reviewed, {
    deadline,
    ...means,
  });
  const validation = reviewers.map(({ model, family }, index): Validation => {
    const outcome = outcomes[index];
    const sameFamily = families.includes(family);
    if (outcome === undefined || 'value' in outcome) {
      const review = outcome === undefined ? null : (settled.get(outcome.value) ?? null);
      return { model, sameFamily, review, failure: null };
    }
    const { kind, message } = outcome.failure;
    return { model, sameFamily, review: null, failure: { kind, message } };
  });
  const reviews = validation.flatMap(({ review }) => review ?? []);
  const refused = reviews.some((review) => review.findings.some(isBlocking));
  return {
    validation,
    needsReview: [
      ...(refused ? (['validators_disagree'] as const) : []),
      ...(doubted ? (['doubtful_findings'] as const) : []),
      ...(wanted > 0 && reviews.length * 2 <= wanted ? (['quorum_lost'] as const) : []),
      ...reasonsOf([...failuresOf(outcomes), ...failures]),
    ],
  };
}

/** What findings are settled with. */
type SettlingMeans = Pick<Settling, 'files' | 'tryTests'>;

/** Settles what all of them found at once, so that a second reader is asked once. */
async function settleAll(
  work: Work,
  given: readonly SignedReview[],
  { candidate, gates }: CheckedCandidate,
  { deadline, ...means }: { readonly deadline: Deadline } & SettlingMeans,
): Promise<{
  readonly reviews: ReadonlyMap<SignedReview, Review>;
  /** Two findings in doubt are about the same line. */
  readonly doubted: boolean;
  readonly failures: readonly Failure[];
}> {
  const ledger = createLedger();
  const severe = given.filter(({ review }) => review.findings.some(isSevere));
  const settling = {
    judged: judgedWork(candidate, gates),
    // Who found nothing severe may read what the others found.
    reviewers: severe.map(({ reviewer }) => reviewer),
    ledger,
    round: work.purpose.round,
    ...means,
  };
  const found = given.flatMap(({ review }) => review.findings);
  const outcome = await withinDeadline(work, { name: 'The second reader', ...deadline }, (timed) =>
    settle(timed, found, settling),
  );
  // What could not be settled counts as it was said.
  const { findings, note } = 'value' in outcome ? outcome.value : { findings: found, note: null };
  let from = 0;
  const reviews = new Map<SignedReview, Review>();
  for (const signed of given) {
    const { review } = signed;
    const own = findings.slice(from, (from += review.findings.length));
    const remark = note !== null && own.some(isSevere) ? { note } : {};
    reviews.set(signed, { ...review, findings: own, ...remark });
  }
  return { reviews, doubted: doubtedLine(ledger) !== null, failures: failuresOf([outcome]) };
}
