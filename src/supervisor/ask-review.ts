import type { Candidate } from '../domain/candidate.ts';
import type { GateResult } from '../domain/gate-result.ts';
import type { ModelIdentity } from '../domain/model-role.ts';
import { reviewReplySchema, type Review } from '../domain/review.ts';
import type { LanguageModel } from '../models/language-model.ts';
import type { History } from './counting/history-part.ts';
import { withReasonForRevision } from './findings.ts';
import { reviewPrompt } from './prompts.ts';
import { askForObject, type Work } from './work.ts';

/** A review and whose it is. */
export interface SignedReview {
  readonly review: Review;
  readonly reviewer: ModelIdentity;
}

/** Work with what the gates found in it. */
export interface CheckedCandidate {
  readonly candidate: Candidate;
  readonly gates: readonly GateResult[];
}

/**
 * One model's review of a candidate. The same work, gates and salt make the same request, whoever asks: it
 * is paid once.
 * @throws ModelError when there is no usable review.
 */
export async function askForReview(
  work: Work,
  model: LanguageModel,
  { candidate, gates }: CheckedCandidate,
  round = work.purpose.round,
  history: History | null = null,
): Promise<SignedReview> {
  const parts = reviewPrompt(work, candidate, gates, history);
  const { object, result } = await askForObject(
    work,
    model,
    { role: 'reviewer', stage: 'review', round, parts },
    'review',
    reviewReplySchema(work.findings.mode),
  );
  return { review: withReasonForRevision(object), reviewer: result.identity };
}
